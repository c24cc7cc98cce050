using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>
/// An entry as an embed: the feed above, the title with its link, an excerpt, a picture, and below who wrote it and when; of an entry without a title the feed's name leads to it. Without its excerpt a card is
/// below 1,000 characters, so that the excerpt alone decides about the 6,000 of all embeds.
/// </summary>
internal static class DiscordCard
{
    public static Action<Utf8JsonWriter> Embed(EntryCard card)
    {
        var feed = DiscordNames.Feed(card);
        var title = DiscordNames.Title(card, DiscordNames.MaxTitle);
        var description = Description(card);
        var footer = DiscordNames.Joined(DiscordNames.Author(card), DiscordNames.Tags(card));
        return json =>
        {
            json.WriteStartObject();
            if (!card.IsUntitled || string.IsNullOrWhiteSpace(description))
                json.WriteString("title", title);
            Words(json, "description", description);
            Words(json, "url", WebLink.Address(card.Link));
            Words(json, "timestamp", DiscordNames.Timestamp(card.Published));
            json.WriteNumber("color", DiscordNames.Colour(feed));
            if (feed.Length > 0)
            {
                json.WriteStartObject("author");
                json.WriteString("name", feed);
                Words(json, "url", (card.IsUntitled ? WebLink.Address(card.Link) : null) ?? WebLink.Address(card.Site));
                Words(json, "icon_url", WebLink.Address(card.Icon));
                json.WriteEndObject();
            }

            Nested(json, card.IsImageSmall ? "thumbnail" : "image", "url", Picture(card, card.Image));
            Nested(json, "footer", "text", footer);
            json.WriteEndObject();
        };
    }

    /// <summary>What a template made of an entry: with its first picture, or longer than a content may be, an embed without any frame; else null.</summary>
    public static Action<Utf8JsonWriter>? CustomEmbed(EntryCard card, string text)
    {
        var picture = Picture(card, card.Body.OfType<Block.Media>().FirstOrDefault(media => media.Kind == MediaKind.Image)?.Url);
        return picture is null && text.Length <= DiscordBody.MaxContent
            ? null
            : json =>
            {
                json.WriteStartObject();
                Words(json, "description", text);
                json.WriteNumber("color", DiscordNames.Colour(DiscordNames.Feed(card)));
                Nested(json, "image", "url", picture);
                json.WriteEndObject();
            };
    }

    /// <summary>What the entry says, at most 4,096 characters.</summary>
    public static string Description(EntryCard card) =>
        DiscordExcerpt.Of(card.Body, DiscordBody.MaxDescription, card.IsSpoiler ? DiscordMarkdown.Hidden : DiscordMarkdown.Write);

    /// <summary>The picture's address, if there is one to be seen: that of an embed cannot be hidden.</summary>
    private static string? Picture(EntryCard card, Uri? url) => card.HasNoImage || card.IsSpoiler ? null : WebLink.Address(url);

    private static void Words(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            json.WriteString(name, value);
    }

    private static void Nested(Utf8JsonWriter json, string name, string property, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        json.WriteStartObject(name);
        json.WriteString(property, value);
        json.WriteEndObject();
    }
}
