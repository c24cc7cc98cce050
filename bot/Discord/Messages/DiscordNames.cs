using System.Globalization;
using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>What an entry and its feed are called on Discord, cut to what it has room for; and the feed's colour.</summary>
internal static class DiscordNames
{
    public const int MaxTitle = 256;

    private const int MaxFeed = 256;
    private const int MaxAuthor = 128;

    /// <summary>Of a host that is named behind a title; the end of a longer one says whose it is.</summary>
    private const int MaxHost = 100;

    /// <summary>The title as it is, at most 256 characters; without one the host of its link, or "…".</summary>
    public static string Plain(EntryCard card)
    {
        var title = CleanText.Cut(CleanText.Line(card.Title), MaxTitle);
        return title.Length > 0 ? title : WebLink.Address(card.Link) is not null ? card.Link!.IdnHost : "…";
    }

    /// <summary>The title escaped, in at most <paramref name="max"/> characters, with the host of its link behind it where the title promises another.</summary>
    public static string Title(EntryCard card, int max)
    {
        var title = Plain(card);
        var place = "";
        if (WebLink.Address(card.Link) is not null && card.Link is { } link && AddressText.Misleads(title, link))
            place = link.IdnHost.Length <= MaxHost ? $" ({link.IdnHost})" : $" (…{link.IdnHost[^MaxHost..]})";
        return Escaped(title, max - place.Length) + place;
    }

    /// <summary>A text that is no link, cut so that it has at most <paramref name="max"/> characters when it is escaped.</summary>
    public static string Escaped(string text, int max)
    {
        var length = max;
        var written = DiscordMarkdown.Title(CleanText.Cut(text, length));
        for (; written.Length > max; written = DiscordMarkdown.Title(CleanText.Cut(text, length)))
            length -= Math.Max(1, (written.Length - max) / 2);
        return written;
    }

    public static string Feed(EntryCard card) => CleanText.Cut(CleanText.Line(card.Feed), MaxFeed);

    /// <summary>Blank also where it is the feed once more.</summary>
    public static string Author(EntryCard card) =>
        CleanText.Line(card.Author) is var author && author.Equals(CleanText.Line(card.Feed), StringComparison.OrdinalIgnoreCase) ? "" : CleanText.Cut(author, MaxAuthor);

    /// <summary>At most three, as hashtags.</summary>
    public static string Tags(EntryCard card) => card.Tags.Count == 0
        ? ""
        : string.Join(' ', card.Tags.Take(3).Select(tag => CleanText.Cut(CleanText.Line(tag), MaxAuthor)).Where(tag => tag.Length > 0).Select(tag => "#" + tag));

    /// <summary>What is not blank of these, in one line.</summary>
    public static string Joined(params IEnumerable<string> parts) => string.Join(" · ", parts.Where(part => part.Length > 0));

    /// <summary>A moment that each reader sees as “two hours ago”; blank for none, or one that cannot be right.</summary>
    public static string Ago(DateTimeOffset? moment) => Seconds(moment) is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"<t:{seconds}:R>") : "";

    /// <summary>The same as an embed's timestamp; null for none.</summary>
    public static string? Timestamp(DateTimeOffset? moment) =>
        Seconds(moment) is null ? null : moment!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same feed has the same colour, always: a hue of its title's hash (FNV-1a), neither dark nor pale.</summary>
    /// <param name="feed">At most 256 characters, clean.</param>
    public static int Colour(string feed)
    {
        Span<byte> letters = stackalloc byte[3 * MaxFeed];
        var hash = 2166136261u;
        foreach (var part in letters[..Encoding.UTF8.GetBytes(feed, letters)])
            hash = (hash ^ part) * 16777619u;
        var hue = hash % 360 / 60.0;
        return (Channel(hue, 5) << 16) | (Channel(hue, 3) << 8) | Channel(hue, 1);
    }

    private static long? Seconds(DateTimeOffset? moment) => moment?.ToUnixTimeSeconds() is > 0 and <= int.MaxValue and var seconds ? seconds : null;

    /// <summary>One colour channel of a hue (0 to 6) at saturation 0.65 and value 0.85.</summary>
    private static int Channel(double hue, int shift)
    {
        const double Value = 0.85 * 255;
        const double Saturation = 0.65;
        var k = (shift + hue) % 6;
        return (int)(Value - (Value * Saturation * Math.Max(0, Math.Min(Math.Min(k, 4 - k), 1))));
    }
}
