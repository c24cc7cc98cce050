using System.Globalization;
using Microsoft.AspNetCore.Http;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>What becomes of a feed over several polls, and who is told: a failure of a day, a recovery, an end.</summary>
public sealed class FeedLifeTests : IAsyncLifetime
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

    [Fact]
    public async Task A_failure_of_a_day_is_told_once_and_so_is_its_end_also_over_restarts()
    {
        var feed = await StartAsync("a", "b");
        _site.Answer("/feed", 500);
        await PollForAsync(TimeSpan.FromHours(23));
        Assert.Empty(await NoticesAsync());

        await PollForAsync(TimeSpan.FromHours(30));
        _desk.Restart();
        await PollForAsync(TimeSpan.FromDays(4));
        var told = await NoticesAsync();
        Assert.Equal(["a", "b"], told.Select(notice => notice.Chat));
        Assert.All(told, notice => Assert.Matches(@"^“The feed” has been failing since yesterday\. a\.test answered 500 .* I keep trying\.$", notice.Text));
        Assert.NotNull((await _desk.FeedAsync(feed)).FailureToldAt);

        _site.Publish("/feed", "one");
        await PollForAsync(TimeSpan.FromDays(3));
        _desk.Restart();
        await PollForAsync(TimeSpan.FromHours(3));
        Assert.Equal(["a: “The feed” works again.", "b: “The feed” works again."], (await NoticesAsync()).Skip(2).Select(notice => $"{notice.Chat}: {notice.Text}"));
        Assert.Null((await _desk.FeedAsync(feed)).FailureToldAt);

        _site.Answer("/feed", 500);
        await PollForAsync(TimeSpan.FromDays(3));
        Assert.Equal(6, (await NoticesAsync()).Count);
    }

    [Fact]
    public async Task A_recovery_is_told_whether_the_document_changed_or_not()
    {
        await StartAsync("a");
        _site.Answer("/feed", 500);
        await PollForAsync(TimeSpan.FromDays(3));
        _site.Answer("/feed", http =>
        {
            http.Response.StatusCode = http.Request.Headers.IfNoneMatch.Count > 0 ? 304 : 200;
            return http.Response.StatusCode == 304 ? Task.CompletedTask : http.Response.WriteAsync(FeedSite.Rss(("two", "two", "two")));
        });
        await PollForAsync(TimeSpan.FromDays(3));
        Assert.Equal(2, (await NoticesAsync()).Count);
    }

    [Fact]
    public async Task A_short_failure_is_told_to_nobody()
    {
        await StartAsync("a");
        for (var i = 0; i < 3; i++)
        {
            _site.Answer("/feed", 500);
            await PollForAsync(TimeSpan.FromHours(10));
            _site.Publish("/feed", "one");
            await PollForAsync(TimeSpan.FromDays(1));
        }

        Assert.Empty(await NoticesAsync());
    }

    [Fact]
    public async Task B13_A_web_page_instead_of_a_feed_is_told_once()
    {
        await StartAsync("a");
        _site.Answer("/feed", http => http.Response.WriteAsync("<!doctype html><html><body>Please sign in.</body></html>"));
        await PollForAsync(TimeSpan.FromDays(10));
        Assert.Equal(["“The feed” has been failing since yesterday. a.test sent a web page instead of a feed. I keep trying."], (await NoticesAsync()).Select(notice => notice.Text));
    }

    [Theory]
    [InlineData(429, null)]
    [InlineData(429, "3600")]
    [InlineData(503, "60")]
    public async Task B14_A_host_that_asks_for_patience_fails_only_when_it_has_done_so_for_a_day(int status, string? retryAfter)
    {
        var feed = await StartAsync("a");
        _site.Answer("/feed", status, retryAfter is null ? null : "Retry-After", retryAfter);
        await PollForAsync(TimeSpan.FromHours(23));
        Assert.Empty(await NoticesAsync());
        Assert.Equal(FeedState.Active, (await _desk.FeedAsync(feed)).State);

        await PollForAsync(TimeSpan.FromDays(14));
        Assert.Equal([$"“The feed” has been failing since yesterday. a.test answered {status}: it asks for fewer requests. I keep trying."], (await NoticesAsync()).Select(notice => notice.Text));
        var failing = await _desk.FeedAsync(feed);
        Assert.Equal((FeedState.Broken, 0), (failing.State, failing.FailuresInARow));
        Assert.InRange(_desk.Now - failing.FirstFailure!.Value, TimeSpan.FromDays(14.9), TimeSpan.FromDays(15));

        // However long that went: it is asked as often as before.
        Assert.InRange(failing.NextPoll!.Value - failing.LastPoll!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(63));
        _site.Publish("/feed", "two", "one");
        await PollForAsync(TimeSpan.FromHours(2));
        Assert.Equal("“The feed” works again.", (await NoticesAsync())[^1].Text);
        var well = await _desk.FeedAsync(feed);
        Assert.Equal((FeedState.Active, null, null), (well.State, well.FirstFailure, well.FailureToldAt));
    }

    [Fact]
    public async Task B14_A_wish_for_patience_now_and_then_is_no_failure()
    {
        var feed = await StartAsync("a");
        for (var i = 0; i < 40; i++)
        {
            _site.Answer("/feed", 429);
            await PollForAsync(TimeSpan.FromHours(2));
            _site.Publish("/feed", "one");
            await PollForAsync(TimeSpan.FromHours(1));
        }

        Assert.Empty(await NoticesAsync());
        Assert.Null((await _desk.FeedAsync(feed)).FirstFailure);
    }

    [Fact]
    public async Task Who_paused_or_left_is_not_told()
    {
        var feed = await StartAsync("a", "b", "c", "d", "e");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET PausedSince=1 WHERE ChatId={await _desk.ChatAsync("a")}");
        await _desk.ChangeChatAsync("b", chat => chat.PausedSince = _desk.Now);
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET EndedAt=1 WHERE ChatId={await _desk.ChatAsync("c")}");
        await _desk.ExecuteAsync($"UPDATE Chats SET GoneSince=1 WHERE Id={await _desk.ChatAsync("d")}");
        _site.Answer("/feed", 500);
        await PollForAsync(TimeSpan.FromDays(3));
        Assert.Equal(["e"], (await NoticesAsync()).Select(notice => notice.Chat));
        Assert.NotNull((await _desk.FeedAsync(feed)).FailureToldAt);
    }

    [Fact]
    public async Task What_can_be_done_about_a_failure_is_offered_for_a_week_to_whoever_may()
    {
        await StartAsync("a");
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Number=7");
        _site.Answer("/feed", 500);
        await PollForAsync(TimeSpan.FromDays(3));

        var offered = await _desk.ReadAsync(db => db.OfferedActions.ToList());
        Assert.Equal(["/check 7", "/pause 7"], offered.Select(action => action.CommandLine).Order(StringComparer.Ordinal));
        Assert.All(offered, action => Assert.Equal(("fake:a", "", true), (action.Chat, action.Person, action.Until > _desk.Now.AddDays(4))));
        var stored = Assert.Single(await _desk.DeliveriesAsync()).NoticeActions!;
        Assert.All(offered, action => Assert.Contains(action.Token, stored, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_offered_follows_a_chat_that_moves()
    {
        await StartAsync("a");
        _site.Answer("/feed", 410);
        await PollForAsync(TimeSpan.FromHours(1));
        await _desk.Events.MovedAsync(new ChatAddress("fake", "a"), new ChatAddress("fake", "z"), Desk.Token);
        Assert.Equal("fake:z", (await _desk.ReadAsync(db => db.OfferedActions.Single())).Chat);
    }

    [Fact]
    public async Task A_feed_that_is_gone_ends_in_each_chat_and_what_is_owed_still_comes()
    {
        var feed = await StartAsync("a", "b");
        _site.Publish("/feed", "two", "one");
        await PollForAsync(TimeSpan.FromMinutes(15));
        _site.Answer("/feed", 410);
        await PollForAsync(TimeSpan.FromDays(2));

        var told = await NoticesAsync();
        Assert.Equal(["a", "b"], told.Select(notice => notice.Chat));
        Assert.All(told, notice => Assert.Equal("The publisher of “The feed” has taken it away for good, so its subscription here has ended. That can be taken back for a day.", notice.Text));
        Assert.All(await _desk.ReadAsync(db => db.Subscriptions.ToList()), subscription => Assert.NotNull(subscription.EndedAt));
        Assert.Null((await _desk.FeedAsync(feed)).NextPoll);
        var lines = await _desk.ReadAsync(db => db.AuditLines.ToList());
        Assert.Equal(["unsubscribe", "unsubscribe"], lines.Select(line => line.Command));
        Assert.Equal(lines.Select(line => $"/undo {line.Id}"), (await _desk.ReadAsync(db => db.OfferedActions.ToList())).Select(action => action.CommandLine).Order(StringComparer.Ordinal));

        _desk.Platform.Open("a");
        _desk.Platform.Open("b");
        await new Notifier.Operating.Retention(_desk.Storage, _desk.Time).SweepAsync(Desk.Token);
        await _desk.DeliverAsync();
        Assert.Equal(2, _desk.Platform.Shown("a").Count);
        Assert.Contains("two: The text of two.", _desk.Platform.Shown("a"));
    }

    private async Task<long> StartAsync(params string[] chats)
    {
        _site.Publish("/feed", "one");
        var feed = await _desk.SubscribeAsync(_site.Url("/feed"), chats);
        await _desk.PollAsync();
        return feed;
    }

    /// <summary>Polls whenever the feed is due, until so much time has gone by.</summary>
    private async Task PollForAsync(TimeSpan length)
    {
        var end = _desk.Now + length;
        while (await _desk.ReadAsync(db => db.Feeds.Min(f => f.NextPoll)) is { } next && next <= end)
        {
            if (next > _desk.Now)
                _desk.Time.Advance(next - _desk.Now);
            await _desk.PollAsync();
        }

        _desk.Time.Advance(end - _desk.Now);
    }

    private Task<List<(string Chat, string Text)>> NoticesAsync() => _desk.ReadAsync(db => (
        from delivery in db.Deliveries
        join chat in db.Chats on delivery.ChatId equals chat.Id
        where delivery.Notice != null
        orderby delivery.Id
        select new ValueTuple<string, string>(chat.Address, delivery.Notice!)).ToList());
}
