using System.Buffers;

namespace Notifier.Feeds.Markup;

/// <summary>Walks over the attributes of one start tag, quoted with <c>'</c>, <c>"</c> or nothing, with or without a value.</summary>
internal ref struct MarkupAttributes(ReadOnlySpan<char> tag)
{
    /// <summary>Far more than any feed writes; the rest is not looked at.</summary>
    public const int MaxCount = 256;

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n=/");

    private ReadOnlySpan<char> rest = tag;
    private int count;

    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>With its entities still in it.</summary>
    public ReadOnlySpan<char> Value { get; private set; }

    public bool Read()
    {
        rest = rest.TrimStart(" \t\r\n/\"'=");
        if (rest.IsEmpty || ++count > MaxCount) return false;

        var nameLength = rest.IndexOfAny(NameEnds);
        Name = nameLength < 0 ? rest : rest[..nameLength];
        rest = rest[Name.Length..];
        Value = [];

        var afterSpace = rest.TrimStart();
        if (afterSpace.IsEmpty || afterSpace[0] != '=') return true;

        rest = afterSpace[1..].TrimStart();
        if (rest.IsEmpty) return true;
        var quoteEnd = rest[0] is '"' or '\'' ? rest[1..].IndexOf(rest[0]) : -1;
        if (quoteEnd >= 0)
        {
            Value = rest.Slice(1, quoteEnd);
            rest = rest[(quoteEnd + 2)..];
        }
        else
        {
            var length = rest.IndexOfAny(" \t\r\n");
            Value = (length < 0 ? rest : rest[..length]).Trim("\"'");
            rest = length < 0 ? [] : rest[length..];
        }

        return true;
    }
}
