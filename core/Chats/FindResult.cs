namespace Notifier.Chats;

/// <summary>A message that may or may not have been accepted.</summary>
/// <param name="Body">The bytes that were sent.</param>
/// <param name="FirstAttempt">Before it was first sent, UTC.</param>
public sealed record LostMessage(ReadOnlyMemory<byte> Body, string Nonce, DateTimeOffset FirstAttempt);

/// <summary>What became of a message whose answer was lost.</summary>
public abstract record FindResult
{
    private FindResult()
    {
    }

    /// <summary>These are there and say the same; which of them is another message's, the outbox knows.</summary>
    /// <param name="IsAll">Everything since was looked at: there is no other.</param>
    public sealed record Found(IReadOnlyList<string> MessageIds, bool IsAll = true) : FindResult;

    /// <summary>It is not there, or the platform will know it by its nonce: sent again it is no second one.</summary>
    public sealed record Repeatable : FindResult;

    /// <summary>The platform cannot tell: sent again it may be a second one.</summary>
    public sealed record Untold(string Reason) : FindResult;

    /// <summary>It cannot be found out now.</summary>
    /// <param name="Result">What the question came to, as of a message that was not accepted.</param>
    public sealed record NotNow(SendResult Result) : FindResult;
}
