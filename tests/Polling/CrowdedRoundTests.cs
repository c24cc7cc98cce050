using System.Globalization;
using Microsoft.AspNetCore.Http;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>Many feeds that want the same few places: of a host, and of the whole.</summary>
public sealed class CrowdedRoundTests : IAsyncLifetime
{
    private const int Places = 8;
    private readonly Desk _desk = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await FeedSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact(Timeout = 240_000)]
    public async Task B04_Two_hundred_slow_feeds_do_not_starve_a_good_one()
    {
        var (hang, good) = await SlowAndGoodAsync();

        var polling = _desk.PollAsync();
        await good.Arrived;
        await hang.Arrived;
        Assert.InRange(_site.Busy.Where(host => host.Key != "good.test").Sum(host => host.Value.Now), 1, Places / 4);

        good.Open();
        hang.Open();
        var counts = await polling;
        Assert.Equal((201, 0), (counts.Polls, counts.Failed));
    }

    /// <summary>The control: a process that has just started does not know yet who is slow.</summary>
    [Fact(Timeout = 240_000)]
    public async Task B04_First_come_first_served_alone_would_starve_it()
    {
        var (hang, good) = await SlowAndGoodAsync();
        _desk.Restart();
        var hanging = new SemaphoreSlim(0);
        AnswerSlow(async () =>
        {
            hanging.Release();
            await hang.PassAsync();
        });

        var polling = _desk.PollAsync();
        for (var i = 0; i < Places; i++)
            await hanging.WaitAsync(Desk.Token);
        Assert.False(good.Arrived.IsCompleted);

        hang.Open();
        good.Open();
        await polling;
    }

    [Fact(Timeout = 240_000)]
    public async Task B05_Five_hundred_feeds_of_one_host_use_two_connections_and_all_wait_when_it_asks_for_that()
    {
        _desk.Options.Spread = TimeSpan.FromSeconds(90);
        for (var i = 0; i < 500; i++)
        {
            _site.Publish(Path(i), "one");
            await _desk.SubscribeAsync(_site.Url(Path(i)), "a");
        }

        var first = await _desk.PollAsync();
        Assert.Equal((500, 0), (first.Polls, first.Failed));
        Assert.InRange(_site.Busy["a.test"].Most, 1, 2);
        Assert.InRange(await _desk.ReadAsync(db => db.Feeds.Select(f => f.NextPoll).Distinct().Count()), 400, 500);

        for (var i = 0; i < 500; i++)
            _site.Answer(Path(i), 429, "Retry-After", "7200");
        await _desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={_desk.Now.UtcTicks}");
        Assert.Equal(500, (await _desk.PollAsync()).Failed);
        Assert.InRange(Enumerable.Range(0, 500).Sum(i => _site.RequestsFor(Path(i))), 501, 502);
        Assert.Equal(500, await _desk.ReadAsync(db => db.Feeds.Count(f => f.NextPoll >= _desk.Now.AddHours(2) && f.State == FeedState.Active)));

        for (var i = 0; i < 500; i++)
            _site.Publish(Path(i), "one");
        _desk.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(500, (await _desk.PollAsync()).Unchanged);
        Assert.InRange(_site.Busy["a.test"].Most, 1, 2);
    }

    private static string Path(int i) => i.ToString("'/'0", CultureInfo.InvariantCulture);

    /// <summary>Two hundred feeds on as many hosts that are known to be slow and hang from now on, and a good one that is due after them.</summary>
    private async Task<(Gate Hang, Gate Good)> SlowAndGoodAsync()
    {
        _desk.Options.Concurrency = Places;
        _desk.Fetching.TimeLimit = TimeSpan.FromMinutes(5);

        // As many as there are places take six seconds, by the clock that stands still otherwise.
        var (came, together, turn) = (0, new Gate(), new Lock());
        AnswerSlow(() =>
        {
            lock (turn)
            {
                var now = together;
                if (++came % Places == 0)
                {
                    together = new Gate();
                    _desk.Time.Advance(TimeSpan.FromSeconds(6));
                    now.Open();
                }

                return now.PassAsync();
            }
        });
        for (var i = 0; i < 200; i++)
            await _desk.SubscribeAsync(_site.Url(Path(i), $"slow{i}.test"), "a");
        await _desk.PollAsync();
        Assert.Equal(200, await _desk.ReadAsync(db => db.Feeds.Count(f => f.LastSuccess != null)));
        _site.Publish("/good", "one");
        await _desk.SubscribeAsync(_site.Url("/good", "good.test"), "a");
        await _desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={_desk.Now.UtcTicks}+(Url LIKE '%good%')");

        var (hang, good) = (new Gate(), new Gate());
        AnswerSlow(hang.PassAsync);
        _site.Answer("/good", async http =>
        {
            await good.PassAsync();
            await FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "text")));
        });
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        return (hang, good);
    }

    private void AnswerSlow(Func<Task> wait)
    {
        for (var i = 0; i < 200; i++)
        {
            _site.Answer(Path(i), async http =>
            {
                await wait();
                await FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "text")));
            });
        }
    }
}
