using System.Collections.Frozen;
using Notifier.Feeds.Markup;

namespace Notifier.Feeds;

/// <summary>Plain text as feeds mean it in titles and names: white space collapsed, markup gone.</summary>
internal static class PlainText
{
    private static readonly FrozenSet<string> HtmlTags = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "a", "abbr", "acronym", "address", "article", "aside", "audio", "b", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center",
        "cite", "code", "col", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "embed", "figcaption", "figure", "font", "footer", "form", "h1", "h2",
        "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "li", "link", "main", "mark", "meta", "nav",
        "object", "ol", "option", "p", "param", "picture", "pre", "q", "s", "samp", "script", "section", "select", "small", "source", "span", "strike",
        "strong", "style", "sub", "summary", "sup", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "tt", "u", "ul", "var", "video", "wbr");

    /// <summary>Tags that may stand inside a word; any other parts what is before it from what is behind it.</summary>
    private static readonly FrozenSet<string> TagsInWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var", "wbr");

    /// <summary>What a reader sees of HTML.</summary>
    /// <param name="apart">Whether the end of a line, a paragraph or a cell parts words; without it the text is that of a title, which has none.</param>
    public static string? OfHtml(string? html, bool apart = false)
    {
        if (html is null) return null;
        if (!html.AsSpan().ContainsAny('<', '&')) return Collapse(html);
        using var text = new TextBuffer(html.Length);
        var tokens = new MarkupTokenizer(html, 0, html.Length);
        var hidden = "";
        while (tokens.Read())
        {
            var value = html.AsSpan(tokens.ValueStart, tokens.ValueEnd - tokens.ValueStart);
            switch (tokens.Token)
            {
                case MarkupToken.Text when hidden.Length == 0:
                    text.Advance(Decode(value, text.Room(value.Length)));
                    break;
                case MarkupToken.CData when hidden.Length == 0:
                    text.Append(value);
                    break;
                case MarkupToken.StartTag when tokens.Next == html.Length && !html.EndsWith('>'):
                    // Cut off in the middle of a tag, or none at all.
                    text.Append(html.AsSpan(tokens.Start));
                    break;
                case MarkupToken.StartTag when hidden.Length == 0 && !tokens.IsEmpty && (Is(value, "script") || Is(value, "style")):
                    hidden = value.ToString();
                    break;
                case MarkupToken.EndTag when Is(value, hidden):
                    hidden = "";
                    break;
                case MarkupToken.StartTag or MarkupToken.EndTag when apart && !TagsInWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value):
                    text.Append(' ');
                    break;
            }
        }

        var collapsed = text.Written[..Collapse(text.Written)];
        return collapsed.IsEmpty ? null : collapsed.ToString();
    }

    /// <summary>Text that its author calls plain, or says nothing about: HTML if it looks like it.</summary>
    public static string? OfText(string? text) => text is null ? null : LooksLikeHtml(text) ? OfHtml(text) : Collapse(text);

    /// <summary>
    /// It has an end tag or an entity, and none that HTML does not know. (The rule of feedparser, whose authors looked at more feeds than anyone.)
    /// </summary>
    public static bool LooksLikeHtml(string text)
    {
        if (!text.AsSpan().ContainsAny('<', '&')) return false;
        var tokens = new MarkupTokenizer(text, 0, text.Length);
        var proof = false;
        while (tokens.Read())
        {
            var value = text.AsSpan(tokens.ValueStart, tokens.ValueEnd - tokens.ValueStart);
            if (tokens.Token is MarkupToken.StartTag or MarkupToken.EndTag)
            {
                if (!HtmlTags.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value)) return false;
                proof |= tokens.Token == MarkupToken.EndTag || tokens.IsEmpty;
            }
            else if (tokens.Token == MarkupToken.CData)
            {
                proof = true;
            }
            else if (tokens.Token == MarkupToken.Text)
            {
                proof |= HasEntity(value);
            }
        }

        return proof;
    }

    /// <summary>Plain text as HTML that shows it.</summary>
    public static string ToHtml(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Each stretch of white space, no-break spaces included, becomes one space; null when nothing else is left.</summary>
    public static string? Collapse(string text)
    {
        if (IsCollapsed(text)) return text.Length == 0 ? null : text;
        using var result = new TextBuffer(text.Length);
        result.Append(text);
        var collapsed = result.Written[..Collapse(result.Written)];
        return collapsed.IsEmpty ? null : collapsed.ToString();
    }

    /// <summary>The same where it stands; gives back how much of it is left.</summary>
    private static int Collapse(Span<char> text)
    {
        var length = 0;
        var pending = false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                pending = length > 0;
                continue;
            }

            if (pending) text[length++] = ' ';
            pending = false;
            text[length++] = c;
        }

        return length;
    }

    private static bool IsCollapsed(string text)
    {
        var afterSpace = true;
        foreach (var c in text)
        {
            var isSpace = char.IsWhiteSpace(c);
            if (isSpace && (afterSpace || c != ' ')) return false;
            afterSpace = isSpace;
        }

        return !afterSpace || text.Length == 0;
    }

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static bool HasEntity(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('&') is var at and >= 0)
        {
            text = text[at..];
            HtmlEntities.Read(text, bare: false, out var length);
            if (length > 0 && text[length - 1] == ';') return true;
            text = text[1..];
        }

        return false;
    }

    /// <summary>HTML's references resolved; the result is never longer.</summary>
    private static int Decode(ReadOnlySpan<char> text, Span<char> into)
    {
        var written = 0;
        while (text.IndexOf('&') is var at and >= 0)
        {
            text[..at].CopyTo(into[written..]);
            written += at;
            text = text[at..];
            written += HtmlEntities.Write(text, bare: true, into[written..], out var taken);
            text = text[taken..];
        }

        text.CopyTo(into[written..]);
        return written + text.Length;
    }
}
