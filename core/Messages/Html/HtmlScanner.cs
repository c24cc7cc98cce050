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
/// elements that show nothing (scripts, styles, drawings, forms' choices) are passed over. A copy of it goes its own way from where it stands.
/// </summary>
internal ref struct HtmlScanner(ReadOnlySpan<char> html)
{
    private static readonly SearchValues<char> EndsName = SearchValues.Create(" \t\r\n\f/>");
    private static readonly SearchValues<char> EndsTag = SearchValues.Create("=>");

    private readonly ReadOnlySpan<char> _html = html;
    private int _at = 0;
    private bool _endsAreMissing = false;

    public HtmlTokenKind Kind { get; private set; }

    /// <summary>Of a text token, as written: entities are not decoded.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    /// <summary>Of a tag; null where it means nothing here.</summary>
    public HtmlElement? Element { get; private set; }

    /// <summary>Of an opening tag: everything between its name and its end.</summary>
    public ReadOnlySpan<char> Attributes { get; private set; }

    /// <summary>Whether the tag says that it has no inside, as XHTML's do.</summary>
    public readonly bool IsEmpty => Attributes is [.., '/'];

    public bool Next()
    {
        while (_at < _html.Length)
        {
            var rest = _html[_at..];
            if (rest[0] != '<' || rest.Length < 2 || !(char.IsAsciiLetter(rest[1]) || rest[1] is '/' or '!' or '?'))
            {
                var end = rest[1..].IndexOf('<');
                (Kind, Element) = (HtmlTokenKind.Text, null);
                Text = end < 0 ? rest : rest[..(end + 1)];
                _at += Text.Length;
                return true;
            }

            if (rest.StartsWith("<!--", StringComparison.Ordinal))
                _at += EndOfComment(rest);
            else if (rest[1] is '!' or '?' || (rest[1] == '/' && (rest.Length < 3 || !char.IsAsciiLetter(rest[2]))))
                _at += EndOr(rest.IndexOf('>'), 1, rest.Length);
            else
                return ReadTag(rest);
        }

        return false;
    }

    /// <summary>
    /// Passes over the inside of the element whose start tag was read last; false, and nothing is passed over, if it does not end. Once an end was
    /// missing none is looked for any more, lest the looking becomes the work.
    /// </summary>
    /// <param name="source">The attributes of the first source inside it.</param>
    public bool TryPass(out ReadOnlySpan<char> source)
    {
        source = default;
        var depth = 1;
        for (var inside = this; !_endsAreMissing && inside.Next();)
        {
            if (inside is { Kind: HtmlTokenKind.Open, Element.Role: HtmlRole.Source } && source.IsEmpty)
                source = inside.Attributes;
            if (inside.Element != Element || inside.Kind == HtmlTokenKind.Text)
                continue;
            depth += inside.Kind == HtmlTokenKind.Open ? 1 : -1;
            if (depth > 0)
                continue;
            this = inside;
            return true;
        }

        _endsAreMissing = true;
        return false;
    }

    private bool ReadTag(ReadOnlySpan<char> rest)
    {
        var start = rest[1] == '/' ? 2 : 1;
        var name = rest[start..];
        var nameLength = name.IndexOfAny(EndsName);
        name = nameLength < 0 ? name : name[..nameLength];
        var from = start + name.Length;
        var length = EndOfTag(rest, from);
        Element = HtmlElements.Find(name);
        Attributes = rest[from..Math.Max(from, length - 1)];
        Kind = start == 2 ? HtmlTokenKind.Close : HtmlTokenKind.Open;
        _at += length;
        if (Kind == HtmlTokenKind.Open && Element?.Role is HtmlRole.Skipped or HtmlRole.Frame && !IsEmpty)
            _at += EndOfElement(_html[_at..], Element.Name);
        return true;
    }

    private static int EndOfTag(ReadOnlySpan<char> rest, int at)
    {
        while (rest[at..].IndexOfAny(EndsTag) is var found and >= 0)
        {
            at += found + 1;
            if (rest[at - 1] == '>')
                return at;
            while (at < rest.Length && char.IsWhiteSpace(rest[at]))
                at++;
            if (at < rest.Length && rest[at] is '"' or '\'')
            {
                var close = rest[(at + 1)..].IndexOf(rest[at]);
                at = close < 0 ? rest.Length : at + close + 2;
            }
        }

        return rest.Length;
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
