using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Notifier.Model;
using Notifier.Subscriptions;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>A feed moves for good: it is followed after three times; where the new address is known they become one, with nothing lost and nothing said twice.</summary>
public sealed class FeedMovesTests : IAsyncLifetime
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
    public async Task A19_It_is_followed_after_three_times_with_its_history_and_told_once()
    {
        _site.Publish("/old", "one");
        var feed = await _desk.SubscribeAsync(_site.Url("/old"), "a");
        await _desk.PollAsync();
        _site.Publish("/new", "two", "one");
        Redirect("/old", _site.Url("/new", "b.test"));

        await PollAsync(2);
        Assert.Equal((_site.Url("/old").AbsoluteUri, 2), await _desk.ReadAsync(db => db.Feeds.Select(f => new ValueTuple<string, int>(f.Url, f.MovedTimes)).Single()));
        Assert.Empty(await NoticesAsync());
        await PollAsync(1);
        var moved = await _desk.FeedAsync(feed);
        Assert.Equal((_site.Url("/new", "b.test").AbsoluteUri, Notifier.Polling.Partition.Of("b.test"), 0), (moved.Url, moved.Partition, moved.MovedTimes));
        Assert.Equal((null, null, null), (moved.ETag, moved.LastModified, moved.BodyHash));

        var before = _site.RequestsFor("/old");
        await PollAsync(3);
        Assert.Equal(before, _site.RequestsFor("/old"));
        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        Assert.Equal([$"a: “The feed” has moved for good and is now at {_site.Url("/new", "b.test")}. Nothing was missed."], await NoticesAsync());
    }

    [Fact]
    public async Task A19_One_that_leads_elsewhere_in_between_or_not_for_good_stays()
    {
        _site.Publish("/old", "one");
        _site.Publish("/x", "one");
        _site.Publish("/y", "one");
        var feed = await _desk.SubscribeAsync(_site.Url("/old"), "a");
        await _desk.PollAsync();
        foreach (var (to, status) in new[] { ("/x", 301), ("/x", 308), ("/y", 301), ("/x", 301), ("/x", 302), ("/x", 301), ("/x", 301) })
        {
            Redirect("/old", _site.Url(to), status);
            await PollAsync(1);
            Assert.Equal(_site.Url("/old").AbsoluteUri, (await _desk.FeedAsync(feed)).Url);
        }

        Redirect("/old", _site.Url("/x"));
        await PollAsync(1);
        Assert.Equal(_site.Url("/x").AbsoluteUri, (await _desk.FeedAsync(feed)).Url);
    }

    [Fact]
    public async Task Two_that_are_one_now_lose_nothing_and_say_nothing_twice()
    {
        _site.Publish("/old", "two", "one");
        _site.Publish("/new", "two", "one");
        await _desk.SubscribeAsync(_site.Url("/old"), "old", "both");
        var into = await _desk.SubscribeAsync(_site.Url("/new"), "new", "both");
        await _desk.PollAsync();
        foreach (var chat in new[] { "old", "new", "both" })
            _desk.Platform.Open(chat);

        // Told by both, as long as nobody knows that they are one.
        _site.Publish("/old", "three", "two", "one");
        _site.Publish("/new", "three", "two", "one");
        await PollAsync(1);
        await _desk.DeliverAsync();
        Redirect("/old", _site.Url("/new"));
        await PollAsync(2);

        // New where only the third poll of the old address sees it.
        _site.Publish("/new", "four", "three", "two", "one");
        await _desk.ExecuteAsync($"UPDATE Feeds SET NextPoll=NextPoll+{TimeSpan.FromHours(5).Ticks} WHERE Id={into}");
        await PollAsync(1);
        Assert.Equal(_site.Url("/new").AbsoluteUri, (await _desk.ReadAsync(db => db.Feeds.Single())).Url);
        foreach (var chat in new[] { "old", "new", "both" })
            Assert.Equal(["four"], await _desk.OwedAsync(chat));

        await _desk.DeliverAsync();
        _site.Publish("/new", "five", "four", "three", "two", "one");
        await PollAsync(2);
        await _desk.DeliverAsync();
        Assert.Equal(["three", "four", "five"], Entries("old"));
        Assert.Equal(["three", "four", "five"], Entries("new"));
        Assert.Equal(["three", "three", "four", "five"], Entries("both"));
        Assert.Equal(["both", "old"], (await NoticesAsync()).Select(notice => notice.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_become_one_only_with_a_document_at_hand()
    {
        _site.Publish("/old", "one");
        _site.Publish("/new", "one");
        await _desk.SubscribeAsync(_site.Url("/old"), "a");
        await _desk.SubscribeAsync(_site.Url("/new"), "b");
        await _desk.PollAsync();
        Redirect("/old", _site.Url("/new"));
        await PollAsync(3);
        Assert.Equal(2, await _desk.ReadAsync(db => db.Feeds.Count()));
        await PollAsync(1);
        Assert.Equal(1, await _desk.ReadAsync(db => db.Feeds.Count()));
        Assert.Equal(["a: “The feed” has moved for good and is now at " + _site.Url("/new") + ". Nothing was missed."], await NoticesAsync());
        await PollAsync(2);
        Assert.Empty(await _desk.OwedAsync("a"));
        Assert.Empty(await _desk.OwedAsync("b"));
    }

    [Theory]
    [InlineData("", "", 2, 1)]
    [InlineData("EndedAt=5", "", 3, 2)]
    [InlineData("", "EndedAt=5", 2, 1)]
    [InlineData("PausedSince=5", "", 2, 2)]
    public async Task A_chat_with_both_keeps_one(string older, string younger, int number, int stays)
    {
        var (from, into) = await TwoAsync();
        if (older.Length > 0)
            await _desk.ExecuteAsync($"UPDATE Subscriptions SET {older} WHERE FeedId={from}");
        if (younger.Length > 0)
            await _desk.ExecuteAsync($"UPDATE Subscriptions SET {younger} WHERE FeedId={into}");
        var ids = await _desk.ReadAsync(db => db.Subscriptions.Where(s => s.Number > 1).OrderBy(s => s.Id).Select(s => s.Id).ToList());
        await MergeAsync();

        var left = await _desk.ReadAsync(db => db.Subscriptions.Single(s => s.Number > 1));
        Assert.Equal((into, number, ids[stays - 1], null, null), (left.FeedId, left.Number, left.Id, left.EndedAt, left.PausedSince));
    }

    [Theory]
    [InlineData("", "", "", "rust", null)]
    [InlineData("", "rust", "", "", null)]
    [InlineData("", "rust", "", "rust", "rust")]
    [InlineData("", "rust", "", "go or \"c sharp\"", "(rust) or (go or \"c sharp\")")]
    [InlineData("", "rust", "", "unfinished(", null)]
    [InlineData("EndedAt=5", "", "", "rust", "rust")]
    [InlineData("", "rust", "EndedAt=5", "", "rust")]
    [InlineData("PausedSince=5", "rust", "", "", null)]
    public async Task What_a_chat_got_of_either_it_gets_of_the_one(string older, string olderFilter, string younger, string youngerFilter, string? filter)
    {
        var (from, into) = await TwoAsync();
        await SetAsync(from, older, "Filter", olderFilter);
        await SetAsync(into, younger, "Filter", youngerFilter);
        await MergeAsync();
        Assert.Equal(filter, (await _desk.ReadAsync(db => db.Subscriptions.Single(s => s.Number > 1))).Filter);
    }

    [Fact]
    public async Task A_filter_that_would_be_too_long_is_none()
    {
        var (from, into) = await TwoAsync();
        await SetAsync(from, "", "Filter", new string('a', 300));
        await SetAsync(into, "", "Filter", new string('b', 300));
        await MergeAsync();
        Assert.Null((await _desk.ReadAsync(db => db.Subscriptions.Single(s => s.Number > 1))).Filter);
    }

    [Theory]
    [InlineData("", "0 9 * * *", "", "", null)]
    [InlineData("", "", "", "0 9 * * *", null)]
    [InlineData("", "0 9 * * *", "", "0 18 * * *", "0 9 * * *")]
    [InlineData("", "0 9 * * *", "EndedAt=5", "", "0 9 * * *")]
    public async Task What_came_at_once_by_either_comes_at_once(string older, string olderCron, string younger, string youngerCron, string? cron)
    {
        var (from, into) = await TwoAsync();
        await SetAsync(from, older, "Cron", olderCron);
        await SetAsync(into, younger, "Cron", youngerCron);
        await MergeAsync();
        Assert.Equal(cron, (await _desk.ReadAsync(db => db.Subscriptions.Single(s => s.Number > 1))).Cron);
    }

    [Fact]
    public async Task What_waits_for_a_schedule_that_is_no_more_does_not_wait_on()
    {
        var (from, _) = await TwoAsync();
        await SetAsync(from, "", "Cron", "0 9 * * *");
        _site.Publish("/old", "early", "one");
        await PollAsync(1);
        Assert.True((await _desk.DeliveriesAsync()).Single().DueAt > _desk.Now.AddHours(12));
        await MergeAsync();
        Assert.All((await _desk.DeliveriesAsync()).Where(d => d.EndedAt is null), delivery => Assert.True(delivery.DueAt <= _desk.Now));
    }

    [Fact]
    public async Task The_history_says_what_changed_by_it()
    {
        var (from, into) = await TwoAsync();
        await SetAsync(from, "", "Filter", "rust");
        var stays = await _desk.ReadAsync(db => db.Subscriptions.Single(s => s.FeedId == from).Id);
        await MergeAsync();
        var line = await _desk.ReadAsync(db => db.AuditLines.Single());
        Assert.Equal(("feed", "notifier", $"subscription:{stays}"), (line.Command, line.Person, line.Subject));
        var url = _site.Url("/new").AbsoluteUri;
        Assert.Equal((new SubscriptionRecord(url, "rust").Json, new SubscriptionRecord(url).Json), (line.Before, line.After));
    }

    [Fact]
    public async Task Where_nothing_changed_by_it_the_history_says_nothing()
    {
        await TwoAsync();
        await MergeAsync();
        Assert.Equal(0, await _desk.ReadAsync(db => db.AuditLines.Count()));
    }

    [Fact]
    public async Task What_a_paused_one_kept_back_comes_when_the_other_goes_on()
    {
        var (from, _) = await TwoAsync();
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET PausedSince=5 WHERE FeedId={from}");
        _site.Publish("/old", "only old", "one");
        await PollAsync(1);
        await MergeAsync();

        Assert.Contains("only old", await _desk.OwedAsync("a"));
        Assert.All((await _desk.DeliveriesAsync()).Where(d => d.EndedAt is null), delivery => Assert.NotNull(delivery.DueAt));
    }

    [Fact]
    public async Task What_left_the_old_feed_and_comes_back_in_the_new_one_is_known()
    {
        await TwoAsync();
        _site.Publish("/old", "early", "one");
        await PollAsync(1);
        _site.Publish("/old", "one");
        await PollAsync(1);
        await MergeAsync();
        _site.Publish("/new", "early", "one");
        await PollAsync(2);
        Assert.Equal(["early"], await _desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_poll_on_its_way_to_the_old_address_is_refused()
    {
        _site.Publish("/old", "one");
        var feed = await _desk.SubscribeAsync(_site.Url("/old"), "a");
        await _desk.PollAsync();
        _site.Answer("/old", async http =>
        {
            await _desk.Storage.Writer.RunAsync(db => Notifier.Polling.FeedMoves.Move(db, feed, _site.Url("/new"), null, _desk.Now), Desk.Token);
            await FeedSite.SendAsync(http, FeedSite.Rss(("two", "two", "two")));
        });
        _site.Publish("/new", "one");
        await PollAsync(1);
        await _desk.PollAsync();
        Assert.Empty(await _desk.OwedAsync("a"));
        Assert.Equal(1, _site.RequestsFor("/new"));
    }

    [Fact]
    public async Task A_subscriber_who_came_by_the_old_address_moves_nothing()
    {
        await using var door = new FrontDoor();
        Redirect("/old", _site.Url("/new"));
        _site.Publish("/new", "one");
        for (var i = 0; i < 4; i++)
        {
            Assert.StartsWith("Subscribed", await door.AskAsync($"/subscribe {_site.Url("/old")}", $"chat{i}"), StringComparison.Ordinal);
            door.Desk.Time.Advance(Quarter);
        }

        Assert.Equal((_site.Url("/new").AbsoluteUri, 0, null), await door.Desk.ReadAsync(db => db.Feeds.Select(f => new ValueTuple<string, int, string?>(f.Url, f.MovedTimes, f.MovedTo)).Single()));
        Assert.Empty(await door.Desk.DeliveriesAsync());
    }

    [Fact]
    public async Task Who_subscribes_with_the_very_poll_that_moves_it_gets_it_at_its_new_address()
    {
        await using var door = new FrontDoor();
        _site.Publish("/old", "one");
        await door.AskAsync($"/subscribe {_site.Url("/old")} none");
        await door.Desk.PollAsync();
        Redirect("/old", _site.Url("/new"));
        _site.Publish("/new", "two", "one");
        for (var i = 0; i < 2; i++)
        {
            door.Desk.Time.Advance(Quarter);
            await door.Desk.PollAsync();
        }

        Assert.StartsWith("Subscribed", await door.AskAsync($"/subscribe {_site.Url("/old")} none", "b"), StringComparison.Ordinal);
        Assert.Equal(_site.Url("/new").AbsoluteUri, (await door.Desk.ReadAsync(db => db.Feeds.Single())).Url);
        Assert.Equal(2, await door.Desk.ReadAsync(db => db.Subscriptions.Count()));
        Assert.Equal(["two"], await door.Desk.OwedAsync("a"));
    }

    [Theory]
    [InlineData("/new", "/old", false)]
    [InlineData("/new", "/old", true)]
    [InlineData("/old", "/new", false)]
    [InlineData("/old", "/new", true)]
    public async Task What_one_of_them_holds_gives_way_to_what_the_other_tells(string holds, string tells, bool isTold)
    {
        _site.Publish("/old", Titles("x", 12));
        _site.Publish("/new", Titles("x", 12));
        await _desk.SubscribeAsync(_site.Url("/old"), "a");
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await _desk.SubscribeAsync(_site.Url("/new"), "a");
        await _desk.PollAsync();
        for (var n = 1; n <= 12; n++)
        {
            _site.Publish(tells, [.. Titles("y", n), .. Titles("x", 12)]);
            await PollAsync(1);
        }

        if (isTold)
        {
            _desk.Platform.Open("a");
            await _desk.DeliverAsync();
        }

        _site.Publish(holds, Titles("y", 12));
        await PollAsync(1);
        Assert.Equal(12, await EntriesInAsync(DeliveryState.Held));
        Redirect("/old", _site.Url("/new"));
        await PollAsync(5);

        Assert.Equal(1, await _desk.ReadAsync(db => db.Feeds.Count()));
        Assert.Equal(12, await EntriesInAsync(isTold ? DeliveryState.Sent : DeliveryState.Waiting));
        Assert.Equal(12, await EntriesInAsync(DeliveryState.Cancelled));
    }

    [Fact]
    public async Task Where_an_operator_leads_it_to_a_known_one_that_looks_all_new_nobody_is_flooded()
    {
        await using var door = new FrontDoor();
        _site.Publish("/old", Titles("old", 60));
        _site.Answer("/new", http => FeedSite.SendAsync(http, "<rss version=\"2.0\"><channel><title>The feed</title>" + string.Concat(Titles("old", 60).Select(title =>
            $"<item><guid>n{title}</guid><link>http://b.test/{title}</link><title>{title}</title><description>The text of {title}, read more at b.test</description></item>")) + "</channel></rss>"));
        foreach (var chat in new[] { "a", "b" })
            door.Desk.Platform.Open(chat);
        await door.Desk.SubscribeAsync(_site.Url("/old"), "a");
        await door.Desk.SubscribeAsync(_site.Url("/new"), "b");
        await door.Desk.PollAsync();
        await door.MakeOperatorAsync("@ann");
        await door.AskAsync($"/feed edit #1 {_site.Url("/new")}");
        await door.Desk.DeliverAsync();

        Assert.DoesNotContain(await door.Desk.DeliveriesAsync(), d => d.EntryId is not null && d.State != DeliveryState.Held);
        if (await door.Desk.ReadAsync(db => db.Deliveries.Any(d => d.State == DeliveryState.Held)))
            Assert.Contains(door.Desk.Platform.Shown("a"), text => text.Contains("60 entries are held back", StringComparison.Ordinal));
        Assert.Empty(door.Desk.Platform.Shown("b"));
    }

    [Fact]
    public async Task Where_an_operator_leads_it_to_a_known_one_that_is_all_new_the_chat_is_asked()
    {
        await using var door = new FrontDoor();
        _site.Publish("/old", Titles("x", 12));
        _site.Publish("/new", Titles("y", 12));
        foreach (var chat in new[] { "a", "b" })
            door.Desk.Platform.Open(chat);
        await door.Desk.SubscribeAsync(_site.Url("/old"), "a");
        await door.Desk.SubscribeAsync(_site.Url("/new"), "b");
        await door.Desk.PollAsync();
        await door.MakeOperatorAsync("@ann");
        await door.AskAsync($"/feed edit #1 {_site.Url("/new")}");
        await door.Desk.DeliverAsync();

        Assert.Single(door.Desk.Platform.Shown("a"), text => text.Contains("12 entries are held back", StringComparison.Ordinal));
        Assert.Empty(door.Desk.Platform.Shown("b"));
        Assert.StartsWith("All 12 entries", await door.AskAsync("/held 1 send"), StringComparison.Ordinal);
        await door.Desk.DeliverAsync();
        Assert.Equal(Titles("y", 12).Reverse(), door.Desk.Platform.Named("a")[^1]);
    }

    [Theory]
    [InlineData(12, "12 entries are held back")]
    [InlineData(5, "may have been missed")]
    public async Task The_poll_that_moves_it_tells_what_it_holds_and_what_may_be_missing(int count, string told)
    {
        _site.Publish("/old", Titles("old", count));
        await _desk.SubscribeAsync(_site.Url("/old"), "a");
        await _desk.PollAsync();
        _site.Publish("/new", Titles("old", count));
        Redirect("/old", _site.Url("/new", "b.test"));
        await PollAsync(2);
        _site.Publish("/new", Titles("new", count));
        await PollAsync(2);
        var notices = await NoticesAsync();
        Assert.Equal(2, notices.Count);
        Assert.Contains(told, notices[0], StringComparison.Ordinal);
        Assert.Contains("has moved for good", notices[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_poll_by_which_two_become_one_asks_once()
    {
        _site.Publish("/old", Titles("old", 12));
        _site.Publish("/new", Titles("old", 12));
        await _desk.SubscribeAsync(_site.Url("/old"), "a");
        var into = await _desk.SubscribeAsync(_site.Url("/new"), "b");
        await _desk.PollAsync();
        Redirect("/old", _site.Url("/new"));
        await PollAsync(2);
        _site.Publish("/new", Titles("new", 12));
        await _desk.ExecuteAsync($"UPDATE Feeds SET NextPoll=NextPoll+{TimeSpan.FromHours(5).Ticks} WHERE Id={into}");
        await PollAsync(2);
        Assert.Equal(1, await _desk.ReadAsync(db => db.Feeds.Count()));
        Assert.Equal(["a", "b"], (await NoticesAsync()).Where(notice => notice.Contains("12 entries are held back", StringComparison.Ordinal)).Select(notice => notice[..1]).Order(StringComparer.Ordinal));
        Assert.Equal(24, await EntriesInAsync(DeliveryState.Held));
    }

    private async Task<(long From, long Into)> TwoAsync()
    {
        _site.Publish("/other", "one");
        _site.Publish("/old", "one");
        _site.Publish("/new", "one");
        await _desk.SubscribeAsync(_site.Url("/other"), "a");
        var from = await _desk.SubscribeAsync(_site.Url("/old"), "a");
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        var into = await _desk.SubscribeAsync(_site.Url("/new"), "a");
        await _desk.PollAsync();
        return (from, into);
    }

    private async Task SetAsync(long feed, string state, string column, string value)
    {
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET {column}=NULLIF('{value}', '') WHERE FeedId={feed}");
        if (state.Length > 0)
            await _desk.ExecuteAsync($"UPDATE Subscriptions SET {state} WHERE FeedId={feed}");
    }

    private async Task MergeAsync()
    {
        Redirect("/old", _site.Url("/new"));
        await PollAsync(4);
        Assert.Equal(2, await _desk.ReadAsync(db => db.Feeds.Count()));
    }

    private static string[] Titles(string name, int count) => [.. Enumerable.Range(1, count).Reverse().Select(n => $"{name}{n}")];

    private Task<int> EntriesInAsync(DeliveryState state) => _desk.ReadAsync(db => db.Deliveries.Count(d => d.EntryId != null && d.State == state));

    private void Redirect(string path, Uri to, int status = 301) => _site.Answer(path, status, "Location", to.AbsoluteUri);

    private async Task PollAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _desk.Time.Advance(Quarter);
            await _desk.PollAsync();
        }
    }

    private IEnumerable<string> Entries(string chat) => _desk.Platform.Named(chat).SelectMany(titles => titles).Where(title => !title.StartsWith('“'));

    private Task<List<string>> NoticesAsync() => _desk.ReadAsync(db => (
        from delivery in db.Deliveries
        join chat in db.Chats on delivery.ChatId equals chat.Id
        where delivery.Notice != null
        orderby delivery.Id
        select chat.Address + ": " + delivery.Notice).ToList());
}
