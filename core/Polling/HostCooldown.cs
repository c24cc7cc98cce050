using System.Collections.Concurrent;

namespace Notifier.Polling;

/// <summary>Until when each host asked to be left alone (429, 503 with Retry-After); it holds for all feeds of that host.</summary>
public sealed class HostCooldown(TimeProvider time, int capacity = 10_000)
{
    /// <summary>For a host that asks for patience and does not say how much.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when the host may be asked now.</summary>
    public DateTimeOffset? Until(string host) =>
        _until.TryGetValue(host, out var until) && until > time.GetUtcNow() ? until : null;

    /// <summary>Leaves the host alone for that long, or longer if it already asked for longer.</summary>
    public void Extend(string host, TimeSpan? retryAfter)
    {
        var until = time.GetUtcNow() + (retryAfter ?? Default);
        if (_until.Count >= capacity && !_until.ContainsKey(host))
            MakeRoom();
        _until.AddOrUpdate(host, until, (_, before) => before > until ? before : until);
    }

    /// <summary>Forgets what is over; where that is not enough, a tenth of the rest, the nearest to its end first.</summary>
    private void MakeRoom()
    {
        var now = time.GetUtcNow();
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
