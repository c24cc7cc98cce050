using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>An entry in full as a rich message: title, text with its pictures, whose it is. What is too long for Telegram ends with a link to the page.</summary>
internal static class TelegramRichEntry
{
    private const int MaxText = 32_768;
    private const int MaxBlocks = 500;

    /// <summary>So much is inside the limits whatever it consists of.</summary>
    private const int AlwaysFits = 700;

    /// <summary>The HTML, inside Telegram's limits.</summary>
    public static string Write(EntryCard card)
    {
        var last = Written(card, card.Body, isCut: false);
        if (Excess(last) <= 0)
            return last.ToString();
        var taken = Excerpt.Shrink(card.Body, MaxText, taken => Excess(last = Written(card, taken, isCut: true)));
        return (taken is null ? Written(card, Excerpt.Within(card.Body, AlwaysFits), isCut: true) : last).ToString();
    }

    private static TelegramRichText Written(EntryCard card, IReadOnlyList<Block> body, bool isCut)
    {
        var text = new TelegramRichText();
        var html = new TelegramRichHtml(text, card.IsSpoiler);
        if (!card.IsUntitled)
            text.Block("<h1>", "</h1>", () => Title(text, html, card));
        if (card.Image is { } image && !card.HasNoImage)
            html.Media(new Block.Media(MediaKind.Image, image, Caption: null));
        html.Add(card.HasNoImage ? WithoutImages(body) : body);
        if (isCut && card.Link is { } page)
            text.Block("<p>", "</p>", () => html.Link(new Span.Link(page, [new Span.Text(card.Links.FirstOrDefault(link => link.Url == page)?.Label ?? page.IdnHost)])));
        text.Block("<footer>", "</footer>", () => Footer(text, card));
        return text;
    }

    private static void Title(TelegramRichText text, TelegramRichHtml html, EntryCard card)
    {
        if (TelegramCard.Headline(card) is Span.Link link)
            html.Link(link);
        else
            text.Append(TelegramCard.Title(card));
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

    private static IReadOnlyList<Block> WithoutImages(IReadOnlyList<Block> blocks) => [.. blocks.Where(block => block is not Block.Media { Kind: MediaKind.Image })];

    /// <summary>By how much a message exceeds what Telegram takes, in characters of its text; 0 or less when it fits.</summary>
    private static int Excess(TelegramRichText text)
    {
        var length = text.Visible + (2 * text.Blocks);
        var over = text.Visible + text.Blocks - MaxText;
        return text.Blocks > MaxBlocks ? Math.Max(over, (length * (text.Blocks - MaxBlocks) / text.Blocks) + 1) : over;
    }
}
