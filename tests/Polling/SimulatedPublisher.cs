using System.Globalization;
using System.Security;
using Microsoft.AspNetCore.Http;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>
/// A publisher with habits, polled every quarter of an hour by a real poller over a real web server, and one chat that gets what is new. The titles of its entries are
/// words without blanks, so that what the chat was told of entries can be told from notices.
/// </summary>
internal sealed class SimulatedPublisher : IAsyncDisposable
{
    public const int Polls = 50;

    private const string Path = "/feed";

    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private readonly FeedSite _site;

    private SimulatedPublisher(FeedSite site) => _site = site;

    public Desk Desk { get; } = new();

    public DateTimeOffset Now => Desk.Now;

    public Uri Url => _site.Url(Path);

    public FeedSite Site => _site;

    public long Feed { get; private set; }

    /// <summary>What the chat was told of entries, by their titles, in order.</summary>
    public List<string> Entries => [.. Desk.Platform.Shown("a").Zip(Desk.Platform.Named("a")).Where(told => !IsNotice(told.First)).SelectMany(told => told.Second)];

    /// <summary>What it was told of the feed.</summary>
    public List<string> Notices => [.. Desk.Platform.Shown("a").Where(IsNotice)];

    public int Messages => Desk.Platform.Shown("a").Count - Notices.Count;

    /// <summary>Subscribes the chat with this document as what is there already.</summary>
    public static async Task<SimulatedPublisher> StartAsync(params Item[] items)
    {
        var publisher = new SimulatedPublisher(await FeedSite.StartAsync());
        publisher.Desk.Platform.Open("a");
        publisher.Publish(items);
        publisher.Feed = await publisher.Desk.SubscribeAsync(publisher.Url, "a");
        await publisher.PollAsync();
        return publisher;
    }

    public void Publish(params Item[] items) => Publish(Document(items));

    public void Publish(string document) => Answer(http => FeedSite.SendAsync(http, document));

    public void Answer(RequestDelegate answer) => _site.Answer(Path, answer);

    /// <summary>Waits until the feed is due, polls it and delivers what it owes.</summary>
    public async Task PollAsync()
    {
        var due = (await Desk.FeedAsync(Feed)).NextPoll;
        Desk.Time.Advance(due - Now is { } wait && wait > Quarter ? wait : Quarter);
        await Desk.PollAsync();
        await Desk.DeliverAsync();
    }

    /// <summary>Polls fifty times, each time with another document.</summary>
    public async Task PollAllAsync(Func<int, IEnumerable<Item>> document)
    {
        for (var poll = 1; poll <= Polls; poll++)
        {
            Publish([.. document(poll)]);
            await PollAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    public static string Document(params IEnumerable<Item> items) =>
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>The feed</title><link>http://a.test/</link>" + string.Concat(items) + "</channel></rss>";

    private static bool IsNotice(string text) => !text.StartsWith("list: ", StringComparison.Ordinal) && text.Split(':')[0].Contains(' ', StringComparison.Ordinal);

    /// <summary>An item as its publisher writes it; what is null is left out.</summary>
    internal sealed record Item(string Title)
    {
        public string? Id { get; init; }

        public string? Link { get; init; }

        public string? Text { get; init; } = $"What {Title} tells.";

        public DateTimeOffset? Published { get; init; }

        public DateTimeOffset? Updated { get; init; }

        /// <summary>Entry number n as a careful publisher writes it: with a GUID, a link and a text of its own.</summary>
        public static Item Number(int n) => new($"e{n}") { Id = $"id-{n}", Link = $"http://a.test/{n}" };

        /// <summary>Those of these numbers, the last on top.</summary>
        public static IEnumerable<Item> Window(int from, int to, Func<int, Item>? item = null) => Enumerable.Range(from, to - from + 1).Reverse().Select(item ?? Number);

        public override string ToString() =>
            $"<item><title>{SecurityElement.Escape(Title)}</title>{Element("guid isPermaLink=\"false\"", "guid", Id)}{Element("link", "link", Link)}{Element("description", "description", Text)}" +
            $"{Element("pubDate", "pubDate", Published?.ToString("r", CultureInfo.InvariantCulture))}{Element("atom:updated", "atom:updated", Updated?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))}</item>";

        private static string Element(string start, string end, string? value) => value is null ? "" : $"<{start}>{SecurityElement.Escape(value)}</{end}>";
    }
}
