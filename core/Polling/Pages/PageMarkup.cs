using System.Collections.Frozen;
using System.Text;
using Notifier.Feeds.Markup;

namespace Notifier.Polling.Pages;

/// <summary>
/// Rewrites a web page so that a parser's tree over it costs little: without what shows nothing (scripts, styles, drawings, comments), and with those attributes
/// alone that tell an article from what stands around it. In time linear to its length, whatever it holds.
/// </summary>
internal static class PageMarkup
{
    /// <summary>Elements of a page that is read; of a hundred pages of the web all but one or two have fewer.</summary>
    private const int MostElements = 3000;

    /// <summary>Lists, tables and forms among them: a reader weighs each against all others.</summary>
    private const int MostWeighed = 400;

    /// <summary>How deep they may nest.</summary>
    private const int MostDepth = 100;

    /// <summary>The sum, over all tags, of how many others are open: bounds how often a parser re-opens what was left open (the adoption agency).</summary>
    private const int MostWork = 200_000;

    /// <summary>Characters of a page's text.</summary>
    private const int MostText = 512 * 1024;

    /// <summary>Characters of one attribute's value, and of all together; what goes beyond is dropped.</summary>
    private const int MostValue = 1024;
    private const int MostValues = 512 * 1024;

    private const int MostName = 16;

    /// <summary>Their insides show nothing, or nothing that belongs to an article.</summary>
    private static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "applet", "aside", "button", "canvas", "datalist", "dialog", "footer", "frameset", "iframe", "math", "menu", "nav", "noembed", "noframes", "object", "plaintext", "script", "select", "style",
        "svg", "template", "textarea", "xmp");

    private static readonly FrozenSet<string> Voids = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr");

    private static readonly FrozenSet<string> Weighed = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "fieldset", "form", "noscript", "table", "ul");

    private static readonly FrozenSet<string> Attributes = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "alt", "aria-hidden", "checked", "class", "colspan", "content", "data-src", "data-srcset", "dir", "height", "hidden", "href", "id", "itemprop", "itemscope", "itemtype", "lang",
        "name", "property", "rel", "role", "rowspan", "src", "srcset", "start", "style", "title", "type", "width");

    /// <summary>Null for a page that is too much: too many elements, nested too deep, too long.</summary>
    public static string? Reduce(string page)
    {
        var output = new StringBuilder(Math.Min(page.Length, MostText));
        var open = new Stack<(int From, int To)>();
        var (elements, weighed, work, text, values) = (0, 0, 0, 0, 0);
        var tokens = new MarkupTokenizer(page, 0, page.Length);
        while (tokens.Read())
        {
            var value = page.AsSpan(tokens.ValueStart, tokens.ValueEnd - tokens.ValueStart);
            switch (tokens.Token)
            {
                case MarkupToken.Text:
                    if ((text += value.Length) > MostText)
                        return null;
                    // A "<" that opens no tag stands for itself.
                    output.Append(value).Replace("<", "&lt;", output.Length - value.Length, value.Length);
                    break;
                case MarkupToken.StartTag when Skipped.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value):
                    var end = page.AsSpan(tokens.Next).IndexOf($"</{value}", StringComparison.OrdinalIgnoreCase);
                    tokens.SkipTo(end < 0 ? page.Length : tokens.Next + end);
                    break;
                case MarkupToken.StartTag when IsName(value):
                    if (Weighed.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value))
                        weighed++;
                    if (++elements > MostElements || weighed > MostWeighed || (work += open.Count) > MostWork || open.Count > MostDepth)
                        return null;
                    values += WriteTag(output, value, page.AsSpan(tokens.ValueEnd, tokens.AttributesEnd - tokens.ValueEnd), MostValues - values);
                    if (Voids.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value))
                        break;
                    if (open.TryPeek(out var before) && EndsWithout(page.AsSpan(before.From, before.To - before.From), value))
                        open.Pop();
                    open.Push((tokens.ValueStart, tokens.ValueEnd));
                    break;
                case MarkupToken.EndTag when IsName(value):
                    output.Append("</").Append(value).Append('>');
                    // Only the innermost element is taken as closed: whatever the parser makes of a stray end tag, its tree is no deeper than this count.
                    if (open.TryPeek(out var top) && value.Equals(page.AsSpan(top.From, top.To - top.From), StringComparison.OrdinalIgnoreCase))
                        open.Pop();
                    break;
            }
        }

        return output.ToString();
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                return false;
        }

        return name.Length <= MostName && !Skipped.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
    }

    /// <param name="room">Characters that its values may have together.</param>
    /// <returns>How many they have.</returns>
    private static int WriteTag(StringBuilder output, ReadOnlySpan<char> name, ReadOnlySpan<char> written, int room)
    {
        var left = room;
        output.Append('<').Append(name);
        var attributes = new MarkupAttributes(written);
        while (attributes.Read())
        {
            var value = attributes.Value;
            if (value.Length > Math.Min(left, MostValue) || !Attributes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(attributes.Name))
                continue;
            left -= value.Length;
            output.Append(' ').Append(attributes.Name).Append("=\"").Append(value).Replace("\"", "&quot;", output.Length - value.Length, value.Length).Append('"');
        }

        output.Append('>');
        return room - left;
    }

    /// <summary>Whether a tag ends what stands open without having been closed, as HTML lets it.</summary>
    private static bool EndsWithout(ReadOnlySpan<char> open, ReadOnlySpan<char> next) =>
        Is(open, "p") ? Is(next, "p") : Is(open, "li") ? Is(next, "li") : (Is(open, "td") || Is(open, "th")) && (Is(next, "td") || Is(next, "th") || Is(next, "tr"));

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
