namespace Notifier.Polling;

/// <summary>
/// Claimed feeds on their way to be fetched, first come first served, within three limits: so many at once, so many at once of one host, and a
/// quarter of the places for feeds that are slow. A host that is busy is passed over, not waited for, and so are slow feeds when their places
/// are taken. Not thread-safe: one poll loop owns it.
/// </summary>
internal sealed class PollQueue(int concurrency, int perHost)
{
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);
    private readonly Lane _quick = new(concurrency);
    private readonly Lane _slow = new(Math.Max(1, concurrency / 4));

    /// <summary>Whose turn it was: with a single place slow feeds would otherwise have it each time, or never.</summary>
    private bool _slowsTurn;

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    /// <summary>Those of the waiting that are quick and whose host is not busy: they wait for a free place alone.</summary>
    public int Free { get; private set; }

    public void Add(ClaimedFeed feed)
    {
        var name = feed.Url.IdnHost;
        if (!_hosts.TryGetValue(name, out var host))
            _hosts.Add(name, host = new Host(name));
        host.Waiting(feed.IsSlow).Enqueue(feed);
        Waiting++;
        if (host.Running < perHost && !feed.IsSlow)
            Free++;
        MakeReady(host);
    }

    /// <summary>The next feed to fetch; null when a limit is reached or nothing waits.</summary>
    public ClaimedFeed? TryTake()
    {
        if (Running >= concurrency)
            return null;
        _slowsTurn = !_slowsTurn;
        return _slowsTurn ? TryTake(_slow) ?? TryTake(_quick) : TryTake(_quick) ?? TryTake(_slow);
    }

    public void Done(ClaimedFeed feed)
    {
        var host = _hosts[feed.Url.IdnHost];
        if (host.Running == perHost)
            Free += host.Quick.Count;
        host.Running--;
        Running--;
        LaneOf(feed.IsSlow).Running--;
        if (host is { Running: 0, Quick.Count: 0, Slow.Count: 0 })
            _hosts.Remove(host.Name);
        else
            MakeReady(host);
    }

    private ClaimedFeed? TryTake(Lane lane)
    {
        var slow = lane == _slow;
        while (lane.Running < lane.Places && lane.Ready.TryDequeue(out var host))
        {
            host.SetReady(slow, false);

            // Meanwhile the other lane may have taken its last place.
            if (host.Running >= perHost)
                continue;
            host.Running++;
            lane.Running++;
            Running++;
            Waiting--;
            var feed = host.Waiting(slow).Dequeue();
            if (!slow)
                Free--;
            if (host.Running == perHost)
                Free -= host.Quick.Count;
            MakeReady(host);
            return feed;
        }

        return null;
    }

    private Lane LaneOf(bool slow) => slow ? _slow : _quick;

    private void MakeReady(Host host)
    {
        if (host.Running >= perHost)
            return;
        foreach (var slow in (ReadOnlySpan<bool>)[false, true])
        {
            if (host.IsReady(slow) || host.Waiting(slow).Count == 0)
                continue;
            host.SetReady(slow, true);
            LaneOf(slow).Ready.Enqueue(host);
        }
    }

    /// <summary>The hosts that have a feed of one kind to fetch, in turn, and the places for that kind.</summary>
    private sealed class Lane(int places)
    {
        public int Places => places;

        public Queue<Host> Ready { get; } = new();

        public int Running { get; set; }
    }

    private sealed class Host(string name)
    {
        private bool _quickReady;
        private bool _slowReady;

        public string Name { get; } = name;

        public Queue<ClaimedFeed> Quick { get; } = new();

        public Queue<ClaimedFeed> Slow { get; } = new();

        public int Running { get; set; }

        public Queue<ClaimedFeed> Waiting(bool slow) => slow ? Slow : Quick;

        public bool IsReady(bool slow) => slow ? _slowReady : _quickReady;

        public void SetReady(bool slow, bool ready)
        {
            if (slow)
                _slowReady = ready;
            else
                _quickReady = ready;
        }
    }
}
