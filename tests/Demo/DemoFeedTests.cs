using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Notifier.Bot.Demo;

namespace Notifier.Tests.Demo;

public sealed class DemoFeedTests : IDisposable
{
    private static readonly Uri Site = new("http://127.0.0.1:8080/");
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);
    private readonly ObservedTime _time = new();
    private readonly SemaphoreSlim _nudged = new(0);

    [Fact]
    public void It_begins_with_a_greeting()
    {
        using var feed = Feed();
        var channel = Channel(feed);
        var item = Assert.Single(channel.Elements("item"));

        Assert.Equal("Notifier demo feed", channel.Element("title")?.Value);
        Assert.Equal("Hello from your first feed", item.Element("title")?.Value);
        Assert.Equal("http://127.0.0.1:8080/demo/1", item.Element("link")?.Value);
        Assert.Equal("demo", item.Element("category")?.Value);
        Assert.Equal("Tue, 24 Nov 2026 12:00:00 GMT", item.Element("pubDate")?.Value);
        Assert.Contains("fetch, compare, format, deliver", item.Element("description")?.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_published_while_nobody_fetched()
    {
        using var feed = Feed();
        await feed.StartAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Single(Channel(feed).Elements("item"));
        Assert.Equal(0, _nudged.CurrentCount);
        await feed.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_publishes_fifteen_entries_one_per_interval_edits_one_and_rests()
    {
        using var feed = Feed();
        await feed.StartAsync(TestContext.Current.CancellationToken);
        await FirstFetchAsync(feed);
        var tags = new HashSet<string> { feed.Fetch().ETag };
        for (var i = 1; i <= 15; i++)
        {
            await NextAsync();
            Assert.Equal(i + 1, Channel(feed).Elements("item").Count());
            Assert.True(tags.Add(feed.Fetch().ETag));
            var shop = Channel(feed).Elements("item").SingleOrDefault(item => item.Element("link")!.Value.EndsWith("/3", StringComparison.Ordinal));
            Assert.Equal(i < 2 ? null : i < 9 ? "nine" : "ten", shop is null ? null : shop.Element("description")!.Value.Contains("<b>nine</b>", StringComparison.Ordinal) ? "nine" : "ten");
        }

        await feed.ExecuteTask!;
        Assert.Equal(16, Channel(feed).Elements("item").Select(item => item.Element("guid")!.Value).Distinct().Count());
        Assert.Equal("That was the demo", Channel(feed).Elements("item").First().Element("title")?.Value);
    }

    [Fact]
    public async Task After_a_restart_only_the_greeting_is_known()
    {
        using var first = Feed();
        await first.StartAsync(TestContext.Current.CancellationToken);
        await FirstFetchAsync(first);
        await NextAsync();
        await first.StopAsync(TestContext.Current.CancellationToken);
        using var second = Feed();
        await second.StartAsync(TestContext.Current.CancellationToken);
        await FirstFetchAsync(second);
        await NextAsync();
        await second.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["notifier-demo-hello"], Ids(first).Intersect(Ids(second)));
    }

    [Fact]
    public async Task A_nudge_that_fails_does_not_end_the_demo()
    {
        using var feed = new DemoFeed(() => Site, DemoFeed.DefaultInterval, _time, _ =>
        {
            _nudged.Release();
            throw new InvalidOperationException("no database");
        }, NullLogger<DemoFeed>.Instance);
        await feed.StartAsync(TestContext.Current.CancellationToken);
        await FirstFetchAsync(feed);
        await NextAsync();
        await NextAsync();

        Assert.Equal(3, Channel(feed).Elements("item").Count());
        await feed.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_is_served_with_its_ETag_and_a_page_per_entry()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        using var feed = Feed();
        builder.Services.AddSingleton(feed);
        await using var app = builder.Build();
        app.MapDemoFeed();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var before = await http.GetAsync("/demo/1", TestContext.Current.CancellationToken);
        using var first = await http.GetAsync("/demo/feed.xml", TestContext.Current.CancellationToken);
        http.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await http.GetAsync("/demo/feed.xml", TestContext.Current.CancellationToken);
        var page = await http.GetStringAsync("/demo/1", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        Assert.Equal("application/rss+xml", first.Content.Headers.ContentType?.MediaType);
        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Contains("<h1>Hello from your first feed</h1>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;p&gt;", page, StringComparison.Ordinal);
    }

    private DemoFeed Feed() => new(() => Site, DemoFeed.DefaultInterval, _time, _ =>
    {
        _nudged.Release();
        return Task.CompletedTask;
    }, NullLogger<DemoFeed>.Instance);

    public void Dispose()
    {
        _nudged.Dispose();
        _time.Timers.Dispose();
    }

    /// <summary>Starts the publishing and waits until its timer stands.</summary>
    private async Task FirstFetchAsync(DemoFeed feed)
    {
        feed.Fetch();
        Assert.True(await _time.Timers.WaitAsync(Cap), "no timer was started");
    }

    private async Task NextAsync()
    {
        _time.Advance(DemoFeed.DefaultInterval);
        Assert.True(await _nudged.WaitAsync(Cap), "nothing was published");
    }

    private static XElement Channel(DemoFeed feed)
    {
        using var body = new MemoryStream(feed.Fetch().Body.ToArray());
        return XDocument.Load(body).Root!.Element("channel")!;
    }

    private static IEnumerable<string> Ids(DemoFeed feed) => Channel(feed).Elements("item").Select(item => item.Element("guid")!.Value);

    /// <summary>A clock that tells when somebody sets a timer by it.</summary>
    private sealed class ObservedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero))
    {
        public SemaphoreSlim Timers { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Timers.Release();
            return timer;
        }
    }
}
