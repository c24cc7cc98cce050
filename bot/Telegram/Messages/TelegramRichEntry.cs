using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>An entry in full as a rich message: title, text with its pictures, whose it is. What is too long for Telegram ends with a link to the page.</summary>
internal static class TelegramRichEntry
{
    private const int MaxText = 32_768;
    private const int MaxBlocks = 500;

    /// <summary>The HTML, inside Telegram's limits.</summary>
    public static string Write(EntryCard card)
    {
        var last = Written(card, card.Body, isCut: false);
        if (Excess(last) <= 0)
            return last.ToString();
        var taken = Excerpt.Shrink(card.Body, MaxText, taken => Excess(last = Written(card, taken, isCut: true)));
        // What cannot be shortened in its own form, or would be nothing (a single large table), begins as text.
        return (taken is { Count: > 0 } ? last : Written(card, TelegramMessages.Cut(card.Body, MaxText / 2), isCut: true)).ToString();
    }

    private static TelegramRichText Written(EntryCard card, IReadOnlyList<Block> body, bool isCut)
    {
        var text = new TelegramRichText();
        var html = new TelegramRichHtml(text, card.IsSpoiler, card.HasNoImage);
        if (!card.IsUntitled)
            Title();
        if (card.Image is { } image)
            html.Media(new Block.Media(MediaKind.Image, image, Caption: null));
        html.Add(body);
        if (text.Visible == 0)
            Title();
        if (isCut && card.Link is { } page)
            text.Block("<p>", "</p>", () => html.Write([new Span.Link(page, [new Span.Text(card.Links.FirstOrDefault(link => link.Url == page)?.Label ?? page.IdnHost)])]));
        text.Block("<footer>", "</footer>", () => Footer(text, card));
        return text;

        void Title() => text.Block("<h1>", "</h1>", () => html.Write(TelegramCard.Headline(card)));
    }

    private static void Footer(TelegramRichText text, EntryCard card)
    {
        var start = text.Visible;
        text.Append(TelegramCard.Names(card));
        if (TelegramCard.Time(card) is var (begin, end, said))
        {
            text.Append(text.Visible > start ? " · " : "");
            text.Element(begin, end, () => text.Append(said));
        }

        if (TelegramCard.Tags(card) is { Length: > 0 } tags)
            text.Append(text.Visible > start ? " · " + tags : tags);
    }

    /// <summary>By how much a message exceeds what Telegram takes, in characters of its text; 0 or less when it fits.</summary>
    private static int Excess(TelegramRichText text)
    {
        var length = text.Visible + (2 * text.Blocks);
        var over = text.Visible + text.Blocks + text.Cells - MaxText;
        return text.Blocks > MaxBlocks ? Math.Max(over, (length * (text.Blocks - MaxBlocks) / text.Blocks) + 1) : over;
    }
}
