using System.Buffers;

namespace Notifier.Feeds.Markup;

/// <summary>
/// Walks over markup, well-formed or not, tag by tag. It makes no strings, never fails and never looks at a character
/// more than a fixed number of times: whatever cannot be a tag is text.
/// </summary>
internal ref struct MarkupTokenizer(ReadOnlySpan<char> source, int start, int end)
{
    private static readonly SearchValues<char> DoctypeMarks = SearchValues.Create("[]<>\"'");
    private static readonly SearchValues<char> TagMarks = SearchValues.Create("<>\"'");
    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n/><=\"'");

    private readonly ReadOnlySpan<char> source = source[..end];
    private int position = start;

    // A search to the end that found nothing is not made twice; that keeps broken documents linear.
    private bool noMoreDoubleQuotes, noMoreSingleQuotes, noMoreInstructionEnds;

    public MarkupToken Token { get; private set; }

    /// <summary>Where the token begins, with its <c>&lt;</c> if it has one.</summary>
    public int Start { get; private set; }

    /// <summary>The characters of text and CDATA, or the name of a tag.</summary>
    public int ValueStart { get; private set; }

    public int ValueEnd { get; private set; }

    /// <summary>Where a start tag's attributes end; they begin at <see cref="ValueEnd"/>.</summary>
    public int AttributesEnd { get; private set; }

    /// <summary>The tag closes itself: <c>&lt;a/&gt;</c>.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Where the next token begins.</summary>
    public readonly int Next => position;

    /// <summary>Passes over what stands before; never back.</summary>
    public void SkipTo(int next) => position = Math.Max(position, next);

    public bool Read()
    {
        Start = position;
        if (position >= source.Length)
        {
            Token = MarkupToken.End;
            return false;
        }

        if (source[position] == '<' && ReadMarkup()) return true;

        // Text runs up to the next "<" that can begin markup; a lone one is text itself.
        var from = position + 1;
        while (true)
        {
            var open = source[from..].IndexOf('<');
            if (open < 0)
            {
                position = source.Length;
                break;
            }

            from += open;
            if (BeginsMarkup(from))
            {
                position = from;
                break;
            }

            from++;
        }

        (Token, ValueStart, ValueEnd) = (MarkupToken.Text, Start, position);
        return true;
    }

    private readonly bool BeginsMarkup(int at) =>
        at + 1 < source.Length && source[at + 1] is var next && (IsNameStart(next) || next is '!' or '?' || (next == '/' && at + 2 < source.Length && IsNameStart(source[at + 2])));

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 0x80 && char.IsLetter(c));

    private bool ReadMarkup()
    {
        if (!BeginsMarkup(Start)) return false;
        switch (source[Start + 1])
        {
            case '!':
                ReadDeclaration();
                return true;
            case '?':
                Skip(FindInstructionEnd());
                return true;
            case '/':
                ReadName(Start + 2);
                var close = source[ValueEnd..].IndexOfAny('>', '<');
                position = close < 0 ? source.Length : ValueEnd + close + (source[ValueEnd + close] == '>' ? 1 : 0);
                Token = MarkupToken.EndTag;
                return true;
            default:
                ReadName(Start + 1);
                ReadAttributes();
                Token = MarkupToken.StartTag;
                return true;
        }
    }

    private void Skip(int to)
    {
        Token = MarkupToken.Ignored;
        position = to;
    }

    private readonly int FindAfter(int from, string mark) =>
        source[from..].IndexOf(mark) is var at and >= 0 ? from + at + mark.Length : source.Length;

    private int FindInstructionEnd()
    {
        if (!noMoreInstructionEnds)
        {
            var after = source[Start..].IndexOf("?>");
            if (after >= 0) return Start + after + 2;
            noMoreInstructionEnds = true;
        }

        return FindAfter(Start, ">");
    }

    private void ReadDeclaration()
    {
        var rest = source[Start..];
        if (rest.StartsWith("<![CDATA[", StringComparison.OrdinalIgnoreCase))
        {
            ValueStart = Start + 9;
            var close = source[ValueStart..].IndexOf("]]>");
            ValueEnd = close < 0 ? source.Length : ValueStart + close;
            position = close < 0 ? source.Length : ValueEnd + 3;
            Token = MarkupToken.CData;
        }
        else if (rest.StartsWith("<!--"))
        {
            Skip(FindAfter(Start + 4, "-->"));
        }
        else if (rest.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
        {
            Skip(FindDoctypeEnd());
        }
        else
        {
            Skip(FindAfter(Start, ">"));
        }
    }

    /// <summary>Past the internal subset, if there is one: its entities are never declared here, so never expanded.</summary>
    private readonly int FindDoctypeEnd()
    {
        var brackets = 0;
        for (var at = Start + 9; at < source.Length; at++)
        {
            var next = source[at..].IndexOfAny(DoctypeMarks);
            if (next < 0) break;
            at += next;
            switch (source[at])
            {
                case '[':
                    brackets++;
                    break;
                case ']':
                    brackets = Math.Max(0, brackets - 1);
                    break;
                case '>' when brackets == 0:
                    return at + 1;
                case '<' when brackets == 0:
                    return at;
                case '<' when source[at..].StartsWith("<!--"):
                    at = FindAfter(at + 4, "-->") - 1;
                    break;
                case '"' or '\'' when source[(at + 1)..].IndexOf(source[at]) is var close:
                    if (close < 0) return source.Length;
                    at += close + 1;
                    break;
            }
        }

        return source.Length;
    }

    private void ReadName(int from)
    {
        ValueStart = from;
        var length = source[from..].IndexOfAny(NameEnds);
        ValueEnd = length < 0 ? source.Length : from + length;
    }

    private void ReadAttributes()
    {
        var at = ValueEnd;
        while (true)
        {
            var next = at < source.Length ? source[at..].IndexOfAny(TagMarks) : -1;
            if (next < 0)
            {
                AttributesEnd = position = source.Length;
                break;
            }

            at += next;
            if (source[at] is '>' or '<')
            {
                // "<" inside a tag: the tag was never closed, and another one begins.
                AttributesEnd = at;
                position = source[at] == '>' ? at + 1 : at;
                break;
            }

            at = IsValueQuote(at) && FindQuote(source[at], at + 1) is var close and >= 0 ? close + 1 : at + 1;
        }

        IsEmpty = AttributesEnd > ValueEnd && source[AttributesEnd - 1] == '/';
        if (IsEmpty) AttributesEnd--;
    }

    private readonly bool IsValueQuote(int at)
    {
        var before = at - 1;
        while (before >= ValueEnd && char.IsWhiteSpace(source[before]) && at - before < 64) before--;
        return before >= ValueEnd && source[before] == '=';
    }

    private int FindQuote(char quote, int from)
    {
        ref var noMore = ref noMoreSingleQuotes;
        if (quote == '"') noMore = ref noMoreDoubleQuotes;
        if (noMore) return -1;
        var close = source[from..].IndexOf(quote);
        noMore = close < 0;
        return close < 0 ? -1 : from + close;
    }
}
