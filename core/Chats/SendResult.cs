using Notifier.Model;

namespace Notifier.Chats;

/// <summary>How a send ended.</summary>
public abstract record SendResult
{
    private SendResult()
    {
    }

    /// <summary>The platform confirmed it.</summary>
    public sealed record Sent(string MessageId) : SendResult;

    /// <summary>Certainly not accepted: it may be tried again with no risk of a copy.</summary>
    public sealed record NotSent(string Reason) : SendResult;

    /// <summary>Not accepted: the platform asks to wait.</summary>
    /// <param name="WholeToken">Every chat of the token has to wait, not this one alone.</param>
    public sealed record RetryAfter(TimeSpan Delay, bool WholeToken) : SendResult;

    /// <summary>Not accepted: the chat has another address now.</summary>
    public sealed record ChatMoved(ChatAddress To) : SendResult;

    /// <summary>Not accepted: the chat is no more.</summary>
    public sealed record ChatGone(string Reason) : SendResult;

    /// <summary>Not accepted: Notifier may not post there, for now.</summary>
    public sealed record NoAccess(string Reason) : SendResult;

    /// <summary>Not accepted: this message, in this form, never will be.</summary>
    public sealed record Rejected(string Reason) : SendResult;

    /// <summary>Not accepted: the token is revoked or the bot banned; nothing can be sent on this platform.</summary>
    public sealed record PlatformClosed(string Reason) : SendResult;

    /// <summary>The answer was lost: it may have been accepted.</summary>
    /// <param name="IsAnswered">The platform did answer, with a fault of its own, such as HTTP 500.</param>
    public sealed record Unknown(string Reason, bool IsAnswered = false) : SendResult;
}
