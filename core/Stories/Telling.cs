using Notifier.Feeds;

namespace Notifier.Stories;

/// <summary>How an entry tells its story: its title and its text as words, each up to where the publisher cut it off.</summary>
internal sealed class Telling
{
    /// <summary>What may stand behind “[…]”, which nobody writes for anything but a cut: who published it first, where to read more.</summary>
    private const int WordsBehindBrackets = 30;

    /// <summary>Words of a text that are read: they say enough, and the writer holds many texts at once.</summary>
    internal const int MostWords = 6000;

    /// <summary>Characters of HTML that are read for them; markup may be most of it.</summary>
    internal const int MostHtml = 128 * 1024;

    /// <summary>Characters of a title that are read.</summary>
    internal const int MostTitle = 2000;

    private Telling(Word[] title, bool titleIsCut, Word[] text, bool textIsCut, bool goesOn) => (Title, TitleIsCut, Text, TextIsCut, GoesOn) = (title, titleIsCut, text, textIsCut, goesOn);

    public Word[] Title { get; }

    public bool TitleIsCut { get; }

    public Word[] Text { get; }

    public bool TextIsCut { get; }

    /// <summary>There is more of it than was read: what stands there may make another entry of it.</summary>
    public bool GoesOn { get; }

    /// <param name="title">Plain text.</param>
    /// <param name="html">The content, else the summary.</param>
    public static Telling Of(string? title, string? html)
    {
        var goesOn = title?.Length > MostTitle || html?.Length > MostHtml;
        var (titleWords, titleIsCut) = Read(title?.Length > MostTitle ? title[..MostTitle] : title, 0);
        var (words, isCut) = Read(PlainText.OfHtml(html?.Length > MostHtml ? html[..MostHtml] : html, apart: true), WordsBehindBrackets);
        return words.Length > MostWords ? new Telling(titleWords, titleIsCut, words[..MostWords], false, goesOn: true) : new Telling(titleWords, titleIsCut, words, isCut, goesOn);
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
            return (WordReader.Read(text, MostWords + 1), false);

        var behind = text.AsSpan(end);
        if (WordReader.Read(behind, WordsBehindBrackets + 1).Length > (end > 0 && text[end - 1] == '[' ? behindBrackets : 0) || behind.ContainsAnyInRange('0', '9'))
            return (WordReader.Read(text, MostWords + 1), false);

        // Without a space before the mark, the last word may be a part of one.
        var words = WordReader.Read(text.AsSpan(0, end), MostWords + 1);
        return (end > 0 && char.IsLetterOrDigit(text[end - 1]) && words.Length > 0 ? words[..^1] : words, true);
    }
}
