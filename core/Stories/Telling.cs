using Notifier.Feeds;

namespace Notifier.Stories;

/// <summary>How an entry tells its story: its title and its text as words, each up to where the publisher cut it off.</summary>
internal sealed class Telling
{
    /// <summary>What may stand behind “[…]”, which nobody writes for anything but a cut: who published it first, where to read more.</summary>
    private const int WordsBehindBrackets = 30;

    private Telling(Word[] title, bool titleIsCut, Word[] text, bool textIsCut) => (Title, TitleIsCut, Text, TextIsCut) = (title, titleIsCut, text, textIsCut);

    public Word[] Title { get; }

    public bool TitleIsCut { get; }

    public Word[] Text { get; }

    public bool TextIsCut { get; }

    /// <param name="title">Plain text.</param>
    /// <param name="html">The content, else the summary.</param>
    public static Telling Of(string? title, string? html)
    {
        var (titleWords, titleIsCut) = Read(title, 0);
        var (words, isCut) = Read(PlainText.OfHtml(html, apart: true), WordsBehindBrackets);
        return new Telling(titleWords, titleIsCut, words, isCut);
    }

    /// <summary>How many words these are; two signs of a script without spaces count as one.</summary>
    public static int Length(ReadOnlySpan<Word> words)
    {
        var halves = 0;
        foreach (var word in words)
            halves += word.Kind == WordKind.Sign ? 1 : 2;
        return halves / 2;
    }

    private static (Word[] Words, bool IsCut) Read(string? text, int behindBrackets)
    {
        if (string.IsNullOrWhiteSpace(text))
            return ([], false);
        var end = Math.Max(text.LastIndexOf('…'), text.LastIndexOf("...", StringComparison.Ordinal));
        if (end < 0)
            return (WordReader.Read(text), false);

        var behind = text.AsSpan(end);
        if (WordReader.Read(behind).Length > (end > 0 && text[end - 1] == '[' ? behindBrackets : 0) || behind.ContainsAnyInRange('0', '9'))
            return (WordReader.Read(text), false);

        // Without a space before the mark, the last word may be a part of one.
        var words = WordReader.Read(text.AsSpan(0, end));
        return (end > 0 && char.IsLetterOrDigit(text[end - 1]) && words.Length > 0 ? words[..^1] : words, true);
    }
}
