using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Tests.Support;
using Notifier.Texts;
using static Notifier.Tests.Polling.SimulatedPublisher;

namespace Notifier.Tests.Polling.Pages;

/// <summary>A site with a feed of teasers and the pages that they link to, one chat that gets it, and the log of the poller that reads them.</summary>
internal sealed class PageReading : IAsyncDisposable
{
    public const string Teaser = "The council has decided about the bridge.";

    private const string Path = "/feed";

    private LoggerFactory? _logging;
    private FeedFetcher? _fetcher;

    private PageReading(FeedSite site) => Site = site;

    public Desk Desk { get; } = new();

    public FeedSite Site { get; }

    public LogLines Log { get; } = new();

    public long Feed { get; private set; }

    public Poller Poller { get; private set; } = null!;

    public FeedFetcher Fetcher => _fetcher!;

    public Catalogue Texts { get; } = Catalogue.Load("en");

    /// <summary>What every name leads to; the first answers.</summary>
    public IPAddress[] Addresses { get; set; } = [IPAddress.Loopback];

    /// <summary>Subscribes the chat with one entry that is there already, and lets the pages be read from then on.</summary>
    public static async Task<PageReading> StartAsync(bool fullText = true)
    {
        var reading = new PageReading(await FeedSite.StartAsync());
        reading.Desk.Platform.Open("a");
        reading.StartPoller();
        reading.Publish(reading.Item("old"));
        reading.Feed = await reading.Desk.SubscribeAsync(reading.Site.Url(Path), "a");
        await reading.SetAsync(fullText);
        await reading.PollAsync();
        return reading;
    }

    /// <summary>A poller as after a start: it remembers nothing.</summary>
    public void StartPoller()
    {
        _fetcher?.Dispose();
        _logging?.Dispose();
        _fetcher = new FeedFetcher(Desk.Fetching, Desk.Time, (_, _) => Task.FromResult(Addresses));
        _logging = new LoggerFactory([Log]);
        Poller = new Poller(Desk.Storage, _fetcher, new FeedParser(Notifier.Core.Formats), new HostCooldown(Desk.Time), Desk.Outbox, new FeedNotices(Texts), Desk.Options, Desk.Fetching, Texts, Desk.Time, _logging.CreateLogger<Poller>());
    }

    /// <summary>An article of five paragraphs in a page with all that stands around one.</summary>
    /// <param name="word">Stands in each paragraph.</param>
    public static string Page(string word) =>
        "<!doctype html><html><head><title>The bridge – The site</title><meta property=\"og:image\" content=\"/big.jpg\"><meta property=\"og:description\" content=\"About &lt;the&gt; bridge\"></head>" +
        "<body><nav><a href=\"/\">Home</a></nav><script>var x = '<p>no</p>';</script><article><h1>The bridge</h1>" +
        string.Concat(Enumerable.Range(1, 5).Select(n => $"<p>Paragraph {n} says that the {word} over the river will be closed from Monday on, since the inspection found cracks in two of its pillars, as <a href=\"more/{n}\">the report</a> tells.</p>")) +
        "</article><footer>Imprint</footer></body></html>";

    public Item Item(string id, string? title = null, string text = Teaser) => new(title ?? id) { Id = id, Link = Site.Url("/" + id).AbsoluteUri, Text = text };

    /// <summary>Answers the page of an entry with HTML from now on.</summary>
    public void Serve(string id, string html, string type = "text/html") => Site.Answer("/" + id, http => SendAsync(http, html, type));

    public static Task SendAsync(HttpContext http, string html, string type = "text/html")
    {
        http.Response.ContentType = type;
        return http.Response.WriteAsync(html);
    }

    public void Publish(params Item[] items) => Site.Answer(Path, http => FeedSite.SendAsync(http, Document(items)));

    public Task SetAsync(bool fullText) => Desk.ExecuteAsync($"UPDATE Feeds SET FullText={(fullText ? 1 : 0)}");

    public async Task<PollCounts> PollAsync(CancellationToken? ct = null)
    {
        Desk.Time.Advance(TimeSpan.FromMinutes(15));
        return await Poller.PollDueAsync(PartitionRange.All, ct ?? Desk.Token);
    }

    /// <summary>Publishes, polls and gives back the entry as it is stored.</summary>
    public async Task<Entry> PollAsync(params Item[] items)
    {
        Publish(items);
        await PollAsync();
        return await EntryAsync(items[0].Id!);
    }

    public Task<Entry> EntryAsync(string id) => Desk.ReadAsync(db => db.Entries.Single(e => e.RawId == id));

    public IEnumerable<string> Reasons => Log.Lines.Where(line => line.Text.StartsWith("Could not read the page", StringComparison.Ordinal)).Select(line => line.Text);

    public async ValueTask DisposeAsync()
    {
        _fetcher?.Dispose();
        _logging?.Dispose();
        await Desk.DisposeAsync();
        await Site.DisposeAsync();
        Assert.Empty(Site.Unexpected);
        Assert.Empty(Log.Errors);
    }
}
