using Microsoft.AspNetCore.Http;
using Notifier.Polling;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>What a publisher says of how seldom to poll it, from the document and the answer to the next poll.</summary>
public sealed class PollHintsTests : IAsyncLifetime
{
    private readonly Desk _desk = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await FeedSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Theory]
    [InlineData("<ttl>60</ttl>", null, 60)]
    [InlineData("<ttl>0</ttl>", null, 15)]
    [InlineData("<ttl>-5</ttl>", null, 15)]
    [InlineData("<ttl>999999</ttl>", null, 15)]
    [InlineData("<ttl>often</ttl>", null, 15)]
    [InlineData("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", null, 15)]
    [InlineData("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>", null, 120)]
    [InlineData("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>1000000</sy:updateFrequency>", null, 15)]
    [InlineData("<sy:updatePeriod>yearly</sy:updatePeriod>", null, 375)]
    [InlineData("<skipHours><hour>12</hour></skipHours>", null, 60)]
    [InlineData("<skipDays><day>Tuesday</day></skipDays>", null, 720)]
    [InlineData("", "public, max-age=3600", 60)]
    [InlineData("", "max-age=120", 15)]
    [InlineData("", "max-age=31536000", 375)]
    [InlineData("", "no-cache, max-age=3600", 15)]
    [InlineData("", "max-age=-1", 15)]
    [InlineData("<ttl>60</ttl>", "max-age=7200", 120)]
    [InlineData("<ttl>120</ttl>", "max-age=3600", 120)]
    public async Task A_hint_holds_after_a_new_document_and_after_an_unchanged_one(string element, string? cacheControl, int minutes)
    {
        var feed = await StartAsync(element, cacheControl);
        Assert.Equal(_desk.Now.AddMinutes(minutes), (await _desk.FeedAsync(feed)).NextPoll);

        // Again at the same time of another day.
        _desk.Time.Advance(TimeSpan.FromDays(7));
        var counts = await _desk.PollAsync();

        Assert.Equal(1, counts.Unchanged);
        Assert.Equal(_desk.Now.AddMinutes(minutes), (await _desk.FeedAsync(feed)).NextPoll);
    }

    [Fact]
    public async Task What_a_document_hints_is_stored_and_goes_when_the_document_says_it_no_more()
    {
        var feed = await StartAsync("<ttl>90</ttl><skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day><day>Saturday</day></skipDays>", null);
        var stored = await _desk.FeedAsync(feed);
        Assert.Equal((90, 1 | (1 << 23), 1 | (1 << 6)), (stored.MinutesToLive, stored.SkipHours, stored.SkipDays));

        Answer("<description>new</description>", null);
        _desk.Time.Advance(TimeSpan.FromHours(2));
        await _desk.PollAsync();
        stored = await _desk.FeedAsync(feed);
        Assert.Equal((null, 0, 0), (stored.MinutesToLive, stored.SkipHours, stored.SkipDays));
        Assert.Equal(_desk.Now.AddMinutes(15), stored.NextPoll);
    }

    [Fact]
    public async Task A_feed_with_a_schedule_of_its_own_follows_that()
    {
        var feed = await StartAsync("<ttl>60</ttl><skipHours><hour>12</hour></skipHours>", "max-age=7200");
        await _desk.ExecuteAsync("UPDATE Feeds SET Cron='*/10 * * * *', NextPoll=0");
        await _desk.PollAsync();
        Assert.Equal(_desk.Now.AddMinutes(10), (await _desk.FeedAsync(feed)).NextPoll);
    }

    [Fact]
    public async Task Who_asks_for_a_poll_and_who_nudges_gets_one_at_once()
    {
        await StartAsync("<ttl>60</ttl><skipHours><hour>12</hour></skipHours>", "max-age=7200");
        Assert.NotNull(await _desk.Poller.PollNowAsync(1, whole: false, Desk.Token));
        Assert.Equal(2, _site.RequestsFor("/feed"));
        await _desk.Poller.NudgeAsync(_site.Url("/feed"), Desk.Token);
        await _desk.PollAsync();
        Assert.Equal(3, _site.RequestsFor("/feed"));
    }

    [Fact]
    public async Task A_failure_is_tried_again_by_its_own_plan()
    {
        var feed = await StartAsync("<ttl>360</ttl><skipHours><hour>12</hour></skipHours>", null);
        _site.Answer("/feed", 500);
        await _desk.ExecuteAsync("UPDATE Feeds SET NextPoll=0");
        await _desk.PollAsync();
        var broken = await _desk.FeedAsync(feed);
        Assert.Equal(1, broken.FailuresInARow);
        Assert.InRange(broken.NextPoll!.Value, _desk.Now.AddMinutes(14), _desk.Now.AddMinutes(16));
    }

    private async Task<long> StartAsync(string element, string? cacheControl)
    {
        Answer(element, cacheControl);
        var feed = await _desk.SubscribeAsync(_site.Url("/feed"), "a");
        await _desk.PollAsync();
        return feed;
    }

    private void Answer(string element, string? cacheControl) => _site.Answer("/feed", http =>
    {
        if (cacheControl is not null)
            http.Response.Headers.CacheControl = cacheControl;
        return FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "text"))
            .Replace("<channel>", $"<channel>{element}", StringComparison.Ordinal)
            .Replace("<rss ", "<rss xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" ", StringComparison.Ordinal));
    });
}
