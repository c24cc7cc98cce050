using Microsoft.Extensions.Logging.Abstractions;
using Notifier.Bot.Workers;
using Notifier.Operating;
using Notifier.Tests.Support;

namespace Notifier.Tests.Operating;

/// <summary>The machine's clock is set, or the machine sleeps: no burst of polls, and no silence until an old time comes again.</summary>
public sealed class ClockChangeTests : IAsyncLifetime
{
    private readonly Desk _desk = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _desk.Platform.Open("a");
        for (var n = 0; n < 50; n++)
        {
            _site.Publish($"/{n}", "zero");
            await _desk.SubscribeAsync(_site.Url($"/{n}", $"h{n}.test"), "a");
        }

        await _desk.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-60 * 24 * 3650)]
    public async Task L01_A_clock_that_is_set_back_silences_nobody(int minutes)
    {
        _desk.Time.Advance(TimeSpan.FromMinutes(10));
        _desk.Time.SetBy(TimeSpan.FromMinutes(minutes));
        await Change.ApplyAsync(TimeSpan.FromMinutes(minutes), Desk.Token);

        // As far from now as it was before: no burst, and within one interval.
        Assert.Equal(0, (await _desk.PollAsync()).Polls);
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        _site.Publish("/7", "one", "zero");
        Assert.Equal(50, (await _desk.PollAsync()).Polls);

        // Also for a wish that was made by the old clock.
        await _desk.DeliverAsync();
        Assert.Equal([["one"]], _desk.Platform.Named("a"));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(8 * 60)]
    [InlineData(60 * 24 * 3650)]
    public async Task L01_L03_After_a_leap_ahead_each_feed_is_polled_once_and_not_all_in_one_second(int minutes)
    {
        _desk.Time.SetBy(TimeSpan.FromMinutes(minutes));
        await Change.ApplyAsync(TimeSpan.FromMinutes(minutes), Desk.Token);
        var times = await _desk.ReadAsync(db => db.Feeds.Select(f => f.NextPoll!.Value).ToList());
        Assert.True(times.Max() - times.Min() > TimeSpan.FromSeconds(50));
        Assert.All(times, time => Assert.InRange(time, _desk.Now, _desk.Now.AddMinutes(1)));
        var polls = 0;
        for (var second = 0; second <= 60; second++)
        {
            var now = (await _desk.PollAsync()).Polls;
            Assert.InRange(now, 0, 10);
            polls += now;
            _desk.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(50, polls);
    }

    [Fact]
    public async Task L01_What_was_due_by_the_old_clock_is_sent_now_and_a_flood_wait_moves_along()
    {
        await _desk.OweAsync("a", "owed", "one");
        await _desk.ChangeChatAsync("a", chat => chat.NotBefore = _desk.Now.AddMinutes(5));
        _desk.Time.SetBy(TimeSpan.FromHours(-1));
        await Change.ApplyAsync(TimeSpan.FromHours(-1), Desk.Token);
        await _desk.DeliverAsync();
        Assert.Empty(_desk.Platform.Named("a"));
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();
        Assert.Equal([["one"]], _desk.Platform.Named("a"));
    }

    [Fact]
    public async Task L01_A_wait_that_a_platform_or_a_host_asked_for_does_not_grow_with_the_clock()
    {
        await _desk.OweAsync("a", "owed", "one");
        _desk.Platform.Open("a", new Notifier.Chats.SendResult.RetryAfter(TimeSpan.FromSeconds(30), WholeToken: true));
        await _desk.DeliverAsync();
        var hosts = new Notifier.Polling.HostCooldown(_desk.Time);
        hosts.Extend("h.test", TimeSpan.FromMinutes(5));
        _desk.Time.SetBy(TimeSpan.FromHours(-1));
        await Change.ApplyAsync(TimeSpan.FromHours(-1), Desk.Token);
        await _desk.DeliverAsync();
        Assert.Empty(_desk.Platform.Named("a"));
        _desk.Time.Advance(TimeSpan.FromSeconds(30));
        await _desk.DeliverAsync();
        Assert.Equal([["one"]], _desk.Platform.Named("a"));
        Assert.Equal(_desk.Now.AddMinutes(4.5), hosts.Until("h.test"));
    }

    [Fact]
    public async Task L01_A_clock_that_was_wrong_in_the_last_run_is_noticed_at_the_next_start()
    {
        Assert.Equal(TimeSpan.Zero, await Change.SinceLastRunAsync(_desk.Now, Desk.Token));
        _desk.Time.SetBy(TimeSpan.FromDays(-3650));
        Assert.Equal(TimeSpan.FromDays(-3650), await Change.SinceLastRunAsync(_desk.Now, Desk.Token));
    }

    [Fact]
    public async Task L01_The_worker_notices_a_clock_that_is_set_while_it_runs()
    {
        using var worker = new ClockWorker(Change, new WorkerHealth(_desk.Time), _desk.Time, NullLogger<ClockWorker>.Instance);
        await worker.StartAsync(Desk.Token);
        var before = await _desk.FeedAsync(1);
        _desk.Time.SetBy(TimeSpan.FromHours(-1));
        for (var tries = 0; tries < 3000 && (await _desk.FeedAsync(1)).NextPoll == before.NextPoll; tries++)
        {
            _desk.Time.Advance(TimeSpan.FromSeconds(1));
            await _desk.Storage.Writer.RunAsync(_ => { }, Desk.Token);
        }

        // The clock goes on between its two looks.
        Assert.InRange((await _desk.FeedAsync(1)).NextPoll!.Value, before.NextPoll!.Value.AddMinutes(-65), before.NextPoll.Value.AddMinutes(-55));
        await worker.StopAsync(Desk.Token);
    }

    [Fact]
    public async Task L04_What_was_missed_while_down_is_caught_up_by_exactly_one_poll()
    {
        _desk.Time.Advance(TimeSpan.FromHours(8));
        _desk.Restart();
        Assert.Equal(50, (await _desk.PollAsync()).Polls);
        Assert.Equal(0, (await _desk.PollAsync()).Polls);
    }

    private ClockChange Change => new(_desk.Storage, _desk.Poller, _desk.Outbox, _desk.Time);
}
