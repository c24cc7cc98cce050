using System.Collections.Concurrent;

namespace Notifier.Polling;

/// <summary>
/// The feeds whose last poll took long: together they get a small share of the places (<see cref="PollQueue"/>), so that servers that hang
/// do not keep the others waiting. Kept in memory: after a start one round tells again.
/// </summary>
internal sealed class SlowFeeds(int capacity = 100_000)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, bool> _ids = new();

    public bool Has(long feedId) => _ids.ContainsKey(feedId);

    public void Note(long feedId, TimeSpan took)
    {
        if (took <= Long)
            _ids.TryRemove(feedId, out _);
        else if (_ids.Count < capacity)
            _ids[feedId] = true;
    }
}
