using System.Buffers;
using System.Globalization;
using System.Text;

namespace Notifier.Messages;

/// <summary>
/// Text from outside made safe to show: no control characters, no bidirectional overrides, no broken surrogates, in Unicode form C, at most
/// eight combining marks on one letter, and what has no width only where it joins or parts letters of scripts that need it, or the parts of an emoji.
/// </summary>
public static class CleanText
{
    internal const int MaxMarks = 8;

    private const char NonJoiner = '\u200C';
    private const char Joiner = '\u200D';

    /// <summary>Cleans a piece of text. Line ends and tabs stay; every other control character goes.</summary>
    public static string Of(string text)
    {
        if (IsSimple(text) && !text.AsSpan().ContainsAny('\r', '\f'))
            return text;
        var kept = Keep(text);
        return kept.IsNormalized(NormalizationForm.FormC) ? kept : Keep(kept.Normalize(NormalizationForm.FormC));
    }

    /// <summary>Cleans text for one line: all white space, line ends too, becomes single spaces, none at the ends.</summary>
    public static string Line(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "";
        var clean = Of(text);
        return IsLine(clean) ? clean : OnOneLine(clean);
    }

    /// <summary>Cuts at the last whole character (grapheme) that fits; "…" takes one of <paramref name="max"/>.</summary>
    public static string Cut(string text, int max)
    {
        if (text.Length <= max)
            return text;
        var end = 0;
        while (end < text.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(text.AsSpan(end));
            if (next > max - 1)
                break;
            end = next;
        }

        return text[..end].TrimEnd() + "…";
    }

    /// <summary>Whether nothing in it has to be looked at twice: white space, and whole letters and signs that stand for themselves, each alone.</summary>
    internal static bool IsSimple(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is (< ' ' and not ('\n' or '\t' or '\r' or '\f')) or (> '~' and < '\u00A0') || (c > '\u00A0' && !IsSimple(c)))
                return false;
        }

        return true;
    }

    internal static bool IsMark(char c) =>
        c >= '\u0300' && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Of the characters behind the no-break space, those of the commonest scripts that form C leaves as they are whatever is beside them.</summary>
    private static bool IsSimple(char c) => c switch
    {
        < '\u0300' => c != '\u00AD',
        < '\u0530' => c is > '\u0387' and not (>= '\u0483' and <= '\u0489'),
        < '\u2000' => false,
        <= '\u20CF' => c is (>= '\u2010' and <= '\u2027') or (>= '\u2030' and <= '\u205E') or >= '\u20A0',
        < '\u3000' => c is (>= '\u2190' and <= '\u21FF') or (>= '\u2500' and <= '\u25FF'),
        < '\u4E00' => c is <= '\u3029' or (>= '\u3030' and <= '\u3096') or (>= '\u309B' and <= '\u30FF'),
        <= '\u9FFF' => true,
        _ => c is (>= '\uAC00' and <= '\uD7A3') or (>= '\uFF01' and <= '\uFFEE'),
    };

    private static bool IsLine(string text)
    {
        var before = ' ';
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) && (c != ' ' || before == ' '))
                return false;
            before = c;
        }

        return before != ' ';
    }

    private static string OnOneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd(' ');
    }

    private static string Keep(string text)
    {
        var kept = ArrayPool<char>.Shared.Rent(text.Length);
        var (length, marks, before) = (0, 0, default(Rune));
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var taken);
            rest = rest[taken..];
            if (status != OperationStatus.Done || IsDropped(rune) || (IsJoining(rune) && !Joins(before, rune, rest)))
                continue;
            var isMark = rune.Value >= 0x300 && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
            marks = isMark ? marks + 1 : 0;
            if (marks > MaxMarks)
                continue;
            length += (rune.Value is '\u2028' or '\u2029' ? new Rune('\n') : rune).EncodeToUtf16(kept.AsSpan(length));
            if (!isMark)
                before = rune;
        }

        var clean = kept.AsSpan(0, length).SequenceEqual(text) ? text : new string(kept, 0, length);
        ArrayPool<char>.Shared.Return(kept);
        return clean;
    }

    private static bool IsDropped(Rune rune) => rune.Value switch
    {
        '\n' or '\t' => false,
        < ' ' or (>= 0x7F and <= 0x9F) => true,
        0xAD => true, // a soft hyphen is a hint for typesetters; terminals show it
        0x200B or (>= 0x2060 and <= 0x2064) => true, // spaces without width, and signs that are not seen
        >= 0x202A and <= 0x202E => true, // embeddings and overrides
        >= 0x2066 and <= 0x2069 => true, // isolates
        >= 0x206A and <= 0x206F => true, // deprecated format characters
        0xFEFF or (>= 0xFFF9 and <= 0xFFFB) => true,
        >= 0xFDD0 and <= 0xFDEF => true, // noncharacters
        var other => (other & 0xFFFE) == 0xFFFE,
    };

    /// <summary>Whether it has no width of its own and is of use only between certain others: joiners, the marks of direction, the tags of regional flags.</summary>
    private static bool IsJoining(Rune rune) => rune.Value is (>= 0x200C and <= 0x200F) or 0x61C or (>= 0xE0000 and <= 0xE007F);

    private static bool Joins(Rune before, Rune rune, ReadOnlySpan<char> rest)
    {
        _ = Rune.DecodeFromUtf16(rest, out var after, out _);
        return rune.Value switch
        {
            NonJoiner => IsJoinedScript(before) && IsJoinedScript(after),
            Joiner => IsJoinedScript(before) || (IsPictogram(before) && IsPictogram(after)),
            0x200E or 0x200F or 0x61C => IsRightToLeft(before) || IsRightToLeft(after),
            // The flags of England, Scotland and Wales: a black flag and tags up to the one that ends them.
            _ => before.Value == 0x1F3F4 || before.Value is >= 0xE0020 and <= 0xE007E,
        };
    }

    /// <summary>Arabic and its sisters, the scripts of India and South East Asia, Mongolian.</summary>
    private static bool IsJoinedScript(Rune rune) =>
        rune.Value is (>= 0x600 and <= 0x8FF) or (>= 0x900 and <= 0xDFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x18AF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) or (>= 0x11000 and <= 0x11FFF);

    private static bool IsRightToLeft(Rune rune) => rune.Value is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC);

    private static bool IsPictogram(Rune rune) =>
        rune.Value is (>= 0x1F000 and <= 0x1FAFF) or (>= 0x2190 and <= 0x2BFF) or 0xA9 or 0xAE or 0x203C or 0x2049 or 0x3030 or 0x303D or 0x3297 or 0x3299;
}
