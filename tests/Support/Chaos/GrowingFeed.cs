using System.Globalization;

namespace Notifier.Tests.Support.Chaos;

/// <summary>A feed that entries are added to while it is served. Its window is wide: what falls out of it no poll could see, and nobody could call it lost.</summary>
internal sealed class GrowingFeed(string name, FeedServer server)
{
    private const int Window = 800;

    /// <summary>What it had before anybody subscribed.</summary>
    private const int Before = 20;

    private readonly string _path = $"/{name}.xml";

    public string Name => name;

    public string Url => server.Url(_path);

    /// <summary>How many entries were published since the subscriptions.</summary>
    public int Published { get; private set; }

    public void Publish(int count)
    {
        Published += count;
        Serve();
    }

    /// <summary>Serves its document, also after a fault.</summary>
    public void Serve() => server.Put(_path, SampleFeed.Rss($"News of {name}", Titles().Take(Window)));

    public void Fail(int status) => server.Refuse(_path, status);

    private IEnumerable<string> Titles() =>
        Enumerable.Range(0, Published).Select(i => new EntryName(name, Published - i).ToString())
            .Concat(Enumerable.Range(1, Before).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name} before {i}")));
}
