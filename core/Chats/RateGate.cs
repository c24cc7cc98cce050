namespace Notifier.Chats;

/// <summary>
/// So many requests in a span of time, as platforms limit them. A place is taken before a request and is free again one span after its answer: only by
/// then has the platform certainly counted it, so the limit is never overrun, however long requests take. Not safe for concurrent use: its owner holds the lock.
/// </summary>
/// <param name="count">Requests in any one span, 1 or more.</param>
/// <param name="span">A little longer than the platform says, since two clocks do not run alike.</param>
public sealed class RateGate(int count, TimeSpan span, TimeProvider time)
{
    private readonly Queue<long> _answered = new();
    private int _open;
    private long _used = time.GetTimestamp();

    /// <summary>Nothing counts any more, and nothing did for a while.</summary>
    public bool IsIdle => _open == 0 && time.GetElapsedTime(_used) > span;

    /// <summary>How long until there is a place; zero for now.</summary>
    public TimeSpan Wait()
    {
        var now = time.GetTimestamp();
        while (_answered.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= span)
            _answered.Dequeue();
        var over = _open + _answered.Count - count;
        if (over < 0)
            return TimeSpan.Zero;

        // Where the next place is that of a request on its way, it is not free before a span from now.
        return over < _answered.Count ? span - time.GetElapsedTime(_answered.ElementAt(over), now) : span;
    }

    /// <summary>Takes the next place; it may be one that is only about to be free, by <see cref="Wait"/> (and in much less than a span), and the request has to wait for it.</summary>
    public void Take()
    {
        _open++;
        _used = time.GetTimestamp();
    }

    /// <summary>The request was not sent.</summary>
    public void GiveBack() => _open--;

    /// <summary>The request was answered, or will not be any more.</summary>
    public void Answered()
    {
        _open--;
        _used = time.GetTimestamp();
        _answered.Enqueue(_used);
    }
}
