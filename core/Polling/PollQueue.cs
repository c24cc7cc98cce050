namespace Notifier.Polling;

/// <summary>
/// Claimed feeds on their way to be fetched, first come first served, within two limits: so many at once, and so many at once of one host.
/// A host that is busy is passed over, not waited for. Not thread-safe: one poll loop owns it.
/// </summary>
internal sealed class PollQueue(int concurrency, int perHost)
{
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);
    private readonly Queue<Host> _ready = new();

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    /// <summary>Those of the waiting whose host is not busy: they wait for a free place alone.</summary>
    public int Free { get; private set; }

    public void Add(ClaimedFeed feed)
    {
        var name = feed.Url.IdnHost;
        if (!_hosts.TryGetValue(name, out var host))
            _hosts.Add(name, host = new Host(name));
        host.Feeds.Enqueue(feed);
        Waiting++;
        if (host.Running < perHost)
            Free++;
        MakeReady(host);
    }

    /// <summary>The next feed to fetch; null when a limit is reached or nothing waits.</summary>
    public ClaimedFeed? TryTake()
    {
        if (Running >= concurrency || !_ready.TryDequeue(out var host))
            return null;
        host.IsReady = false;
        host.Running++;
        Running++;
        Waiting--;
        Free--;
        var feed = host.Feeds.Dequeue();
        if (host.Running == perHost)
            Free -= host.Feeds.Count;
        MakeReady(host);
        return feed;
    }

    public void Done(ClaimedFeed feed)
    {
        var host = _hosts[feed.Url.IdnHost];
        if (host.Running == perHost)
            Free += host.Feeds.Count;
        host.Running--;
        Running--;
        if (host is { Running: 0, Feeds.Count: 0 })
            _hosts.Remove(host.Name);
        else
            MakeReady(host);
    }

    private void MakeReady(Host host)
    {
        if (host.IsReady || host.Running >= perHost || host.Feeds.Count == 0)
            return;
        host.IsReady = true;
        _ready.Enqueue(host);
    }

    private sealed class Host(string name)
    {
        public string Name { get; } = name;

        public Queue<ClaimedFeed> Feeds { get; } = new();

        public int Running { get; set; }

        public bool IsReady { get; set; }
    }
}
