using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Notifier.Model;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>
/// The body of a request that says something, without its chat: what is stored before it is sent. Telegram takes texts and rich messages by two
/// methods, and no change of a message with a sound or without: the body's first fields tell.
/// </summary>
internal static class TelegramBody
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlySpan<byte> Silence => "{\"disable_notification\":true,"u8;

    private static ReadOnlySpan<byte> RichField => "\"rich_message\":"u8;

    /// <param name="keyboard">Rows of buttons, as JSON.</param>
    public static byte[] Text(string text, bool isHtml, TelegramPreview preview, byte[]? keyboard, bool isSilent) => Json(isSilent, json =>
    {
        json.WriteString("text", string.IsNullOrWhiteSpace(text) ? "…" : text);
        if (isHtml)
            json.WriteString("parse_mode", "HTML");
        json.WriteStartObject("link_preview_options");
        if (preview.Address is null)
            json.WriteBoolean("is_disabled", value: true);
        else
            Write(json, preview);
        json.WriteEndObject();
        Write(json, keyboard);
    });

    public static byte[] Rich(string html, byte[]? keyboard, bool isSilent) => Json(isSilent, json =>
    {
        json.WriteStartObject("rich_message");
        json.WriteString("html", html);
        json.WriteBoolean("skip_entity_detection", value: true);
        json.WriteEndObject();
        Write(json, keyboard);
    });

    /// <summary>The name of the method that sends it.</summary>
    public static string Method(ReadOnlySpan<byte> body) => Fields(body).StartsWith(RichField) ? "sendRichMessage" : "sendMessage";

    /// <summary>With the chat in it, to be sent.</summary>
    public static byte[] Addressed(ChatAddress chat, ReadOnlySpan<byte> body) =>
        Headed(chat.Thread.Length == 0 ? $"{{\"chat_id\":{chat.Id}," : $"{{\"chat_id\":{chat.Id},\"message_thread_id\":{chat.Thread},", body[1..]);

    /// <summary>With chat and message in it, as the body of editMessageText.</summary>
    public static byte[] Addressed(ChatAddress chat, long message, ReadOnlySpan<byte> body) =>
        Headed(string.Create(CultureInfo.InvariantCulture, $"{{\"chat_id\":{chat.Id},\"message_id\":{message},"), Fields(body));

    /// <summary>JSON as small as it can be: nothing is escaped that need not be.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
            write(json);
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Json(bool isSilent, Action<Utf8JsonWriter> write) => Json(json =>
    {
        json.WriteStartObject();
        if (isSilent)
            json.WriteBoolean("disable_notification", value: true);
        write(json);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, TelegramPreview preview)
    {
        json.WriteString("url", preview.Address);
        json.WriteBoolean(preview.IsSmall ? "prefer_small_media" : "prefer_large_media", value: true);
        if (preview.IsAbove)
            json.WriteBoolean("show_above_text", value: true);
    }

    private static void Write(Utf8JsonWriter json, byte[]? keyboard)
    {
        if (keyboard is null)
            return;
        json.WritePropertyName("reply_markup");
        json.WriteRawValue(keyboard);
    }

    /// <summary>What follows the opening brace and the sound.</summary>
    private static ReadOnlySpan<byte> Fields(ReadOnlySpan<byte> body) => body[(body.StartsWith(Silence) ? Silence.Length : 1)..];

    private static byte[] Headed(string head, ReadOnlySpan<byte> fields) => [.. Encoding.UTF8.GetBytes(head), .. fields];
}

/// <summary>What is shown of an address beside a text; nothing without one.</summary>
internal readonly record struct TelegramPreview(string? Address, bool IsSmall = false, bool IsAbove = false)
{
    public static TelegramPreview None => default;
}
