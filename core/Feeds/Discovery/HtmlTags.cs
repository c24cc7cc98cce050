using System.Buffers;
using System.Net;

namespace Notifier.Feeds.Discovery;

/// <summary>
/// The start tags of a web page one after the other, in one forward pass without a tree: nesting costs nothing, so a
/// hostile page is as fast as any (a DOM of 100,000 nested elements takes half a minute).
/// </summary>
internal ref struct HtmlTags(ReadOnlySpan<char> html)
{
    private const string White = " \t\r\n\f";

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(White + "/>");
    private static readonly SearchValues<char> KeyEnds = SearchValues.Create(White + "/=");

    private readonly ReadOnlySpan<char> _html = html;
    private int _next;
    private ReadOnlySpan<char> _name;
    private ReadOnlySpan<char> _attributes;

    /// <summary>Moves to the next start tag; false at the end of the page.</summary>
    public bool Next()
    {
        while (true)
        {
            var open = _html[_next..].IndexOf('<');
            if (open < 0 || _next + open + 1 >= _html.Length)
                return false;
            var start = _next + open + 1;
            if (_html[start..].StartsWith("!--", StringComparison.Ordinal))
            {
                var end = _html[(start + 3)..].IndexOf("-->", StringComparison.Ordinal);
                if (end < 0)
                    return false;
                _next = start + 3 + end + 3;
            }
            else if (!char.IsAsciiLetter(_html[start]))
            {
                _next = start;
            }
            else
            {
                ReadTag(start);
                SkipRawText();
                return true;
            }
        }
    }

    public readonly bool Is(string name) => _name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text between this tag and the next one, not decoded.</summary>
    public readonly ReadOnlySpan<char> TextAfter()
    {
        var rest = _html[_next..];
        var end = rest.IndexOf('<');
        return rest[..Math.Min(end < 0 ? rest.Length : end, 200)];
    }

    /// <summary>The first attribute of that name, decoded; null when there is none.</summary>
    public readonly string? Attribute(string name)
    {
        var rest = _attributes;
        while (true)
        {
            rest = rest.TrimStart(White + "/");
            if (rest.IsEmpty)
                return null;
            var end = rest[1..].IndexOfAny(KeyEnds);
            var key = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[key.Length..].TrimStart(White);
            var value = ReadOnlySpan<char>.Empty;
            if (!rest.IsEmpty && rest[0] == '=')
            {
                rest = rest[1..].TrimStart(White);
                var length = ValueLength(rest, out var quoted);
                value = quoted ? rest[1..length] : rest[..length];
                rest = rest[Math.Min(rest.Length, length + (quoted ? 1 : 0))..];
            }

            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return WebUtility.HtmlDecode(value.ToString());
        }
    }

    private static int ValueLength(ReadOnlySpan<char> text, out bool quoted)
    {
        quoted = !text.IsEmpty && text[0] is '"' or '\'';
        if (quoted)
        {
            var close = text[1..].IndexOf(text[0]);
            return close < 0 ? text.Length : close + 1;
        }

        var end = text.IndexOfAny(White);
        return end < 0 ? text.Length : end;
    }

    private void ReadTag(int start)
    {
        var rest = _html[start..];
        var nameEnd = rest.IndexOfAny(NameEnds);
        nameEnd = nameEnd < 0 ? rest.Length : nameEnd;
        _name = rest[..nameEnd];
        var at = nameEnd;
        var end = nameEnd;
        // The tag ends at the first > outside quotes; a quote counts only after an equals sign.
        while (true)
        {
            var step = rest[at..].IndexOfAny('>', '=');
            if (step < 0)
            {
                end = rest.Length;
                break;
            }

            at += step;
            if (rest[at] == '>')
            {
                end = at;
                break;
            }

            at++;
            while (at < rest.Length && char.IsWhiteSpace(rest[at]))
                at++;
            if (at < rest.Length && rest[at] is '"' or '\'')
            {
                var close = rest[(at + 1)..].IndexOf(rest[at]);
                at = close < 0 ? rest.Length : at + 1 + close + 1;
            }
        }

        _attributes = rest[nameEnd..end];
        _next = Math.Min(_html.Length, start + end + 1);
    }

    /// <summary>What looks like a tag inside these elements is text (HTML §13.1.2).</summary>
    private void SkipRawText()
    {
        if (!Is("script") && !Is("style") && !Is("textarea") && !Is("title") && !Is("noframes") && !Is("xmp"))
            return;
        var rest = _html[_next..];
        var at = 0;
        while (true)
        {
            var step = rest[at..].IndexOf("</", StringComparison.Ordinal);
            if (step < 0)
            {
                // Never closed: the rest of the page is its text.
                _next = _html.Length;
                return;
            }

            at += step + 2;
            if (rest[at..].StartsWith(_name, StringComparison.OrdinalIgnoreCase))
            {
                _next += at;
                return;
            }
        }
    }
}
