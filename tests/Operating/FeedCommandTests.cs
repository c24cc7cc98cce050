using Microsoft.EntityFrameworkCore;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Operating;

/// <summary>What the operator does with feeds themselves, for everyone who gets them.</summary>
public sealed class FeedCommandTests : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Home => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        await _door.MakeOperatorAsync("@op");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task It_is_the_operators_alone()
    {
        Assert.Equal("Only whoever runs this Notifier can use /feed.", await _door.AskAsync("/feed health"));
        Assert.StartsWith("What shall I do with the feed?", await AskAsync("/feed paint #1"), StringComparison.Ordinal);
        Assert.StartsWith("Which feed?", await AskAsync("/feed pause"), StringComparison.Ordinal);
        Assert.Equal("There is no feed #7.", await AskAsync("/feed pause #7"));
        Assert.Equal("No feed is called “nothing”, or is at that address.", await AskAsync("/feed pause nothing"));
    }

    [Fact]
    public async Task An_added_feed_is_known_and_not_polled_before_somebody_wants_it()
    {
        _site.Publish("/feed", "one");
        _site.Answer("/none", 404);
        Assert.StartsWith("a.test answered 404", await AskAsync($"/feed add {_site.Url("/none")}"), StringComparison.Ordinal);
        Assert.Equal("I know “The feed” now, as #1. No chat gets it yet, so it is polled only once one subscribes.", await AskAsync($"/feed add {_site.Url("/feed")}"));
        Assert.Equal("I know “The feed” already, as #1.", await AskAsync($"/feed add {_site.Url("/feed")}"));
        Assert.Null((await Home.FeedAsync(1)).NextPoll);
        Assert.Equal(("feed", "feed:1", null), await LastLineAsync());

        Assert.StartsWith("Subscribed to “The feed”", await _door.AskAsync($"/subscribe {_site.Url("/feed")} none"), StringComparison.Ordinal);
        Assert.NotNull((await Home.FeedAsync(1)).NextPoll);
    }

    [Fact]
    public async Task A_feed_gets_another_address_and_keeps_what_it_has_seen()
    {
        var feed = await StartAsync("/feed", "a", "b");
        _site.Publish("/new", "two", "one");
        _site.Answer("/none", http => { http.Response.StatusCode = 404; return Task.CompletedTask; });
        Assert.StartsWith("Write the feed, then its new address", await AskAsync("/feed edit #1"), StringComparison.Ordinal);
        Assert.StartsWith("a.test answered 404", await AskAsync($"/feed edit #1 {_site.Url("/none")}"), StringComparison.Ordinal);
        Assert.Equal("“The feed” is at that address already.", await AskAsync($"/feed edit #1 {_site.Url("/feed")}"));
        Assert.Equal(_site.Url("/feed").AbsoluteUri, (await Home.FeedAsync(feed)).Url);

        Assert.Equal($"“The feed” is now at {_site.Url("/new")}. What it had seen is kept, and 2 chats are told.", await AskAsync($"/feed edit The feed {_site.Url("/new")}"));
        await Home.PollAsync();
        Assert.Equal(["two"], await Home.OwedAsync("a"));
        var line = await Home.ReadAsync(db => db.AuditLines.OrderBy(a => a.Id).Last());
        Assert.Contains("/feed", line.Before, StringComparison.Ordinal);
        Assert.Contains("/new", line.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_whose_new_address_is_known_becomes_one_with_that()
    {
        await StartAsync("/feed", "a");
        await StartAsync("/new", "b");
        _site.Publish("/new", "two", "one");
        Assert.Equal($"“The feed” was known at {_site.Url("/new")} already: the two are one now, as #2, and one chat is told.", await AskAsync($"/feed edit #1 {_site.Url("/new")}"));
        await Home.PollAsync();
        Assert.Equal(["two"], await Home.OwedAsync("a"));
        Assert.Equal(["two"], await Home.OwedAsync("b"));
        Assert.Equal(2, (await Home.ReadAsync(db => db.Feeds.Single())).Id);
    }

    [Fact]
    public async Task A_feed_that_is_gone_before_its_new_address_was_read_is_answered_in_words()
    {
        await StartAsync("/feed", "a");
        _site.Answer("/new", async http =>
        {
            await Home.ExecuteAsync("DELETE FROM Subscriptions; DELETE FROM FeedMemories; DELETE FROM Feeds");
            await FeedSite.SendAsync(http, FeedSite.Rss(("two", "two", "two")));
        });
        Assert.Equal("There is no feed #1.", await AskAsync($"/feed edit #1 {_site.Url("/new")}"));
    }

    [Fact]
    public async Task A_feed_that_went_there_by_itself_while_its_new_address_was_read_is_not_told_again()
    {
        await StartAsync("/feed", "a");
        _site.Answer("/new", async http =>
        {
            await Home.ExecuteAsync($"UPDATE Feeds SET Url='{_site.Url("/new")}'");
            await FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "one")));
        });
        Assert.Equal("“The feed” is at that address already.", await AskAsync($"/feed edit #1 {_site.Url("/new")}"));
        Assert.Empty(await Home.DeliveriesAsync());
    }

    [Fact]
    public async Task What_becomes_of_a_filter_by_it_is_in_the_history_and_can_be_taken_back()
    {
        await StartAsync("/feed", "a");
        await StartAsync("/new", "a");
        await Home.ExecuteAsync("UPDATE Subscriptions SET Filter='rust' WHERE FeedId=1");
        await Home.ExecuteAsync("UPDATE Subscriptions SET Filter='go' WHERE FeedId=2");
        await AskAsync($"/feed edit #1 {_site.Url("/new")}");
        Assert.Equal("(rust) or (go)", (await Home.ReadAsync(db => db.Subscriptions.Single())).Filter);
        var history = await _door.AskAsync("/history");
        Assert.Contains("notifier", history, StringComparison.Ordinal);
        Assert.Contains("(rust) or (go)", history, StringComparison.Ordinal);
        Assert.StartsWith("Taken back", await _door.AskAsync("/undo"), StringComparison.Ordinal);
        Assert.Equal("rust", (await Home.ReadAsync(db => db.Subscriptions.Single())).Filter);
    }

    [Fact]
    public async Task A_feed_that_fails_at_its_new_address_too_is_told_again()
    {
        var feed = await StartAsync("/feed", "a");
        await Home.ExecuteAsync("UPDATE Feeds SET State='Broken', FailuresInARow=9, FirstFailure=5, FailureToldAt=6");
        _site.Publish("/new", "one");
        await AskAsync($"/feed edit #1 {_site.Url("/new")}");
        Assert.Null((await Home.FeedAsync(feed)).FailureToldAt);
        _site.Answer("/new", 500);
        for (var i = 0; i < 4; i++)
        {
            Home.Time.Advance(TimeSpan.FromHours(12));
            await Home.PollAsync();
        }

        Assert.Contains(await Home.DeliveriesAsync(), delivery => delivery.Key.StartsWith("failing:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gone_feed_lives_at_its_new_address()
    {
        var feed = await StartAsync("/feed", "a");
        _site.Answer("/feed", 410);
        Home.Time.Advance(TimeSpan.FromMinutes(15));
        await Home.PollAsync();
        _site.Publish("/new", "two", "one");
        await AskAsync($"/feed edit #1 {_site.Url("/new")}");
        Assert.StartsWith("Taken back", await _door.AskAsync("/undo"), StringComparison.Ordinal);
        await Home.PollAsync();
        Assert.Equal(FeedState.Active, (await Home.FeedAsync(feed)).State);
        Assert.Equal(["two"], await Home.OwedAsync("a"));
    }

    [Fact]
    public async Task A_gone_feed_that_is_taken_back_is_polled_once_more_and_then_only_when_asked()
    {
        var feed = await StartAsync("/feed", "a");
        _site.Answer("/feed", 410);
        Home.Time.Advance(TimeSpan.FromMinutes(15));
        await Home.PollAsync();
        var line = (await Home.ReadAsync(db => db.OfferedActions.Single())).CommandLine;
        Assert.Equal("Taken back: the subscription goes on, and nothing was missed.", await _door.AskAsync(line));
        Home.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, (await Home.PollAsync()).Polls);
        Home.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await Home.PollAsync()).Polls);
        Assert.Null((await Home.FeedAsync(feed)).NextPoll);
        Assert.EndsWith("gone: the publisher took it away for good", await _door.AskAsync("/list"), StringComparison.Ordinal);

        Assert.Contains("taken it away for good", await _door.AskAsync("/check 1"), StringComparison.Ordinal);
        Assert.Single(await Home.DeliveriesAsync());
        Home.Time.Advance(TimeSpan.FromHours(1));
        _site.Publish("/feed", "two", "one");
        Assert.Equal("Polled “The feed”: one new entry, on the way.", await _door.AskAsync("/check 1"));
        Assert.NotNull((await Home.FeedAsync(feed)).NextPoll);
    }

    [Fact]
    public async Task A_schedule_is_said_in_words_with_the_next_times_and_is_kept_to()
    {
        var feed = await StartAsync("/feed", "a");
        Assert.Equal("“The feed” is polled every 15 minutes. Next: Tue 24 Nov 12:00 · Tue 24 Nov 12:15 · Tue 24 Nov 12:30 (UTC).", await AskAsync("/feed schedule #1"));
        Assert.Equal("“The feed” is polled every 30 minutes. Next: Tue 24 Nov 12:00 · Tue 24 Nov 12:30 · Tue 24 Nov 13:00 (UTC).", await AskAsync("/feed schedule #1 */30 * * * *"));
        Assert.Equal("“The feed” is polled on Monday at 09:00. Next: Mon 30 Nov 09:00 · Mon 7 Dec 09:00 · Mon 14 Dec 09:00 (Europe/Berlin).", await AskAsync("/feed schedule \"The feed\" 0 9 * * 1 Europe/Berlin"));
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 8, 0, 0, TimeSpan.Zero), (await Home.FeedAsync(feed)).NextPoll);
        Assert.Equal(("feed", "feed:1", "{\"Url\":\"" + _site.Url("/feed") + "\",\"Cron\":\"*/30 * * * *\",\"Zone\":null,\"PausedSince\":null,\"HasLogin\":false,\"AcceptsInsecure\":false,\"FullText\":false}"), await LastLineAsync());
        await AskAsync("/feed schedule #1 default");
        Assert.Equal((null, null, Home.Now.AddMinutes(15)), await Home.ReadAsync(db => db.Feeds.Select(f => new ValueTuple<string?, string?, DateTimeOffset?>(f.Cron, f.Zone, f.NextPoll)).Single()));
    }

    [Theory]
    [InlineData("*/2 * * * *", "That is too often: at least 5 minutes must lie between two times.")]
    [InlineData("0,3 * * * *", "That is too often: at least 5 minutes must lie between two times.")]
    [InlineData("0 0 31 2 *", "“0 0 31 2 *” never comes.")]
    [InlineData("*/5 * * * * *", "“*/5 * * * * *” has six fields, so it goes by seconds; here are five: minute, hour, day, month, weekday.")]
    [InlineData("\"0 0 9 * * *\"", "“0 0 9 * * *” has six fields, so it goes by seconds; here are five: minute, hour, day, month, weekday.")]
    [InlineData("0 9 * * * Mars/Phobos", "“Mars/Phobos” is not a time zone: write an IANA name such as Europe/Berlin.")]
    [InlineData("now", "A feed is polled at times: daily, every 2 hours, or cron such as H/30 * * * *. For the setting's schedule write default.")]
    [InlineData("often", "I do not understand “often” as a time. Write now, daily, weekdays 7:30, mon 18:00, every 2 hours, or cron with five fields such as 0 9 * * *.")]
    public async Task A_schedule_that_cannot_be_is_refused(string schedule, string why)
    {
        var feed = await StartAsync("/feed", "a");
        Assert.Equal(why, await AskAsync($"/feed schedule #1 {schedule}"));
        Assert.Null((await Home.FeedAsync(feed)).Cron);
    }

    [Fact]
    public async Task A_paused_feed_is_polled_by_nothing_until_it_is_resumed()
    {
        var feed = await StartAsync("/feed", "a");
        _site.Publish("/feed", "two", "one");
        Assert.Equal("Paused “The feed” for everyone (one chat): it is not polled until /feed resume.", await AskAsync("/feed pause #1"));
        Assert.Equal("“The feed” is paused already.", await AskAsync("/feed pause #1"));
        var asked = _site.RequestsFor("/feed");

        Home.Time.Advance(TimeSpan.FromHours(1));
        const string Why = "The operator has paused “The feed” for everyone, so it is not polled now.";
        Assert.Equal(Why, await _door.AskAsync("/check 1"));
        Assert.Equal(Why, await _door.AskAsync($"/subscribe {_site.Url("/feed")}", "b"));
        await Home.SubscribeAsync(_site.Url("/feed"), "c");
        await Home.Poller.MakeAllDueAsync(Desk.Token);
        await Home.Poller.NudgeAsync(_site.Url("/feed"), Desk.Token);
        await Home.Poller.ReleaseClaimsAsync(Desk.Token);
        Assert.Null(await Home.Poller.PollNowAsync(feed, whole: true, Desk.Token));
        await Home.PollAsync();
        Assert.Equal(asked, _site.RequestsFor("/feed"));
        Assert.EndsWith("paused by the operator", await _door.AskAsync("/list"), StringComparison.Ordinal);

        Assert.Equal("“The feed” is polled again.", await AskAsync("/feed resume #1"));
        Assert.Equal("“The feed” is not paused.", await AskAsync("/feed resume #1"));
        await Home.PollAsync();
        Assert.Equal(["two"], await Home.OwedAsync("a"));
    }

    [Fact]
    public async Task A_feed_is_removed_once_that_is_confirmed_and_each_chat_may_take_it_back()
    {
        await StartAsync("/feed", "a", "b");
        await StartAsync("/other", "a");
        var sure = await _door.SendAsync(_door.Line("/feed remove #1", person: "@op"));
        Assert.Equal("This ends “The feed” in 2 chats. Are you sure?", Spans.Text(sure!.Text));
        Assert.Equal(3, await LivingAsync());
        Assert.Equal("Removed “The feed” from 2 chats. Each was told, and can take it back for a day.", await AskAsync(sure.Actions.Single().CommandLine));
        Assert.Equal(1, await LivingAsync());

        Home.Platform.Open("a");
        Home.Platform.Open("b");
        await Home.DeliverAsync();
        Assert.Equal(["The operator has removed “The feed”, so its subscription here has ended. That can be taken back for a day."], Home.Platform.Shown("b"));
        var undo = await Home.ReadAsync(db => db.OfferedActions.Single(action => action.Chat == "fake:b"));
        Assert.StartsWith("Taken back", await _door.AskAsync(undo.CommandLine, "b"), StringComparison.Ordinal);
        Assert.Equal(2, await LivingAsync());
    }

    [Fact]
    public async Task Health_shows_the_worst_and_one_in_all_detail()
    {
        await StartAsync("/feed", "a", "b");
        Assert.Equal("The one feed is fine.", await AskAsync("/feed health"));
        _site.Answer("/bad", 500);
        await Home.SubscribeAsync(_site.Url("/bad"), "a");
        await Home.PollAsync();
        var worst = await AskAsync("/feed health");
        Assert.StartsWith("One of 2 feeds needs a look:", worst, StringComparison.Ordinal);
        Assert.Contains("#2 a.test · failing since just now: a.test answered 500", worst, StringComparison.Ordinal);

        var one = await AskAsync("/feed health the feed");
        Assert.StartsWith($"#1 The feed: {_site.Url("/feed")}", one, StringComparison.Ordinal);
        foreach (var fact in new[] { "State: works", "Last poll: just now; that went well: just now; of the whole document: just now", "Next poll: within the next 15 minutes; polled every 15 minutes", "Failures in a row: 0; the first: none", "Validators: ETag", "2 chats get it", "Without a login" })
            Assert.Contains(fact, one, StringComparison.Ordinal);
        Assert.Contains("Failures in a row: 1; the first: just now", await AskAsync("/feed health #2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_several_that_fit_is_chosen()
    {
        await StartAsync("/feed", "a");
        await StartAsync("/other", "a");
        var several = await _door.SendAsync(_door.Line("/feed pause feed", person: "@op"));
        Assert.Equal("“feed” fits several feeds. Which one?", Spans.Text(several!.Text));
        Assert.StartsWith("Paused", await AskAsync(several.Actions[1].CommandLine), StringComparison.Ordinal);
        Assert.NotNull((await Home.FeedAsync(2)).PausedSince);
    }

    private async Task<long> StartAsync(string path, params string[] chats)
    {
        _site.Publish(path, "one");
        var feed = await Home.SubscribeAsync(_site.Url(path), chats);
        await Home.PollAsync();
        return feed;
    }

    private Task<string?> AskAsync(string line) => _door.AskAsync(_door.Line(line, person: "@op"));

    private Task<int> LivingAsync() => Home.ReadAsync(db => db.Subscriptions.Count(s => s.EndedAt == null));

    private async Task<(string Command, string Subject, string? Before)> LastLineAsync()
    {
        var line = await Home.ReadAsync(db => db.AuditLines.OrderBy(a => a.Id).Last());
        return (line.Command, line.Subject, line.Before);
    }
}
