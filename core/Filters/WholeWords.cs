using System.Globalization;
using System.Text;

namespace Notifier.Filters;

/// <summary>
/// Finds words in a text, whatever their case, and not as a part of longer words: “art” is not in “start”. Where words have no blanks
/// between them (Chinese, Japanese, Thai …), or have endings at every turn (Korean), a part of the text is enough.
/// </summary>
internal static class WholeWords
{
    /// <summary>The blocks of scripts in which the end of a word is not seen, first and last code point of each.</summary>
    private static readonly (int First, int Last)[] WithoutBlanks =
    [
        (0x0E00, 0x0FFF), // Thai, Lao, Tibetan
        (0x1000, 0x109F), // Myanmar
        (0x1100, 0x11FF), // Hangul
        (0x1780, 0x17FF), // Khmer
        (0x2E80, 0xA4CF), // Han, Kana, Bopomofo, Yi
        (0xA960, 0xA97F), // Hangul
        (0xA9E0, 0xA9FF), // Myanmar
        (0xAA60, 0xAA7F), // Myanmar
        (0xAC00, 0xD7FF), // Hangul
        (0xF900, 0xFAFF), // Han
        (0x1B000, 0x1B16F), // Kana
        (0x20000, 0x3FFFF), // Han
    ];

    public static bool Contains(string text, string words)
    {
        for (var at = 0; (at = text.IndexOf(words, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            if (IsEdge(text, at) && IsEdge(text, at + words.Length))
                return true;
        }

        return false;
    }

    /// <summary>Whether no word goes on across this place.</summary>
    private static bool IsEdge(string text, int at)
    {
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var before, out _);
        Rune.DecodeFromUtf16(text.AsSpan(at), out var after, out _);
        return at == 0 || at == text.Length || !(IsOfWord(before) && IsOfWord(after));
    }

    private static bool IsOfWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherNumber or UnicodeCategory.ConnectorPunctuation => !Array.Exists(WithoutBlanks, block => rune.Value >= block.First && rune.Value <= block.Last),
        _ => false,
    };
}
