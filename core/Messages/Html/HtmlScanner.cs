using System.Buffers;

namespace Notifier.Messages.Html;

internal enum HtmlTokenKind
{
    Text,
    Open,
    Close,
}

/// <summary>
/// Cuts feed HTML into text and tags in one pass, in time linear to its length whatever it holds. Comments, declarations and the insides of
/// elements that show nothing (scripts, styles, drawings, forms' choices) are passed over.
/// </summary>
internal ref struct HtmlScanner(ReadOnlySpan<char> html)
{
    private static readonly SearchValues<char> EndsName = SearchValues.Create(" \t\r\n\f/>");
    private static readonly SearchValues<char> EndsAttribute = SearchValues.Create(" \t\r\n\f/=");

    private readonly ReadOnlySpan<char> _html = html;
    private int _at = 0;

    public HtmlTokenKind Kind { get; private set; }

    /// <summary>Of a text token, as written: entities are not decoded.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    /// <summary>Of a tag, lower case; empty when it is longer than any name known.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Of an opening tag: everything between its name and its end.</summary>
    public ReadOnlySpan<char> Attributes { get; private set; }

    public bool Next()
    {
        while (_at < _html.Length)
        {
            var rest = _html[_at..];
            if (rest[0] != '<' || rest.Length < 2 || !(char.IsAsciiLetter(rest[1]) || rest[1] is '/' or '!' or '?'))
            {
                var end = rest[1..].IndexOf('<');
                return Found(HtmlTokenKind.Text, end < 0 ? rest.Length : end + 1);
            }

            if (rest.StartsWith("<!--", StringComparison.Ordinal))
                _at += EndOfComment(rest);
            else if (rest[1] is '!' or '?' || (rest[1] == '/' && (rest.Length < 3 || !char.IsAsciiLetter(rest[2]))))
                _at += EndOr(rest.IndexOf('>'), 1, rest.Length);
            else if (ReadTag(rest))
                return true;
        }

        return false;
    }

    /// <summary>Takes the next name and value (as written, without its quotes) from an opening tag's attributes.</summary>
    public static bool NextAttribute(ref ReadOnlySpan<char> attributes, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        var rest = attributes.TrimStart(" \t\r\n\f/");
        value = default;
        var length = rest.Length == 0 ? 0 : rest[1..].IndexOfAny(EndsAttribute);
        length = length < 0 ? rest.Length : rest.Length == 0 ? 0 : length + 1;
        name = rest[..length];
        rest = rest[length..];
        var afterSpace = rest.TrimStart(" \t\r\n\f");
        if (afterSpace.Length > 0 && afterSpace[0] == '=')
        {
            rest = afterSpace[1..].TrimStart(" \t\r\n\f");
            var quoted = rest.Length > 0 && rest[0] is '"' or '\'';
            if (quoted)
            {
                var close = rest[1..].IndexOf(rest[0]);
                value = close < 0 ? rest[1..] : rest[1..(close + 1)];
                rest = close < 0 ? default : rest[(close + 2)..];
            }
            else
            {
                var end = rest.IndexOfAny(" \t\r\n\f");
                value = end < 0 ? rest : rest[..end];
                rest = rest[value.Length..];
            }
        }

        attributes = rest;
        return length > 0;
    }

    private bool Found(HtmlTokenKind kind, int length)
    {
        Kind = kind;
        Text = _html.Slice(_at, length);
        _at += length;
        return true;
    }

    private bool ReadTag(ReadOnlySpan<char> rest)
    {
        var closing = rest[1] == '/';
        var name = rest[(closing ? 2 : 1)..];
        var nameLength = name.IndexOfAny(EndsName);
        name = nameLength < 0 ? name : name[..nameLength];
        var from = (closing ? 2 : 1) + name.Length;
        var length = EndOfTag(rest, from);
        Name = name.Length > 16 ? "" : string.Create(name.Length, name, static (lower, source) => source.ToLowerInvariant(lower));
        Attributes = rest[from..Math.Max(from, length - 1)];
        Found(closing ? HtmlTokenKind.Close : HtmlTokenKind.Open, length);
        if (!closing && HtmlElements.IsSkipped(Name))
            _at += EndOfElement(_html[_at..], Name);
        return true;
    }

    private static int EndOfTag(ReadOnlySpan<char> rest, int at)
    {
        while (at < rest.Length && rest[at] != '>')
        {
            if (rest[at] == '=')
            {
                at++;
                while (at < rest.Length && char.IsWhiteSpace(rest[at]))
                    at++;
                if (at < rest.Length && rest[at] is '"' or '\'')
                {
                    var close = rest[(at + 1)..].IndexOf(rest[at]);
                    at = close < 0 ? rest.Length : at + close + 2;
                }
            }
            else
            {
                at++;
            }
        }

        return Math.Min(at + 1, rest.Length);
    }

    private static int EndOfElement(ReadOnlySpan<char> rest, string name)
    {
        var at = 0;
        while (true)
        {
            var end = rest[at..].IndexOf("</", StringComparison.Ordinal);
            if (end < 0)
                return rest.Length;
            at += end;
            var after = rest[(at + 2)..];
            if (after.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (after.Length == name.Length || !char.IsAsciiLetterOrDigit(after[name.Length])))
                return at;
            at += 2;
        }
    }

    private static int EndOfComment(ReadOnlySpan<char> rest)
    {
        // "<!-->" and "<!--->" are whole comments (HTML §13.2.5.43).
        return EndOr(rest[2..].IndexOf("-->", StringComparison.Ordinal), 5, rest.Length);
    }

    private static int EndOr(int index, int more, int length) => index < 0 ? length : Math.Min(index + more, length);
}
