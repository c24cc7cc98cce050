using System.Globalization;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>What an entry's message says in whichever form: its title, whose it is, when it was, its tags; each inside its bounds.</summary>
internal static class TelegramCard
{
    private const int MaxTitle = 256;
    private const int MaxName = 256;
    private const int MaxTags = 3;

    public static string Title(EntryCard card) => CleanText.Line(card.Title) is { Length: > 0 } title ? CleanText.Cut(title, MaxTitle) : card.Link?.IdnHost ?? "…";

    /// <summary>The title, as a link to the entry where there is one.</summary>
    public static IReadOnlyList<Span> Headline(EntryCard card) =>
        WebLink.Address(card.Link) is null ? [new Span.Text(Title(card))] : [new Span.Link(card.Link!, [new Span.Text(Title(card))])];

    public static string Feed(EntryCard card) => CleanText.Cut(CleanText.Line(card.Feed), MaxName);

    /// <summary>The feed and the author; once where both bear one name.</summary>
    public static string Names(EntryCard card)
    {
        var (feed, author) = (Feed(card), CleanText.Cut(CleanText.Line(card.Author), MaxName));
        return feed.Length == 0 ? author : author.Length == 0 || author.Equals(feed, StringComparison.OrdinalIgnoreCase) ? feed : $"{feed} · {author}";
    }

    /// <summary>With their <c>#</c>, apart by blanks.</summary>
    public static string Tags(EntryCard card) => card.Tags.Count == 0 ? "" : string.Join(' ', card.Tags.Where(IsTag).Take(MaxTags).Select(tag => "#" + tag));

    /// <summary>When it was published, as an element that each reader sees in their own zone.</summary>
    public static (string Begin, string End, string Said)? Time(EntryCard card) => card.Published?.ToUnixTimeSeconds() is { } unix and > 0 and <= int.MaxValue
        ? (string.Create(CultureInfo.InvariantCulture, $"<tg-time unix=\"{unix}\" format=\"r\">"), "</tg-time>", Date(card.Published.Value))
        : null;

    /// <summary>What is shown beside the text: the picture or what the link shows, large and above; of a bare address what it shows, below.</summary>
    public static TelegramPreview Preview(EntryCard card)
    {
        var isOff = card.HasNoImage || card.IsSpoiler || card.Style == Style.Compact;
        var picture = isOff ? null : TelegramAddress.Of(card.Image) ?? (card.Style is Style.Full or Style.Custom ? Picture(card.Body) : null);
        return (isOff, card.Style) switch
        {
            (true, _) => TelegramPreview.None,
            (_, Style.Link) => new(TelegramAddress.Of(card.Link)),
            _ when picture is not null => new(picture, card.IsImageSmall, IsAbove: !card.IsImageSmall),
            (_, Style.Custom) => TelegramPreview.None,
            _ => new(TelegramAddress.Of(card.Link), IsAbove: true),
        };
    }

    private static string? Picture(IReadOnlyList<Block> body) =>
        body.OfType<Block.Media>().Where(media => media.Kind == MediaKind.Image).Select(media => TelegramAddress.Of(media.Url)).FirstOrDefault(address => address is not null);

    private static bool IsTag(string tag) => tag.Length is > 0 and <= MaxName && tag.Any(c => !char.IsDigit(c)) && tag.All(c =>
        char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    /// <summary>What an app shows that knows no such element.</summary>
    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
