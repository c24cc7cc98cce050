namespace Notifier.Chats;

/// <summary>Whether one more message may go now, by the platform's limits.</summary>
public abstract record Admission
{
    private Admission()
    {
    }

    /// <param name="Permit">Used by the send that it is given to; disposed unused, the place is free again.</param>
    /// <param name="After">When the place begins: at once, or so soon that the message may be composed and stored meanwhile.</param>
    public sealed record Granted(SendPermit Permit, TimeSpan After = default) : Admission
    {
        /// <summary>Waits until the place begins. Timers count whole milliseconds, and rounded down it would be too early.</summary>
        /// <param name="since">The timestamp at which it was granted.</param>
        public Task BeginsAsync(TimeProvider time, long since, CancellationToken ct) => After - time.GetElapsedTime(since) is var rest && rest > TimeSpan.Zero
            ? Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), time, ct)
            : Task.CompletedTask;
    }

    /// <param name="WholeToken">Every chat of the token has to wait, not this one alone.</param>
    public sealed record Wait(TimeSpan Delay, bool WholeToken) : Admission;
}
