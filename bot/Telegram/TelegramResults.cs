using System.Text.Json;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Bot.Telegram;

/// <summary>What Telegram's answer to a message means for the delivery. Its errors are told apart by their descriptions: there is nothing else.</summary>
internal static class TelegramResults
{
    private static readonly string[] Gone = ["user is deactivated", "the group chat was deleted", "message thread not found", "TOPIC_DELETED", "can't initiate conversation"];

    /// <summary>Each of these may be given back: blocked, removed, muted, closed.</summary>
    private static readonly string[] NoRight =
    [
        // Also what a bot hears of chats that it was never in: with another bot's token everything waits.
        "chat not found",
        "have no rights", "not enough rights", "need administrator rights", "TOPIC_CLOSED", "CHAT_WRITE_FORBIDDEN", "CHAT_RESTRICTED", "CHAT_SEND_PLAIN_FORBIDDEN", "CHAT_ADMIN_REQUIRED",
    ];

    public static SendResult Of(TelegramAnswer<JsonElement> answer, ChatAddress chat) => answer switch
    {
        TelegramAnswer<JsonElement>.Ok { Value: { ValueKind: JsonValueKind.Object } message } when message.TryGetProperty("message_id", out var id) => new SendResult.Sent(id.GetRawText()),
        TelegramAnswer<JsonElement>.Ok => new SendResult.Unknown("Telegram's answer names no message."),
        TelegramAnswer<JsonElement>.Refused refused => Of(refused, chat),
        TelegramAnswer<JsonElement>.NotSent not => new SendResult.NotSent(not.Reason),
        TelegramAnswer<JsonElement>.Lost lost => new SendResult.Unknown(lost.Reason),
        _ => throw new InvalidOperationException($"No such answer: {answer}"),
    };

    private static SendResult Of(TelegramAnswer<JsonElement>.Refused refused, ChatAddress chat)
    {
        var why = refused.Description;
        return refused switch
        {
            { RetryAfter: { } wait } => new SendResult.RetryAfter(wait, WholeToken: false),
            { Code: 429 } => new SendResult.RetryAfter(TimeSpan.FromSeconds(5), WholeToken: false),
            { MigratedTo: { } to } => new SendResult.ChatMoved(chat with { Id = to.ToString(System.Globalization.CultureInfo.InvariantCulture) }),
            { IsToken: true } => new SendResult.PlatformClosed(why),
            { Code: 400 or 403 } when Says(why, Gone) => new SendResult.ChatGone(why),
            { Code: 403 } => new SendResult.NoAccess(why),
            { Code: 400 } when Says(why, NoRight) => new SendResult.NoAccess(why),
            { Code: 400 } => new SendResult.Rejected(why),
            _ => new SendResult.NotSent(why),
        };
    }

    private static bool Says(string why, string[] what) => Array.Exists(what, text => why.Contains(text, StringComparison.OrdinalIgnoreCase));
}
