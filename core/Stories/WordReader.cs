using System.Globalization;
using System.Text;

namespace Notifier.Stories;

/// <summary>Parts a title or a text into words: letters and digits as people hear them. Case, punctuation and white space make no difference; symbols do.</summary>
internal static class WordReader
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <param name="most">Words that are read at most.</param>
    public static Word[] Read(ReadOnlySpan<char> text, int most)
    {
        // Words are rarely shorter than four characters with the space behind them.
        var words = new List<Word>(Math.Min(most, text.Length / 5) + 1);
        var print = Offset;
        var (length, isNumber, isSmall) = (0, false, true);
        for (var i = 0; i < text.Length && words.Count < most;)
        {
            var c = text[i];
            if (char.IsAsciiLetter(c))
            {
                (print, length, isSmall) = (Add(print, (char)(c | 0x20)), length + 1, isSmall && c >= 'a');
                i++;
                continue;
            }

            if (char.IsAscii(c))
            {
                if (char.IsAsciiDigit(c))
                {
                    (print, length, isNumber) = (Add(print, c), length + 1, true);
                }
                else
                {
                    End();
                    if (IsSymbol(c) || (c == '-' && IsMinus(text, i)))
                        words.Add(new Word(Add(Offset, c), WordKind.Name));
                }

                i++;
                continue;
            }

            Rune.DecodeFromUtf16(text[i..], out var rune, out var read);
            i += read;
            var category = Rune.GetUnicodeCategory(rune);
            switch (category)
            {
                // Of scripts without spaces each sign is a word.
                case UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark when IsUnspaced(rune.Value):
                    End();
                    var sign = Add(Offset, rune);
                    words.Add(new Word(sign, Numerals.Contains(sign) ? WordKind.Number : WordKind.Sign));
                    break;
                case UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber:
                    (print, length, isNumber) = (Add(print, rune), length + 1, true);
                    break;
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
                    or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark:
                    // How an emoji is drawn (variation selectors) is nothing that people hear.
                    if (rune.Value is < 0xFE00 or > 0xFE0F)
                        (print, length, isSmall) = (Add(print, Rune.ToLowerInvariant(rune)), length + 1, isSmall && (category is UnicodeCategory.LowercaseLetter or UnicodeCategory.NonSpacingMark));
                    break;
                case UnicodeCategory.Format:
                    break;
                case UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol:
                    End();
                    words.Add(new Word(Add(Offset, rune), WordKind.Name));
                    break;
                default:
                    End();
                    break;
            }
        }

        if (words.Count < most)
            End();
        return [.. words];

        void End()
        {
            if (length > 0)
                words.Add(new Word(print, isNumber || (length > 1 && Numerals.Contains(print)) ? WordKind.Number : length == 1 ? WordKind.Letter : isSmall ? WordKind.Plain : WordKind.Name));
            (print, length, isNumber, isSmall) = (Offset, 0, false, true);
        }
    }

    /// <summary>The hash of one word, as <see cref="Read"/> gives it: FNV-1a over its characters in lower case.</summary>
    public static ulong PrintOf(string word)
    {
        var print = Offset;
        foreach (var rune in word.EnumerateRunes())
            print = Add(print, Rune.ToLowerInvariant(rune));
        return print;
    }

    private static ulong Add(ulong print, char c) => (print ^ c) * Prime;

    private static ulong Add(ulong print, Rune rune) => (print ^ (uint)rune.Value) * Prime;

    private static bool IsSymbol(char c) => c is '#' or '+' or '=' or '<' or '>' or '$' or '|' or '~' or '^' or '%';

    /// <summary>A sign of a number, and no hyphen: “-5”, “(-5”, but not “3-5”.</summary>
    private static bool IsMinus(ReadOnlySpan<char> text, int at) =>
        at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && (at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] == '(');

    /// <summary>Thai to Myanmar, Khmer, kana, and the ideographs of Chinese and Japanese.</summary>
    private static bool IsUnspaced(int rune) =>
        rune is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3005 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
