using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Bot.Telegram;

/// <summary>What Telegram's answer to a message means for the delivery. Its errors are told apart by their descriptions: there is nothing else.</summary>
internal static partial class TelegramResults
{
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(5);

    /// <summary>Slow mode is between ten seconds and an hour.</summary>
    private static readonly TimeSpan UnsaidSlowMode = TimeSpan.FromMinutes(1);

    private static readonly string[] Gone =
    [
        "is deactivated", "USER_DEACTIVATED", "the group chat was deleted", "message thread not found", "TOPIC_DELETED",
        "can't initiate conversation", "can't send messages to bots",
    ];

    /// <summary>Each of these may be given back: blocked, removed, muted, closed.</summary>
    private static readonly string[] NoRight =
    [
        // Also what a bot hears of chats that it was never in: with another bot's token everything waits.
        "chat not found", "PEER_ID_INVALID",
        "have no rights", "not enough rights", "need administrator rights", "TOPIC_CLOSED", "CHAT_WRITE_FORBIDDEN", "CHAT_RESTRICTED", "CHAT_SEND_PLAIN_FORBIDDEN", "CHAT_ADMIN_REQUIRED",
        "CHANNEL_PRIVATE", "USER_IS_BLOCKED",

        // Without the new chat's id: the group tells it itself.
        "upgraded to a supergroup",
    ];

    /// <summary>Pictures may be forbidden where texts are not: what is refused is this form.</summary>
    private static readonly string[] NoRightToMedia = ["rights to send photos", "rights to send videos", "rights to send audios", "rights to send music", "SEND_PHOTOS_FORBIDDEN", "SEND_VIDEOS_FORBIDDEN", "SEND_AUDIOS_FORBIDDEN", "SEND_MEDIA_FORBIDDEN"];

    /// <summary>A message that bears no number of Telegram's.</summary>
    public static SendResult NoMessage { get; } = new SendResult.Rejected("It is no message of Telegram's.");

    public static SendResult Of(TelegramAnswer<JsonElement> answer, ChatAddress chat) => answer switch
    {
        TelegramAnswer<JsonElement>.Ok { Value: { ValueKind: JsonValueKind.Object } message } when message.TryGetProperty("message_id", out var id) => new SendResult.Sent(id.GetRawText()),
        TelegramAnswer<JsonElement>.Ok => new SendResult.Unknown("Telegram's answer names no message."),
        TelegramAnswer<JsonElement>.Refused refused => Of(refused, chat),
        TelegramAnswer<JsonElement>.NotSent not => new SendResult.NotSent(not.Reason),
        TelegramAnswer<JsonElement>.Lost lost => new SendResult.Unknown(lost.Reason, lost.IsAnswered),
        _ => throw new InvalidOperationException($"No such answer: {answer}"),
    };

    /// <summary>The same for a change of a message. That it says so already is as good.</summary>
    public static SendResult OfEdit(TelegramAnswer<JsonElement> answer, ChatAddress chat, string messageId) => OfChange(answer, chat, messageId, "message is not modified");

    /// <summary>The same for a deletion. That it is not there any more is as good.</summary>
    public static SendResult OfDeletion(TelegramAnswer<JsonElement> answer, ChatAddress chat, string messageId) => OfChange(answer, chat, messageId, "message to delete not found");

    /// <summary>How long Telegram asks to wait, if that is why it refuses.</summary>
    public static TimeSpan? Wait(TelegramAnswer<JsonElement>.Refused refused)
    {
        if (refused.RetryAfter is { } wait)
            return wait;
        if (WaitCode().Match(refused.Description) is { Success: true } code)
            return TimeSpan.FromSeconds(int.Parse(code.Groups["seconds"].Value, CultureInfo.InvariantCulture));
        return refused.Code == 429 ? Unsaid : refused.Description.Contains("slow mode", StringComparison.OrdinalIgnoreCase) ? UnsaidSlowMode : null;
    }

    private static SendResult OfChange(TelegramAnswer<JsonElement> answer, ChatAddress chat, string messageId, string harmless) => answer switch
    {
        TelegramAnswer<JsonElement>.Ok => new SendResult.Sent(messageId),
        TelegramAnswer<JsonElement>.Refused { Code: 400 } refused when Says(refused.Description, [harmless]) => new SendResult.Sent(messageId),
        _ => Of(answer, chat),
    };

    private static SendResult Of(TelegramAnswer<JsonElement>.Refused refused, ChatAddress chat)
    {
        var why = refused.Description;
        if (Wait(refused) is { } wait)
            return new SendResult.RetryAfter(wait, WholeToken: false);
        return refused switch
        {
            { MigratedTo: { } to } => new SendResult.ChatMoved(chat with { Id = to.ToString(CultureInfo.InvariantCulture) }),
            { IsToken: true } => new SendResult.PlatformClosed(why),
            { Code: 400 or 403 } when Says(why, NoRightToMedia) => new SendResult.Rejected(why),
            { Code: 400 or 403 } when Says(why, Gone) => new SendResult.ChatGone(why),
            { Code: 403 } => new SendResult.NoAccess(why),
            { Code: 400 } when Says(why, NoRight) => new SendResult.NoAccess(why),
            // A server of Telegram's that is older than rich messages knows no method for them.
            { Code: 400 or 404 or 413 } => new SendResult.Rejected(why),
            _ => new SendResult.NotSent(why),
        };
    }

    private static bool Says(string why, string[] what) => Array.Exists(what, text => why.Contains(text, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("(?:SLOWMODE|FLOOD|FLOOD_PREMIUM)_WAIT_(?<seconds>[0-9]{1,6})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WaitCode();
}
