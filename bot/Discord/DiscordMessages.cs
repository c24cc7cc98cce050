using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Discord;

/// <summary>
/// Gives messages the form of Discord's create-message: an entry is one embed, anything else is text. Lengths are UTF-16 units, never less than
/// what Discord counts. Nothing in a message can mention anybody.
/// </summary>
internal static class DiscordMessages
{
    private const int MaxContent = 2000;
    private const int MaxDescription = 4096;
    private const int MaxTitle = 256;
    private const int MaxAuthor = 256;
    private const int MaxFooterAuthor = 128;

    /// <summary>Of a host that is named behind a title; the end of a longer one says whose it is.</summary>
    private const int MaxHost = 100;

    private const int MaxLabel = 80;
    private const int MaxCustomId = 100;
    private const int RowLength = 5;
    private const int MaxButtons = 25;
    private const int SuppressEmbeds = 1 << 2;

    /// <summary>So that no paragraph is broken into lines.</summary>
    private const int EndlessLine = 100_000;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the message fits into one of Discord's as it is; a longer reply has to be split (<see cref="MessageParts"/>).</summary>
    public static bool Fits(Message message)
    {
        var text = DiscordMarkdown.Write(message.Text);
        return message.Card is { } card
            ? text.Length <= MaxContent && DiscordMarkdown.Write(card.Body).Length <= MaxDescription
            : text.Length <= MaxDescription;
    }

    /// <summary>The body of the request, without its nonce; null when it is a list that does not fit: then it has to be made of fewer entries.</summary>
    /// <param name="fallback">0 as meant; 1 without adornments, all of it literal text; 2 title and link only.</param>
    public static byte[]? Render(Message message, int fallback) => (message.Card, fallback) switch
    {
        (null, 0) => Text(message.Text, DiscordMarkdown.Write, Offered(message)),
        (null, _) => Text(message.Text, Literal),
        ({ } card, 0) => Embedded(message.Text, card),
        ({ } card, 1) => Plain(message.Text, card),
        ({ } card, _) => Payload(NameAndLink(card), embed: null),
    };

    /// <summary>The <c>components</c> of a message: rows of up to five buttons, 25 in all.</summary>
    public static byte[] Buttons(IReadOnlyList<(string Label, string CustomId)> buttons) => Json(json =>
    {
        json.WriteStartArray();
        foreach (var row in buttons.Take(MaxButtons).Chunk(RowLength))
        {
            json.WriteStartObject();
            json.WriteNumber("type", 1);
            json.WriteStartArray("components");
            foreach (var (label, customId) in row)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan(customId.Length, MaxCustomId, nameof(buttons));
                json.WriteStartObject();
                json.WriteNumber("type", 2);
                json.WriteNumber("style", 2);
                json.WriteString("label", CleanText.Line(label) is { Length: > 0 } said ? CleanText.Cut(said, MaxLabel) : "…");
                json.WriteString("custom_id", customId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The buttons of a message that comes by itself: its actions are offered before it is rendered.</summary>
    private static byte[]? Offered(Message message) =>
        message.Actions.Any(action => action.Token is not null) ? Buttons([.. message.Actions.Where(action => action.Token is not null).Select(action => (action.Label, action.Token!))]) : null;

    private static byte[]? Text(IReadOnlyList<Block> blocks, Func<IReadOnlyList<Block>, string> write, byte[]? buttons = null)
    {
        var text = write(blocks);
        if (text.Length <= MaxDescription)
            return Payload(text, embed: null, buttons);
        if (blocks.Any(block => block is Block.List { Items.Count: > 1 }))
            return null;
        return Payload(Shortened(blocks, MaxDescription, write), embed: null, buttons);
    }

    private static byte[] Embedded(IReadOnlyList<Block> text, EntryCard card) =>
        Payload(Shortened(text, MaxContent, DiscordMarkdown.Write), Embed(card));

    private static byte[] Plain(IReadOnlyList<Block> text, EntryCard card)
    {
        var footer = DiscordMarkdown.Literal(string.Join(" · ", new[] { Name(card.Feed), Author(card) }.Where(name => name.Length > 0)));
        var frame = NameAndLink(card) + "\n\n" + footer;
        var body = Shortened(card.Body, Math.Max(0, MaxContent - frame.Length - 2), Literal);
        var said = body.Length > 0 ? NameAndLink(card) + "\n\n" + body + "\n\n" + footer : frame;
        var before = text.Count == 0 ? "" : Shortened(text, MaxContent, Literal) + "\n\n";
        return Payload((before.Length + said.Length <= MaxDescription ? before : "") + said, embed: null);
    }

    private static string NameAndLink(EntryCard card) =>
        Title(card, 2 * MaxTitle) + (WebLink.Address(card.Link) is { } address ? $"\n<{address}>" : "");

    /// <summary>The blocks as text of at most <paramref name="max"/> characters, cut where a reader would pause.</summary>
    private static string Shortened(IReadOnlyList<Block> blocks, int max, Func<IReadOnlyList<Block>, string> write)
    {
        if (Excerpt.Shrink(blocks, max, taken => write(taken).Length - max) is { } fit)
            return write(fit);
        // Escaping at most doubles a text.
        var plain = string.Join('\n', PlainWriter.Write(Excerpt.Within(blocks, max) is { Count: > 0 } first ? first : blocks, EndlessLine));
        return DiscordMarkdown.Title(Excerpt.CutText(plain, max / 2));
    }

    private static string Literal(IReadOnlyList<Block> blocks) => DiscordMarkdown.Literal(string.Join('\n', PlainWriter.Write(blocks, EndlessLine)));

    /// <summary>A card without its excerpt is below 1,000 characters, so that the excerpt alone decides about the 6,000 of all embeds.</summary>
    private static Action<Utf8JsonWriter> Embed(EntryCard card)
    {
        var title = Title(card, MaxTitle);
        var description = card.Body.Count == 0 ? "" : Shortened(card.Body, MaxDescription, DiscordMarkdown.Write);
        var footer = string.Join(" · ", new[] { Author(card), Tags(card) }.Where(part => part.Length > 0));
        return json =>
        {
            json.WriteStartObject();
            json.WriteString("title", title);
            if (!string.IsNullOrWhiteSpace(description))
                json.WriteString("description", description);
            if (WebLink.Address(card.Link) is { } link)
                json.WriteString("url", link);
            if (SentTime(card.Published) is { } published)
                json.WriteString("timestamp", published);
            json.WriteNumber("color", Colour(card.Feed));
            Nested(json, "author", "name", Name(card.Feed));
            Nested(json, "image", "url", WebLink.Address(card.Image) ?? "");
            Nested(json, "footer", "text", footer);
            json.WriteEndObject();
        };
    }

    private static void Nested(Utf8JsonWriter json, string name, string property, string value)
    {
        if (value.Length == 0)
            return;
        json.WriteStartObject(name);
        json.WriteString(property, value);
        json.WriteEndObject();
    }

    /// <summary>Text goes into the content, or if it is too long for that into an embed.</summary>
    private static byte[] Payload(string text, Action<Utf8JsonWriter>? embed, byte[]? buttons = null) => Json(json =>
    {
        var said = !string.IsNullOrWhiteSpace(text) ? text : embed is null ? "…" : "";
        json.WriteStartObject();
        if (said.Length is > 0 and <= MaxContent)
            json.WriteString("content", said);
        if (embed is null && said.Length <= MaxContent)
        {
            if (said.Contains("://", StringComparison.Ordinal))
                json.WriteNumber("flags", SuppressEmbeds);
        }
        else
        {
            json.WriteStartArray("embeds");
            if (said.Length > MaxContent)
            {
                json.WriteStartObject();
                json.WriteString("description", said);
                json.WriteEndObject();
            }

            embed?.Invoke(json);
            json.WriteEndArray();
        }

        if (buttons is not null)
        {
            json.WritePropertyName("components");
            json.WriteRawValue(buttons);
        }

        json.WriteStartObject("allowed_mentions");
        json.WriteStartArray("parse");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
            write(json);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The title in at most <paramref name="max"/> characters, with the host of its link behind it where the title promises another.</summary>
    private static string Title(EntryCard card, int max)
    {
        var title = CleanText.Cut(CleanText.Line(card.Title), MaxTitle);
        if (WebLink.Address(card.Link) is null || card.Link is not { } link)
            return title.Length > 0 ? CutTo(max, title) : "…";
        if (title.Length == 0)
            return CutTo(max, link.IdnHost);
        var place = "";
        if (AddressText.Misleads(title, link))
            place = link.IdnHost.Length <= MaxHost ? $" ({link.IdnHost})" : $" (…{link.IdnHost[^MaxHost..]})";
        return CutTo(max - place.Length, title) + place;
    }

    private static string Name(string feed) => CleanText.Cut(CleanText.Line(feed), MaxAuthor);

    private static string Author(EntryCard card) => CleanText.Cut(CleanText.Line(card.Author), MaxFooterAuthor);

    private static string Tags(EntryCard card) =>
        string.Join(' ', card.Tags.Take(3).Select(tag => CleanText.Cut(CleanText.Line(tag), MaxFooterAuthor)).Where(tag => tag.Length > 0).Select(tag => "#" + tag));

    /// <summary>A title cut so that it has at most <paramref name="max"/> characters when it is escaped.</summary>
    private static string CutTo(int max, string title)
    {
        var length = max;
        var written = DiscordMarkdown.Title(CleanText.Cut(title, length));
        for (; written.Length > max; written = DiscordMarkdown.Title(CleanText.Cut(title, length)))
            length -= Math.Max(1, (written.Length - max) / 2);
        return written;
    }

    private static string? SentTime(DateTimeOffset? published) => published?.ToUnixTimeSeconds() is > 0 and <= int.MaxValue
        ? published.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : null;

    /// <summary>The same feed has the same colour, always: a hue of its title's hash (FNV-1a), neither dark nor pale.</summary>
    private static int Colour(string feed)
    {
        var hash = 2166136261u;
        foreach (var part in Encoding.UTF8.GetBytes(CleanText.Line(feed)))
            hash = (hash ^ part) * 16777619u;
        var hue = hash % 360 / 60.0;
        return (Channel(hue, 5) << 16) | (Channel(hue, 3) << 8) | Channel(hue, 1);
    }

    /// <summary>One colour channel of a hue (0 to 6) at saturation 0.65 and value 0.85.</summary>
    private static int Channel(double hue, int shift)
    {
        const double Value = 0.85 * 255;
        const double Saturation = 0.65;
        var k = (shift + hue) % 6;
        return (int)(Value - (Value * Saturation * Math.Max(0, Math.Min(Math.Min(k, 4 - k), 1))));
    }
}
