using Microsoft.Extensions.Time.Testing;
using Notifier.Feeds;
using Notifier.Feeds.Discovery;
using Notifier.Feeds.Fetching;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds.Discovery;

public sealed class CommonPathsTests : IAsyncLifetime
{
    private readonly FeedFetcher _fetcher = Fetching.Fetcher();
    private FeedSite _site = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        foreach (var path in CommonPaths.Paths) _site.Answer(path, 404);
    }

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        await _site.DisposeAsync();
    }

    public static TheoryData<string> AllPaths() => [.. CommonPaths.Paths];

    [Theory]
    [MemberData(nameof(AllPaths))]
    public async Task A_feed_at_a_common_path_is_found_from_any_page_of_the_site(string path)
    {
        _site.Publish(path, "Only entry");

        var found = await Paths().FindAsync(_site.Url("/about/us.html?x=1", "public.test"), Stop);

        Assert.Equal(_site.Url(path, "public.test"), found?.Url);
        Assert.Equal("Only entry", Assert.Single(found!.Document.Entries).Title);
    }

    [Fact]
    public async Task The_likeliest_of_several_is_taken_and_the_rest_is_left_alone()
    {
        _site.Publish("/rss", "One");
        _site.Publish("/feed.xml", "Two");
        _site.Publish("/index.xml", "Three");

        var found = await Paths().FindAsync(_site.Url("/", "public.test"), Stop);

        Assert.Equal("/rss", found?.Url.AbsolutePath);
        Assert.Equal(0, _site.RequestsFor("/index.xml"));
    }

    /// <summary>What broke off would be taken for the feed's whole past, and the rest of it be told as news.</summary>
    [Fact]
    public async Task A_feed_that_breaks_off_is_not_taken()
    {
        _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss(("1", "Half", "text")).Replace("</item></channel></rss>", "", StringComparison.Ordinal)));
        _site.Publish("/rss.xml", "Whole");

        var found = await Paths().FindAsync(_site.Url("/", "public.test"), Stop);

        Assert.Equal("/rss.xml", found?.Url.AbsolutePath);
    }

    [Fact]
    public async Task A_site_that_answers_everything_with_a_page_has_no_feed_and_is_asked_once_for_each()
    {
        foreach (var path in CommonPaths.Paths) _site.Answer(path, http => FeedSite.SendAsync(http, "<!DOCTYPE html><html><body>Not here</body></html>"));

        Assert.Null(await Paths().FindAsync(_site.Url("/", "public.test"), Stop));
        Assert.All(CommonPaths.Paths, path => Assert.Equal(1, _site.RequestsFor(path)));
        Assert.InRange(_site.Busy["public.test"].Most, 1, 3);
    }

    [Fact]
    public async Task A_host_that_asks_for_patience_is_asked_no_further()
    {
        _site.Answer("/rss", 429);
        _site.Publish("/rss.xml", "Too late");

        Assert.Null(await Paths().FindAsync(_site.Url("/", "public.test"), Stop));
        Assert.Equal(0, _site.RequestsFor("/rss.xml"));
    }

    [Fact]
    public async Task All_of_it_ends_in_time()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _site.Answer("/feed", async http =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });
        var time = new FakeTimeProvider();
        var search = Paths(time).FindAsync(_site.Url("/", "public.test"), Stop);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop);

        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Null(await search.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop));
        Assert.Equal(0, _site.RequestsFor("/rss.xml"));
    }

    private CommonPaths Paths(TimeProvider? time = null) => new(_fetcher, new FeedParser(Core.Formats), time ?? TimeProvider.System);
}
