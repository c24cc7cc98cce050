using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>The body of the request that makes a message, without its nonce.</summary>
internal sealed record DiscordBody
{
    public const int SuppressEmbeds = 1 << 2;
    public const int SuppressNotifications = 1 << 12;
    public const int ComponentsV2 = 1 << 15;

    public const int MaxContent = 2000;
    public const int MaxDescription = 4096;

    private const int MaxName = 100;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>At most 4,096 characters: what is too long for a content becomes an embed.</summary>
    public string Text { get; init; } = "";

    /// <summary>Writes an embed.</summary>
    public Action<Utf8JsonWriter>? Embed { get; init; }

    /// <summary>Writes the items of the array.</summary>
    public Action<Utf8JsonWriter>? Components { get; init; }

    /// <summary>It is of components, and has neither text nor embeds.</summary>
    public bool IsV2 { get; init; }

    /// <summary>Discord shows what it finds at an address in the text.</summary>
    public bool HasPreview { get; init; }

    public bool IsSilent { get; init; }

    /// <summary>What it is called where it opens a post (<see cref="RenderedMessage"/>); blank for nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>What such a post is about.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>UTF-8.</summary>
    public byte[] ToJson() => Json(json =>
    {
        var said = IsV2 ? "" : !string.IsNullOrWhiteSpace(Text) ? Text : Embed is null ? "…" : "";
        var isContent = said.Length is > 0 and <= MaxContent;
        json.WriteStartObject();
        if (isContent)
            json.WriteString("content", said);
        if (Embed is not null || said.Length > MaxContent)
        {
            json.WriteStartArray("embeds");
            if (said.Length > MaxContent)
            {
                json.WriteStartObject();
                json.WriteString("description", said);
                json.WriteEndObject();
            }

            Embed?.Invoke(json);
            json.WriteEndArray();
        }

        // Together with an embed of our own it would hide that one.
        var hidesPreviews = isContent && Embed is null && !HasPreview && said.Contains("://", StringComparison.Ordinal);
        var flags = (hidesPreviews ? SuppressEmbeds : 0) | (IsSilent ? SuppressNotifications : 0) | (IsV2 ? ComponentsV2 : 0);
        if (flags != 0)
            json.WriteNumber("flags", flags);
        if (Components is not null)
        {
            json.WriteStartArray("components");
            Components(json);
            json.WriteEndArray();
        }

        json.WriteStartObject("allowed_mentions");
        json.WriteStartArray("parse");
        json.WriteEndArray();
        json.WriteEndObject();
        WritePost(json);
        json.WriteEndObject();
    });

    /// <summary>What is written, in UTF-8.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
            write(json);
        return bytes.WrittenSpan.ToArray();
    }

    private void WritePost(Utf8JsonWriter json)
    {
        var name = CleanText.Cut(CleanText.Line(Name), MaxName);
        if (name.Length == 0 && Tags.Count == 0)
            return;
        json.WriteStartObject(RenderedMessage.PostMember);
        if (name.Length > 0)
            json.WriteString("name", name);
        if (Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in Tags)
                json.WriteStringValue(CleanText.Line(tag));
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
