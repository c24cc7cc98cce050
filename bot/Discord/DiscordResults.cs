using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;

namespace Notifier.Bot.Discord;

/// <summary>What Discord's answer to a message means for the delivery, by its own codes (https://docs.discord.com/developers/topics/opcodes-and-status-codes).</summary>
internal static class DiscordResults
{
    /// <summary>Cloudflare blocks us, which concerns every message and ends by itself or by an operator.</summary>
    private static readonly TimeSpan BlockedPause = TimeSpan.FromMinutes(10);

    /// <summary>A message that bears no number of Discord's.</summary>
    public static SendResult NoMessage { get; } = new SendResult.Rejected("It is no message of Discord's.");

    public static SendResult Of(DiscordAnswer answer) => answer switch
    {
        DiscordAnswer.Ok ok => ok.Body.Text("id") is { } id ? new SendResult.Sent(id) : new SendResult.Unknown("Discord's answer names no message."),
        DiscordAnswer.Refused refused => Of(refused),
        DiscordAnswer.Wait wait => new SendResult.RetryAfter(wait.Delay, wait.IsGlobal),
        DiscordAnswer.NotSent not => new SendResult.NotSent(not.Reason),
        DiscordAnswer.Lost lost => new SendResult.Unknown(lost.Reason, lost.IsAnswered),
        _ => throw new InvalidOperationException($"No such answer: {answer}"),
    };

    /// <summary>Whether the token itself is refused.</summary>
    public static bool IsToken(DiscordAnswer.Refused refused) => refused is { Status: 401, Code: not 50027 } or { Code: 40001 or 50014 };

    /// <summary>The same for a change of a message. One that is not there, or is closed to changes, is no reason to leave the chat alone.</summary>
    public static SendResult OfEdit(DiscordAnswer answer, string messageId) => answer switch
    {
        DiscordAnswer.Ok => new SendResult.Sent(messageId),
        DiscordAnswer.Refused refused when IsMessageGone(refused) || IsMessageClosed(refused) => new SendResult.Rejected(refused.Message),
        _ => Of(answer),
    };

    /// <summary>The same for a deletion. That it is not there any more is as good.</summary>
    public static SendResult OfDeletion(DiscordAnswer answer, string messageId) => answer switch
    {
        DiscordAnswer.Ok => new SendResult.Sent(messageId),
        DiscordAnswer.Refused refused when IsMessageGone(refused) => new SendResult.Sent(messageId),
        DiscordAnswer.Refused refused when IsMessageClosed(refused) => new SendResult.Rejected(refused.Message),
        _ => Of(answer),
    };

    /// <summary>Also the channel: of a post in a forum it is the post's own.</summary>
    private static bool IsMessageGone(DiscordAnswer.Refused refused) => refused.Code is 10008 or 10003;

    /// <summary>Another's message, one of Discord's own, or in a thread that is locked or archived.</summary>
    private static bool IsMessageClosed(DiscordAnswer.Refused refused) => refused.Code is 50005 or 50021 or 50083 or 160005;

    private static SendResult Of(DiscordAnswer.Refused refused)
    {
        var why = refused.Message;
        if (IsToken(refused))
            return new SendResult.PlatformClosed(why);
        return refused.Code switch
        {
            // The channel, the guild, the webhook or the person is no more.
            10003 or 10004 or 10013 or 10015 or 50027 or 50033 => new SendResult.ChatGone(why),

            // The message of this nonce was taken before, and somebody has deleted it since.
            10008 => new SendResult.Sent(""),

            // We may not see it or write there; the wrong kind of channel; a tag is wanted; locked or archived; no private messages.
            50001 or 50013 or 50008 or 50024 or 40067 or 160005 or 160006 or 50083 or 50007 or 50278 => new SendResult.NoAccess(why),

            // Slow mode, limits on writing, overload: it passes, and Discord may say when.
            20016 or 20022 or 20028 or 40062 or 40004 or 130000 => refused.RetryAfter is { } wait ? new SendResult.RetryAfter(wait, WholeToken: false) : new SendResult.NotSent(why),
            40333 => new SendResult.RetryAfter(BlockedPause, WholeToken: true),

            // Without a code it is not Discord that answers, but somebody between: nothing is said of the chat or the message.
            0 => refused.Status == 403 ? new SendResult.RetryAfter(BlockedPause, WholeToken: true) : new SendResult.NotSent(why),
            _ => refused.Status switch
            {
                403 => new SendResult.NoAccess(why),
                404 => new SendResult.ChatGone(why),
                _ => new SendResult.Rejected(why),
            },
        };
    }
}
