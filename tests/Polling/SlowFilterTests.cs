using Microsoft.Extensions.Logging;
using Notifier.Deliveries;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Tests.Support;
using Notifier.Texts;

namespace Notifier.Tests.Polling;

/// <summary>Patterns that are taken and slow all the same: while a batch is recorded nobody else can write, so they get little time, and no entry is lost by that.</summary>
public sealed class SlowFilterTests : IAsyncLifetime
{
    private readonly Desk _desk = new();
    private readonly FeedNotices _notices = new(Catalogue.Load("en"));
    private readonly LogLines _log = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await FeedSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task Two_hundred_hostile_filters_share_the_time_of_one_batch_and_all_get_the_entry()
    {
        var chats = Enumerable.Range(0, 200).Select(n => $"chat{n}").ToArray();
        await StartAsync(chats);
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Filter='/(.{0,50}a){18}c' || Id || '/'");
        var random = new Random(1);
        var text = new string([.. Enumerable.Range(0, 64 * 1024).Select(_ => random.Next(2) == 0 ? 'a' : 'x')]);
        var clock = new SteppingClock(_desk.Now, TimeSpan.FromMilliseconds(100));
        var record = await RecordAsync(new FilterCache(clock), ("2", text, text), ("1", "one", "text"));

        // A tenth of a second each, of two tenths; two looks at the clock for each.
        Assert.Equal(2 * 2, clock.Looks);
        Assert.Equal(200, record.Deliveries);
        Assert.Equal(200, await _desk.ReadAsync(db => db.Deliveries.Select(d => d.ChatId).Distinct().Count()));
    }

    [Fact]
    public async Task A_filter_that_was_too_slow_rests_for_an_hour_while_its_words_go_on_and_is_told_to_the_operator_once()
    {
        await StartAsync("a");
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Filter='-beta title:/slow/'");
        var clock = new SteppingClock(_desk.Now, TimeSpan.FromMilliseconds(100));
        var cache = new FilterCache(clock, _log.CreateLogger("filters"));
        await RecordAsync(cache, ("2", "two slow", "text"), ("1", "one", "text"));
        Assert.Equal(2, clock.Looks);

        clock.Now += FilterCache.Rest - TimeSpan.FromTicks(1);
        await RecordAsync(cache, ("4", "four beta", "text"), ("3", "three", "text"), ("2", "two slow", "text"), ("1", "one", "text"));
        Assert.Equal(2, clock.Looks);
        Assert.Equal(["two slow", "three"], await _desk.OwedAsync("a"));

        clock.Now += TimeSpan.FromTicks(1);
        await RecordAsync(cache, ("6", "six", "text"), ("5", "five beta slow", "text"), ("3", "three", "text"), ("2", "two slow", "text"), ("1", "one", "text"));
        Assert.Equal(4, clock.Looks);
        Assert.Equal(["two slow", "three"], await _desk.OwedAsync("a"));
        Assert.Contains("/slow/", Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patterns_for_which_others_left_no_time_are_asked_again_in_the_next_batch()
    {
        await StartAsync("slow", "too", "a");
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Filter='/x' || Id || '/'");
        var clock = new SteppingClock(_desk.Now, TimeSpan.FromMilliseconds(100));
        var cache = new FilterCache(clock);
        await RecordAsync(cache, ("2", "two", "text"), ("1", "one", "text"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        clock.Step = TimeSpan.Zero;
        await RecordAsync(cache, ("3", "three", "text"), ("2", "two", "text"), ("1", "one", "text"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        Assert.Equal(["three"], (await _desk.OwedAsync("slow")).Except(["two"]));
    }

    [Fact]
    public async Task An_edit_that_matches_comes_though_no_time_is_left_for_what_was_stored_but_not_what_came_before_the_subscription()
    {
        await StartAsync("a");
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Filter='title:/rust/'");
        await RecordAsync(new FilterCache(_desk.Time), ("2", "two", "text"), ("1", "one", "text"));
        _desk.Time.Advance(TimeSpan.FromMinutes(1));
        await _desk.SubscribeAsync(_site.Url("/feed"), "late");
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Filter='title:/rust/'");
        var clock = new SteppingClock(_desk.Now, TimeSpan.FromSeconds(1));
        await RecordAsync(new FilterCache(clock), ("2", "two on rust", "text"), ("1", "one", "text"));
        Assert.Equal(["two on rust"], await _desk.OwedAsync("a"));
        Assert.Empty(await _desk.OwedAsync("late"));
    }

    private async Task StartAsync(params string[] chats)
    {
        Publish(("1", "one", "text"));
        await _desk.SubscribeAsync(_site.Url("/feed"), chats);
        await _desk.PollAsync();
    }

    /// <summary>Polls the feed and records what is found with this cache.</summary>
    private async Task<PollRecord> RecordAsync(FilterCache cache, params (string Id, string Title, string Text)[] entries)
    {
        Publish(entries);
        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        var feed = await _desk.Storage.Writer.RunAsync(db => PollStore.Claim(db.Connection(), 1, _desk.Now.AddMinutes(5)), Desk.Token);
        var outcome = await _desk.Poller.PollAsync(feed!, Desk.Token);
        return await _desk.Storage.Writer.RunAsync(db => PollStore.Record(db, [outcome], _notices, cache), Desk.Token);
    }

    private void Publish(params (string Id, string Title, string Text)[] entries) => _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss(entries)));
}
