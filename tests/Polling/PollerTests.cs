using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>From a due feed on a web server to what is owed, feed by feed.</summary>
public sealed class PollerTests : IAsyncLifetime
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
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
    public async Task The_first_poll_announces_nothing_and_each_new_entry_is_owed_once_to_each_chat()
    {
        var feed = await StartAsync("/feed", ["a", "b"], "two", "one");
        Assert.Empty(await _desk.OwedAsync("a"));

        _site.Publish("/feed", "four", "three", "two", "one");
        for (var i = 0; i < 3; i++)
            await PollLaterAsync();

        Assert.Equal(["three", "four"], await _desk.OwedAsync("a"));
        Assert.Equal(["three", "four"], await _desk.OwedAsync("b"));
        Assert.All(await _desk.DeliveriesAsync(), d => Assert.Equal(d.CreatedAt, d.DueAt));
        var now = await _desk.FeedAsync(feed);
        Assert.Equal("The feed", now.Title);
        Assert.Equal(FeedState.Active, now.State);
        Assert.Equal(_desk.Now, now.LastSuccess);
    }

    [Fact]
    public async Task An_unchanged_feed_is_asked_conditionally_and_recorded_as_polled()
    {
        string? asked = null;
        var feed = await StartAsync("/feed", ["a"], "one");
        var first = await _desk.FeedAsync(feed);
        _site.Answer("/feed", http =>
        {
            asked = http.Request.Headers.IfNoneMatch;
            http.Response.StatusCode = 304;
            return Task.CompletedTask;
        });

        var counts = await PollLaterAsync();

        Assert.Equal((1, 1, 0, 0), (counts.Polls, counts.Unchanged, counts.Changed, counts.Failed));
        Assert.Equal(first.ETag, asked);
        var now = await _desk.FeedAsync(feed);
        Assert.Equal((_desk.Now, _desk.Now, _desk.Now + Quarter), (now.LastPoll, now.LastSuccess, now.NextPoll));
        Assert.Equal((first.ETag, first.BodyHash, first.LastFullPoll), (now.ETag, now.BodyHash, now.LastFullPoll));
    }

    [Fact]
    public async Task B12_Once_a_day_the_whole_document_is_asked_for_since_validators_lie()
    {
        var document = FeedSite.Rss(("one", "one", "text"));
        _site.Answer("/feed", http =>
        {
            http.Response.Headers.ETag = "\"always the same\"";
            if (http.Request.Headers.IfNoneMatch.Count > 0)
                http.Response.StatusCode = 304;
            return http.Response.StatusCode == 304 ? Task.CompletedTask : http.Response.WriteAsync(document);
        });
        await _desk.SubscribeAsync(_site.Url("/feed"), "a");
        await _desk.PollAsync();
        document = FeedSite.Rss(("two", "two", "text"), ("one", "one", "text"));

        await PollLaterAsync();
        Assert.Empty(await _desk.OwedAsync("a"));
        await PollLaterAsync(TimeSpan.FromDays(1));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task B14_A_failing_feed_is_told_in_plain_words_tried_less_and_less_and_recovers()
    {
        var feed = await StartAsync("/feed", ["a"], "one");
        _site.Answer("/feed", 500);
        var broke = _desk.Now + Quarter;
        var pauses = new List<double>();
        for (var failures = 1; failures <= 9; failures++)
        {
            await PollLaterAsync((await _desk.FeedAsync(feed)).NextPoll!.Value - _desk.Now);
            var broken = await _desk.FeedAsync(feed);
            Assert.Equal((FeedState.Broken, failures, broke), (broken.State, broken.FailuresInARow, broken.FirstFailure));
            Assert.Contains("a.test", broken.LastError.Said(), StringComparison.Ordinal);
            pauses.Add((broken.NextPoll!.Value - _desk.Now).TotalMinutes);
        }

        Assert.All(pauses.Zip(pauses.Skip(1)), pair => Assert.True(pair.Second >= pair.First * 1.5 || pair.Second >= 1440 * 0.9, $"{pair}"));
        Assert.InRange(pauses[^1], 1300, 1440);

        _site.Publish("/feed", "two", "one");
        await PollLaterAsync(TimeSpan.FromDays(1));
        var healed = await _desk.FeedAsync(feed);
        Assert.Equal((FeedState.Active, 0, null, null), (healed.State, healed.FailuresInARow, healed.FirstFailure, healed.LastError));
        Assert.InRange(healed.NextPoll!.Value - _desk.Now, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(20));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Theory]
    [InlineData("<!doctype html><html><body>Moved!</body></html>", "web page")]
    [InlineData("", "empty document")]
    [InlineData("<opml/>", "not a feed")]
    [InlineData("<html><head><title>Just a moment...</title></head><body><script src=\"/captcha.js\"></script></body></html>", "web page")]
    [InlineData("{\"error\": {\"code\": 429, \"message\": \"Slow down\"}}", "not a JSON Feed")]
    [InlineData("Service temporarily unavailable", "without a feed")]
    [InlineData("BUG", "the log says more")]
    public async Task B13_What_is_no_feed_makes_it_broken_and_its_entries_are_kept(string document, string why)
    {
        var feed = await StartAsync("/feed", ["a"], "zero");
        _site.Publish("/feed", "one", "zero");
        await PollLaterAsync();
        var (before, memory) = (await _desk.FeedAsync(feed), await MemoryAsync());
        _site.Answer("/feed", http => http.Response.WriteAsync(document));
        await PollLaterAsync();

        var broken = await _desk.FeedAsync(feed);
        Assert.Equal(FeedState.Broken, broken.State);
        Assert.Contains(why, broken.LastError.Said(), StringComparison.Ordinal);
        Assert.Equal((before.ETag, before.BodyHash, before.Title, before.LastSuccess), (broken.ETag, broken.BodyHash, broken.Title, broken.LastSuccess));
        Assert.Equal(memory, await MemoryAsync());
        Assert.Equal(["one"], await _desk.OwedAsync("a"));

        _site.Publish("/feed", "two", "one", "zero");
        await PollLaterAsync(TimeSpan.FromDays(1));
        Assert.Equal(["one", "two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_document_that_the_parser_breaks_on_leaves_the_others_alone()
    {
        await StartAsync("/good", ["a"], "one");
        await StartAsync("/bad", ["a"], "one");
        _site.Publish("/good", "two", "one");
        _site.Publish("/bad", "BUG");

        var counts = await PollLaterAsync();

        Assert.Equal((1, 1), (counts.Changed, counts.Failed));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task B14_A_feed_taken_away_is_polled_no_more()
    {
        var feed = await StartAsync("/feed", ["a"], "one");
        _site.Answer("/feed", 410);
        await PollLaterAsync();
        var gone = await _desk.FeedAsync(feed);
        Assert.Equal((FeedState.Gone, null), (gone.State, gone.NextPoll));
        Assert.Contains("410", gone.LastError.Said(), StringComparison.Ordinal);
        await PollLaterAsync(TimeSpan.FromDays(10));
        Assert.Equal(2, _site.RequestsFor("/feed"));
    }

    [Theory]
    [InlineData("120", 15)]
    [InlineData("3600", 60)]
    [InlineData("999999", 24 * 60)]
    [InlineData(null, 15)]
    public async Task B05_B14_A_host_that_asks_for_patience_is_left_alone_by_all_its_feeds(string? retryAfter, int minutes)
    {
        _desk.Fetching.ConnectionsPerHost = 1;
        var (one, two, other) = (await StartAsync("/1", ["a"], "one"), await StartAsync("/2", ["a"], "one"), await StartAsync("/3", ["a"], "one", host: "b.test"));
        foreach (var path in (string[])["/1", "/2"])
            _site.Answer(path, 429, retryAfter is null ? null : "Retry-After", retryAfter);
        await PollLaterAsync();

        Assert.Equal((3, 2), (_site.RequestsFor("/1") + _site.RequestsFor("/2"), _site.RequestsFor("/3")));
        foreach (var id in (long[])[one, two])
        {
            var cooling = await _desk.FeedAsync(id);
            Assert.Equal((FeedState.Active, 0), (cooling.State, cooling.FailuresInARow));
            Assert.InRange((cooling.NextPoll!.Value - _desk.Now).TotalMinutes, minutes * 0.95, minutes * 1.06);
            Assert.NotNull(cooling.LastError);
        }

        Assert.Equal(_desk.Now + Quarter, (await _desk.FeedAsync(other)).NextPoll);
    }

    [Fact]
    public async Task What_was_seen_before_a_subscription_is_not_for_it()
    {
        var feed = await StartAsync("/feed", ["early"], "one");
        _site.Publish("/feed", "two", "one");
        await PollLaterAsync();
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await _desk.SubscribeAsync(_site.Url("/feed"), "late");
        _site.Publish("/feed", "three", "two", "one");
        await PollLaterAsync();

        Assert.Equal(["two", "three"], await _desk.OwedAsync("early"));
        Assert.Equal(["three"], await _desk.OwedAsync("late"));
        Assert.Equal(3, (await _desk.FeedAsync(feed)).Claim);
    }

    /// <summary>The poll asked before the subscription came, and is recorded after it.</summary>
    [Fact]
    public async Task A_poll_that_was_on_its_way_when_a_subscription_came_is_its_past()
    {
        await StartAsync("/feed", ["early"], "one");
        var gate = Hold("/feed", FeedSite.Rss(("two", "two", "text"), ("one", "one", "text")));
        _desk.Time.Advance(Quarter);
        var polling = _desk.PollAsync();
        await gate.Arrived;
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await _desk.SubscribeAsync(_site.Url("/feed"), "late");
        gate.Open();
        await polling;

        Assert.Equal(["two"], await _desk.OwedAsync("early"));
        Assert.Empty(await _desk.OwedAsync("late"));
    }

    [Theory]
    [InlineData("UPDATE Subscriptions SET PausedSince=1", false)]
    [InlineData("UPDATE Chats SET PausedSince=1", false)]
    [InlineData("UPDATE Subscriptions SET EndedAt=1", false)]
    [InlineData("UPDATE Chats SET GoneSince=1", null)]
    [InlineData("UPDATE Subscriptions SET Number=7", true)]
    public async Task Who_gets_what_is_new(string change, bool? due)
    {
        await StartAsync("/feed", ["a"], "one");
        await _desk.ExecuteAsync(change);
        _site.Publish("/feed", "two", "one");
        await PollLaterAsync();

        var deliveries = await _desk.DeliveriesAsync();
        Assert.Equal(due, deliveries is [var only] ? only.DueAt is not null : null);
    }

    [Fact]
    public async Task What_came_while_an_unsubscribe_could_be_undone_is_due_after_the_undo()
    {
        await StartAsync("/feed", ["a"], "one");
        await _desk.Storage.Writer.RunAsync(db => DueTimes.End(db, db.Subscriptions.Single(), _desk.Now), Desk.Token);
        _site.Publish("/feed", "two", "one");
        await PollLaterAsync();
        await _desk.Storage.Writer.RunAsync(db => DueTimes.Revive(db, db.Subscriptions.Single(), _desk.Now), Desk.Token);

        Assert.Equal(_desk.Now, Assert.Single(await _desk.DeliveriesAsync()).DueAt);
    }

    /// <summary>A power cut in the middle of the record, here: the database refuses its last statement.</summary>
    [Fact]
    public async Task A_poll_is_recorded_whole_or_not_at_all()
    {
        var feed = await StartAsync("/feed", ["a", "b"], "one");
        var (before, memory) = (await _desk.FeedAsync(feed), await MemoryAsync());
        _site.Publish("/feed", "two", "one");
        await _desk.ExecuteAsync("CREATE TRIGGER cut AFTER INSERT ON Deliveries WHEN (SELECT COUNT(*) FROM Deliveries)=2 BEGIN SELECT RAISE(ABORT, 'power cut'); END");
        await PollLaterAsync();

        Assert.Empty(await _desk.DeliveriesAsync());
        Assert.Equal(0, await _desk.ReadAsync(db => db.Entries.Count()));
        Assert.Equal(memory, await MemoryAsync());
        Assert.Equal(before.BodyHash, (await _desk.FeedAsync(feed)).BodyHash);

        await _desk.ExecuteAsync("DROP TRIGGER cut");
        _desk.Restart();
        await PollLaterAsync(_desk.Poller.ClaimLength);
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        Assert.Equal(["two"], await _desk.OwedAsync("b"));
    }

    [Fact]
    public async Task What_cannot_be_recorded_steps_aside_alone()
    {
        _desk.Fetching.ConnectionsPerHost = 8;
        foreach (var path in (string[])["/1", "/2", "/3"])
            await StartAsync(path, ["a"], "one");
        await _desk.ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON Entries WHEN NEW.FeedId=2 BEGIN SELECT RAISE(ABORT, 'on purpose'); END");
        foreach (var path in (string[])["/1", "/2", "/3"])
            _site.Publish(path, "two", "one");

        await PollLaterAsync();
        Assert.Equal(["two", "two"], await _desk.OwedAsync("a"));

        await _desk.ExecuteAsync("DROP TRIGGER refuse");
        await PollLaterAsync(_desk.Poller.ClaimLength);
        Assert.Equal(["two", "two", "two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_result_that_comes_after_its_claim_passed_on_is_refused()
    {
        await StartAsync("/feed", ["a"], "one");
        var late = Hold("/feed", FeedSite.Rss(("late", "late", "text"), ("one", "one", "text")));
        _desk.Time.Advance(Quarter);
        _desk.Fetching.TimeLimit = TimeSpan.FromMinutes(5);
        var polling = _desk.PollAsync();
        await late.Arrived;

        _site.Publish("/feed", "two", "one");
        await _desk.Poller.PollNowAsync(1, whole: false, Desk.Token);
        late.Open();
        await polling;

        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        Assert.Empty(await _desk.ReadAsync(db => db.Entries.Where(e => e.Title == "late").ToList()));
        await PollLaterAsync();
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_process_that_dies_in_a_poll_polls_again_when_the_claim_ends()
    {
        var feed = await StartAsync("/feed", ["a"], "one");
        var gate = Hold("/feed", FeedSite.Rss(("two", "two", "text"), ("one", "one", "text")));
        _desk.Time.Advance(Quarter);
        var dying = _desk.PollAsync();
        await gate.Arrived;
        _desk.Restart();
        gate.Open();
        await dying.ContinueWith(_ => { }, Desk.Token, TaskContinuationOptions.None, TaskScheduler.Default);

        _site.Publish("/feed", "two", "one");
        await _desk.PollAsync();
        Assert.Empty(await _desk.OwedAsync("a"));
        Assert.Equal(_desk.Now + _desk.Poller.ClaimLength, (await _desk.FeedAsync(feed)).NextPoll);
        await PollLaterAsync(_desk.Poller.ClaimLength);
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task Edited_words_reach_what_is_not_delivered_yet()
    {
        await StartAsync("/feed", ["a"], "one");
        _site.Publish("/feed", "two", "one");
        await PollLaterAsync();
        _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss(("two", "Two, corrected", "The text of two."), ("one", "one", "The text of one."))));
        await PollLaterAsync();

        Assert.Equal(["Two, corrected"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task L06_A_poll_that_takes_longer_than_its_interval_is_not_overtaken_by_the_next()
    {
        _desk.Options.Schedule = "*/5 * * * * *";
        _desk.Options.Floor = TimeSpan.FromSeconds(1);
        await StartAsync("/feed", ["a"], "one");
        var gate = Hold("/feed", FeedSite.Rss(("two", "two", "text"), ("one", "one", "text")));
        var polling = PollLaterAsync(TimeSpan.FromSeconds(5));
        await gate.Arrived;

        // Its next times come and go, and others are polled meanwhile.
        _desk.Time.Advance(TimeSpan.FromSeconds(11));
        var other = Hold("/other", FeedSite.Rss(("one", "one", "text")));
        await _desk.SubscribeAsync(_site.Url("/other", "b.test"), "a");
        _desk.Poller.Wake();
        await other.Arrived;
        Assert.Equal(2, _site.RequestsFor("/feed"));
        gate.Open();
        other.Open();
        await polling;
        Assert.Equal(1, _site.Busy["a.test"].Most);
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_backfilled_entry_is_owed_once()
    {
        await StartAsync("/feed", ["a"], "two", "one");
        var report = await _desk.Poller.PollNowAsync(1, whole: true, Desk.Token);
        for (var i = 0; i < 2; i++)
        {
            var owed = await _desk.Storage.Writer.RunAsync(db => Poller.Owe(db, db.Subscriptions.Single(), [.. report!.Document!.Entries.Reverse()], _desk.Now), Desk.Token);
            Assert.Equal(i == 0 ? 2 : 0, owed);
        }

        Assert.Equal(["one", "two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_poll_now_of_what_nobody_wants_says_so() => Assert.Null(await _desk.Poller.PollNowAsync(99, whole: false, Desk.Token));

    /// <summary>A feed at this path with its first poll behind it.</summary>
    private async Task<long> StartAsync(string path, string[] chats, params string[] titles) => await StartAsync(path, chats, titles[0], titles[1..]);

    private async Task<long> StartAsync(string path, string[] chats, string title, string[]? more = null, string host = "a.test")
    {
        _site.Publish(path, [title, .. more ?? []]);
        var feed = await _desk.SubscribeAsync(_site.Url(path, host), chats);
        await _desk.PollAsync();
        return feed;
    }

    private Task<byte[]> MemoryAsync() => _desk.ReadAsync(db => db.FeedMemories.Single().Packed);

    private Task<PollCounts> PollLaterAsync(TimeSpan? later = null)
    {
        _desk.Time.Advance(later ?? Quarter);
        return _desk.PollAsync();
    }

    private Gate Hold(string path, string document)
    {
        var gate = new Gate();
        _site.Answer(path, async http =>
        {
            await gate.PassAsync();
            await http.Response.WriteAsync(document);
        });
        return gate;
    }
}
