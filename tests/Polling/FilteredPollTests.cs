using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>Which chat is owed which of a feed's new and edited entries, by its subscription's filter.</summary>
public sealed class FilteredPollTests : IAsyncLifetime
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
    public async Task A_filter_in_one_chat_leaves_another_chats_deliveries_untouched()
    {
        await StartAsync("a", "b", "c");
        await FilterAsync("a", "title:rust");
        await FilterAsync("c", "-rust");
        await PollAsync(("3", "Go 2", "About rust as well."), ("2", "Rust 2", "New."), ("1", "one", "text"));

        Assert.Equal(["Rust 2"], await _desk.OwedAsync("a"));
        Assert.Equal(["Rust 2", "Go 2"], await _desk.OwedAsync("b"));
        Assert.Empty(await _desk.OwedAsync("c"));
        Assert.Equal(2, await _desk.ReadAsync(db => db.Entries.Count()));
    }

    [Fact]
    public async Task An_entry_that_nobody_wants_is_known_and_stored_all_the_same()
    {
        await StartAsync("a");
        await FilterAsync("a", "rust");
        await PollAsync(("2", "two", "text"), ("1", "one", "text"));
        Assert.Equal(["two"], await _desk.ReadAsync(db => db.Entries.Select(e => e.Title!).ToList()));
        await FilterAsync("a", null);
        await PollAsync(("3", "three", "text"), ("2", "two", "text"), ("1", "one", "text"));
        Assert.Equal(["three"], await _desk.OwedAsync("a"));
    }

    /// <summary>Words that HTML parts by tags alone are words; a title's markup does not matter; the summary counts where there is no content.</summary>
    [Theory]
    [InlineData("rust", true)]
    [InlineData("\"line two\"", true)]
    [InlineData("import", true)]
    [InlineData("cell", true)]
    [InlineData("cellar", false)]
    [InlineData("hidden", false)]
    [InlineData("a.test", false)]
    [InlineData("link:a.test", true)]
    public async Task A_filter_sees_what_a_reader_sees(string filter, bool wanted)
    {
        await StartAsync("a");
        await FilterAsync("a", filter);
        await PollAsync(
            ("2", "two", "<p>Rust</p><p>is <b>im</b>port</p>line<br/>two<table><tr><td>cell</td><td>ar</td></tr></table><script>hidden</script><a href='http://a.test/'>more</a>"),
            ("1", "one", "text"));
        Assert.Equal(wanted ? ["two"] : [], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task An_edit_by_which_an_entry_matches_is_owed_once()
    {
        await StartAsync("a", "all");
        await FilterAsync("a", "rust");
        await PollAsync(("2", "two", "text"), ("1", "one", "text"));
        Assert.Empty(await _desk.OwedAsync("a"));

        await PollAsync(("2", "two", "text on rust"), ("1", "one", "text"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        await _desk.DeliverAsync();
        foreach (var text in new[] { "text on rust, corrected", "text", "text on rust once more" })
            await PollAsync(("2", "two", text), ("1", "one", "text"));
        Assert.Empty(await _desk.OwedAsync("a"));
        Assert.Equal(2, (await _desk.DeliveriesAsync()).Count);
    }

    /// <summary>Whoever ends a subscription and begins anew wants what comes from then on.</summary>
    [Fact]
    public async Task What_was_owed_once_and_cancelled_does_not_come_back_by_an_edit()
    {
        await StartAsync("a");
        await PollAsync(("2", "two", "text on rust"), ("1", "one", "text"));
        await _desk.Storage.Writer.RunAsync(db => DueTimes.End(db, db.Subscriptions.Single(), _desk.Now), Desk.Token);
        await _desk.SubscribeAsync(_site.Url("/feed"), "a");
        await FilterAsync("a", "rust");
        await PollAsync(("2", "two", "text"), ("1", "one", "text"));
        await PollAsync(("2", "two", "text on rust again"), ("1", "one", "text"));
        Assert.Equal("Cancelled", await _desk.StatesAsync());
    }

    [Fact]
    public async Task An_edit_of_what_matched_before_is_nothing_new()
    {
        await StartAsync("a");
        await PollAsync(("2", "two", "text on rust"), ("1", "one", "text"));
        await _desk.SubscribeAsync(_site.Url("/feed"), "late");
        await FilterAsync("late", "rust");
        await PollAsync(("2", "two", "text on rust, corrected"), ("1", "one", "text"));
        Assert.Empty(await _desk.OwedAsync("late"));
    }

    [Fact]
    public async Task What_a_late_subscriber_missed_is_new_once_an_edit_makes_it_match()
    {
        await StartAsync("a");
        await PollAsync(("2", "two", "text"), ("1", "one", "text"));
        await _desk.SubscribeAsync(_site.Url("/feed"), "late");
        await FilterAsync("late", "rust");
        await PollAsync(("2", "two", "text on rust"), ("1", "one", "text"));
        Assert.Equal(["two"], await _desk.OwedAsync("late"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    /// <summary>What was there before anybody came is not stored, and may have matched all along.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("<pubDate>Tue, 24 Nov 2026 11:59:59 GMT</pubDate>")]
    [InlineData("<atom:updated>2026-11-24T11:59:59Z</atom:updated>")]
    [InlineData("<pubDate>Tue, 24 Nov 2026 11:59:59 GMT</pubDate><atom:updated>2026-11-24T12:10:00Z</atom:updated>")]
    public async Task An_edit_of_what_may_be_from_before_the_subscription_is_nothing_new(string dates)
    {
        await StartAsync("a");
        await FilterAsync("a", "rust");
        for (var n = 0; n < 3; n++)
            await PollDatedAsync(dates, ("1", "one", $"text on rust, edition {n}"), ("0", "zero", $"text on rust, edition {n}"));
        Assert.Equal(["zero"], await _desk.OwedAsync("a"));
        Assert.Single(await _desk.DeliveriesAsync());
    }

    /// <summary>The edit stores it.</summary>
    [Theory]
    [InlineData("<pubDate>Tue, 24 Nov 2026 12:00:00 GMT</pubDate>")]
    [InlineData("<atom:updated>2026-11-24T12:10:00Z</atom:updated>")]
    public async Task An_edit_of_what_was_never_stored_but_is_dated_since_the_subscription_is_owed_once_to_whose_filter_it_matches_and_to_nobody_else(string dates)
    {
        await StartAsync("a", "all", "other");
        await FilterAsync("a", "rust");
        await FilterAsync("other", "go");
        for (var n = 0; n < 3; n++)
            await PollDatedAsync(dates, ("1", "one", $"text on rust, edition {n}"));
        Assert.Equal(["one"], await _desk.OwedAsync("a"));
        Assert.Single(await _desk.DeliveriesAsync());
        Assert.Equal("text on rust, edition 2", await _desk.ReadAsync(db => db.Entries.Single().Summary));
    }

    [Fact]
    public async Task An_edit_of_what_nobody_wants_is_not_stored()
    {
        await StartAsync("a", "all");
        await FilterAsync("a", "rust");
        await PollAsync(("1", "one", "another text"));
        Assert.Equal(0, await _desk.ReadAsync(db => db.Entries.Count()));
    }

    /// <summary>After a month nobody knows whether it was told.</summary>
    [Fact]
    public async Task What_may_have_been_told_and_forgotten_is_not_told_again_because_of_an_edit()
    {
        await StartAsync("a");
        await FilterAsync("a", "rust");
        await PollAsync(("2", "two", "text on rust"), ("1", "one", "text"));
        await _desk.DeliverAsync();
        _desk.Time.Advance(Entry.Kept + Quarter);
        await new Notifier.Operating.Retention(_desk.Storage, _desk.Time).SweepAsync(Desk.Token);
        Assert.Equal(0, await _desk.ReadAsync(db => db.Entries.Count()));

        await PollAsync(("2", "two", "text on rust, corrected"), ("1", "one", "text"));
        Assert.Empty(await _desk.DeliveriesAsync());
    }

    /// <summary>A filter of another version, or of a damaged database.</summary>
    [Fact]
    public async Task A_stored_filter_that_is_not_understood_loses_nothing()
    {
        await StartAsync("a");
        await FilterAsync("a", "newer:syntax \"");
        await PollAsync(("2", "two", "text"), ("1", "one", "text"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        await PollAsync(("2", "two", "text, corrected"), ("1", "one", "text, corrected"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task Backfill_asks_no_filter()
    {
        await StartAsync("a");
        await FilterAsync("a", "rust");
        var report = await _desk.Poller.PollNowAsync(1, whole: true, Desk.Token);
        await _desk.Storage.Writer.RunAsync(db => Poller.Owe(db, db.Subscriptions.Single(), report!.Document!.Entries, _desk.Now), Desk.Token);
        Assert.Equal(["one"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_feed_subscribed_anew_has_no_filter()
    {
        await StartAsync("a");
        await FilterAsync("a", "rust");
        await _desk.Storage.Writer.RunAsync(db => DueTimes.End(db, db.Subscriptions.Single(), _desk.Now), Desk.Token);
        await _desk.SubscribeAsync(_site.Url("/feed"), "a");
        await PollAsync(("2", "two", "text"), ("1", "one", "text"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task What_a_paused_subscription_does_not_want_does_not_wait_either()
    {
        await StartAsync("a");
        await FilterAsync("a", "rust");
        await _desk.ExecuteAsync("UPDATE Subscriptions SET PausedSince=1");
        await PollAsync(("3", "Rust 3", "text"), ("2", "two", "text"), ("1", "one", "text"));
        Assert.Equal(["Rust 3"], await _desk.OwedAsync("a"));
        Assert.Null(Assert.Single(await _desk.DeliveriesAsync()).DueAt);
    }

    private async Task StartAsync(params string[] chats)
    {
        foreach (var chat in chats)
            _desk.Platform.Open(chat);
        Publish(("1", "one", "text"));
        await _desk.SubscribeAsync(_site.Url("/feed"), chats);
        await _desk.PollAsync();
    }

    private async Task PollAsync(params (string Id, string Title, string Text)[] entries)
    {
        Publish(entries);
        _desk.Time.Advance(Quarter);
        Assert.Equal(0, (await _desk.PollAsync()).Failed);
    }

    /// <summary>With the same elements added to each entry.</summary>
    private async Task PollDatedAsync(string dates, params (string Id, string Title, string Text)[] entries)
    {
        var rss = FeedSite.Rss(entries)
            .Replace("<rss ", "<rss xmlns:atom=\"http://www.w3.org/2005/Atom\" ", StringComparison.Ordinal)
            .Replace("</item>", $"{dates}</item>", StringComparison.Ordinal);
        _site.Answer("/feed", http => FeedSite.SendAsync(http, rss));
        _desk.Time.Advance(Quarter);
        Assert.Equal(0, (await _desk.PollAsync()).Failed);
    }

    private void Publish(params (string Id, string Title, string Text)[] entries) => _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss(entries)));

    private Task<int> FilterAsync(string chat, string? filter) => _desk.Storage.Writer.RunAsync(
        db =>
        {
            db.Subscriptions.Single(s => db.Chats.Any(c => c.Id == s.ChatId && c.Address == chat)).Filter = filter;
            return db.SaveChanges();
        },
        Desk.Token);
}
