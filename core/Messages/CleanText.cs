using System.Globalization;
using System.Text;

namespace Notifier.Messages;

/// <summary>
/// Text from outside made safe to show: no control characters, no bidirectional overrides, no broken surrogates,
/// in Unicode form C, and at most eight combining marks on one letter.
/// </summary>
public static class CleanText
{
    private const int MaxMarks = 8;

    /// <summary>Cleans a piece of text. Line ends and tabs stay; every other control character goes.</summary>
    public static string Of(string text)
    {
        if (IsPlain(text))
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
        var line = new StringBuilder(clean.Length);
        foreach (var c in clean)
        {
            if (!char.IsWhiteSpace(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd(' ');
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

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c is (< ' ' and not '\n' and not '\t') or > '~')
                return false;
        }

        return true;
    }

    private static string Keep(string text)
    {
        var kept = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        var marks = 0;
        foreach (var rune in WholeRunes(text))
        {
            if (IsDropped(rune))
                continue;
            var category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark ? marks + 1 : 0;
            if (marks > MaxMarks)
                continue;
            if (rune.Value is '\u2028' or '\u2029')
                kept.Append('\n');
            else
                kept.Append(units[..rune.EncodeToUtf16(units)]);
        }

        return kept.ToString();
    }

    private static IEnumerable<Rune> WholeRunes(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                yield return rune;
                i += rune.Utf16SequenceLength;
            }
            else
            {
                i++;
            }
        }
    }

    private static bool IsDropped(Rune rune) => rune.Value switch
    {
        '\n' or '\t' => false,
        < ' ' or (>= 0x7F and <= 0x9F) => true,
        0xAD => true, // a soft hyphen is a hint for typesetters; terminals show it
        >= 0x202A and <= 0x202E => true, // embeddings and overrides
        >= 0x2066 and <= 0x2069 => true, // isolates
        >= 0x206A and <= 0x206F => true, // deprecated format characters
        0xFEFF or (>= 0xFFF9 and <= 0xFFFB) => true,
        >= 0xFDD0 and <= 0xFDEF => true, // noncharacters
        var other => (other & 0xFFFE) == 0xFFFE,
    };
}
