using System.Collections.Concurrent;

namespace Notifier.Polling;

/// <summary>Until when each host asked to be left alone (429, 503 with Retry-After); it holds for all feeds of that host.</summary>
public sealed class HostCooldown(TimeProvider time, int capacity = 10_000)
{
    /// <summary>For a host that asks for patience and does not say how much.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    /// <summary>Counted by the timer, not by the clock on the wall: that one may be set meanwhile.</summary>
    private readonly ConcurrentDictionary<string, long> _until = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when the host may be asked now.</summary>
    public DateTimeOffset? Until(string host) =>
        _until.TryGetValue(host, out var until) && time.GetElapsedTime(time.GetTimestamp(), until) is var left && left > TimeSpan.Zero ? time.GetUtcNow() + left : null;

    /// <summary>Leaves the host alone for that long, or longer if it already asked for longer.</summary>
    public void Extend(string host, TimeSpan? retryAfter)
    {
        var until = time.GetTimestamp() + (long)((retryAfter ?? Default).TotalSeconds * time.TimestampFrequency);
        if (_until.Count >= capacity && !_until.ContainsKey(host))
            MakeRoom();
        _until.AddOrUpdate(host, until, (_, before) => before > until ? before : until);
    }

    /// <summary>Forgets what is over; where that is not enough, a tenth of the rest, the nearest to its end first.</summary>
    private void MakeRoom()
    {
        var now = time.GetTimestamp();
        foreach (var (host, until) in _until)
        {
            if (until <= now)
                _until.TryRemove(host, out _);
        }

        if (_until.Count < capacity)
            return;
        foreach (var (host, _) in _until.ToArray().OrderBy(pair => pair.Value).Take((capacity / 10) + 1))
            _until.TryRemove(host, out _);
    }
}
