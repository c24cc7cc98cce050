using Microsoft.EntityFrameworkCore;
using Notifier.Chats;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>A group becomes a supergroup in mid-burst, a chat is deleted: what is owed follows, or ends with a reason.</summary>
public sealed class ChatMovesTests : IAsyncDisposable
{
    private static readonly Uri F = new("http://f.test/");
    private readonly Desk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task What_is_owed_follows_the_chat_in_order()
    {
        _desk.Platform.Open("old", new SendResult.Sent("m"), Moved("new"));
        _desk.Platform.Open("new");
        await _desk.SubscribeAsync(F, "old");
        await _desk.OweAsync("old", "f", "one", "two", "three");
        await _desk.DeliverAsync();

        Assert.Equal(["one"], Titles("old"));
        Assert.Equal(["two", "three"], Titles("new"));
        Assert.Equal("new", (await _desk.ReadAsync(db => db.Chats.Single())).Address);
        Assert.Equal(1, await _desk.ReadAsync(db => db.Subscriptions.Count()));
    }

    [Fact]
    public async Task All_threads_of_it_move()
    {
        await _desk.Storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "old", "7"), _desk.Now), Desk.Token);
        _desk.Platform.Open("old", Moved("new"));
        _desk.Platform.Open("new");
        await _desk.OweAsync("old", "f", "one");
        await _desk.DeliverAsync();

        Assert.Equal([("new", ""), ("new", "7")], (await _desk.ReadAsync(db => db.Chats.ToList())).Select(c => (c.Address, c.Thread)).Order());
    }

    [Fact]
    public async Task A_chat_that_is_known_already_takes_the_other_in_and_hears_nothing_twice()
    {
        _desk.Platform.Open("new");
        await _desk.SubscribeAsync(new Uri("http://first.test/"), "new");
        await _desk.SubscribeAsync(F, "new");
        await _desk.OweAsync("new", "f", "one");
        await _desk.DeliverAsync();
        _desk.Platform.Open("old", Moved("new"));
        await _desk.SubscribeAsync(F, "old");
        await _desk.SubscribeAsync(new Uri("http://other.test/"), "old");
        await _desk.OweAsync("old", "f", "one", "two");
        await _desk.DeliverAsync();

        Assert.Equal(["one", "two"], Titles("new"));
        Assert.Equal(["new"], (await _desk.ReadAsync(db => db.Chats.ToList())).Select(c => c.Address));
        var subscriptions = await _desk.ReadAsync(db => db.Subscriptions.ToList());
        Assert.Equal(3, subscriptions.Select(s => s.Number).Distinct().Count());
        Assert.Equal(3, subscriptions.Select(s => s.FeedId).Distinct().Count());
    }

    [Fact]
    public async Task A_live_subscription_is_not_lost_to_an_ended_one()
    {
        await _desk.SubscribeAsync(F, "new");
        await _desk.Storage.Writer.RunAsync(db => DueTimes.End(db, db.Subscriptions.Single(), _desk.Now), Desk.Token);
        _desk.Platform.Open("old", Moved("new"));
        _desk.Platform.Open("new");
        await _desk.SubscribeAsync(F, "old");
        await _desk.OweAsync("old", "f", "one");
        await _desk.DeliverAsync();

        Assert.Null((await _desk.ReadAsync(db => db.Subscriptions.Single())).EndedAt);
        Assert.Equal(["one"], Titles("new"));
    }

    [Fact]
    public async Task What_waits_paused_can_still_be_resumed_after_the_move()
    {
        await _desk.SubscribeAsync(F, "new");
        _desk.Platform.Open("old", Moved("new"));
        _desk.Platform.Open("new");
        await _desk.SubscribeAsync(F, "old");
        await _desk.OweAsync("old", "f", "one");
        await _desk.OweAsync("old", "g", "go");
        await _desk.ExecuteAsync("UPDATE Deliveries SET SubscriptionId=2, DueAt=NULL WHERE Id=1");
        await _desk.DeliverAsync();

        var subscription = await _desk.ReadAsync(db => db.Subscriptions.Single());
        Assert.Equal(subscription.Id, (await _desk.DeliveriesAsync())[0].SubscriptionId);
    }

    [Fact]
    public async Task A_chat_believed_gone_lives_when_another_moves_into_it()
    {
        await _desk.ChatAsync("new");
        await _desk.ChangeChatAsync("new", chat => chat.GoneSince = _desk.Now);
        _desk.Platform.Open("old", Moved("new"));
        _desk.Platform.Open("new");
        await _desk.OweAsync("old", "f", "one");
        await _desk.DeliverAsync();

        Assert.Equal(["one"], Titles("new"));
    }

    [Fact]
    public async Task What_the_chat_had_set_holds_at_the_new_address_where_nothing_else_was_set()
    {
        await _desk.ChatAsync("plain");
        await _desk.ChatAsync("own");
        await _desk.ChangeChatAsync("own", chat => (chat.Zone, chat.QuietFrom, chat.QuietUntil, chat.Style) = ("Asia/Tokyo", 60, 120, "full"));
        foreach (var (from, to) in new[] { ("old", "plain"), ("elder", "own") })
        {
            await _desk.ChatAsync(from);
            await _desk.ChangeChatAsync(from, chat => (chat.Zone, chat.QuietFrom, chat.QuietUntil, chat.Style, chat.AtMostOnce) = ("Europe/Berlin", 1320, 420, "compact", true));
            await MoveAsync(from, to);
        }

        var plain = await _desk.ReadChatAsync("plain");
        Assert.Equal(("Europe/Berlin", 1320, 420, "compact", true), (plain.Zone, plain.QuietFrom, plain.QuietUntil, plain.Style, plain.AtMostOnce));
        var own = await _desk.ReadChatAsync("own");
        Assert.Equal(("Asia/Tokyo", 60, 120, "full"), (own.Zone, own.QuietFrom, own.QuietUntil, own.Style));
    }

    [Fact]
    public async Task A_paused_chat_stays_paused_where_nobody_else_waits_and_can_go_on()
    {
        await _desk.ChatAsync("new");
        await OwedAsync("old", "f", "one", "two");
        await PauseAsync("old");
        await MoveAsync("old", "new");

        Assert.NotNull((await _desk.ReadChatAsync("new")).PausedSince);
        Assert.All((await _desk.DeliveriesAsync()).Where(d => d.Notice is null), delivery => Assert.Null(delivery.DueAt));
        await _desk.ChangeChatAsync("new", chat => chat.PausedSince = null);
        await _desk.Storage.Writer.RunAsync(db => DueTimes.Recompute(db, db.Chats.Single(), _desk.Now), Desk.Token);
        await DeliverAsync();
        Assert.Equal(["one", "two"], Titles("new"));
    }

    [Theory]
    [InlineData("old")]
    [InlineData("new")]
    public async Task What_a_paused_chat_kept_back_comes_where_the_other_goes_on(string paused)
    {
        await OwedAsync("new", "g", "three");
        await OwedAsync("old", "f", "one", "two");
        await PauseAsync(paused);
        await MoveAsync("old", "new");

        Assert.Null((await _desk.ReadChatAsync("new")).PausedSince);
        await DeliverAsync();
        Assert.Equal(["one", "three", "two"], Titles("new").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("old")]
    [InlineData("new")]
    public async Task A_feed_that_is_paused_in_one_of_them_goes_on_with_what_it_kept_back(string paused)
    {
        await OwedAsync("new", "f", "one");
        await OwedAsync("old", "f", "two");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET PausedSince=5 WHERE {In(paused)}");
        await _desk.ExecuteAsync($"UPDATE Deliveries SET DueAt=NULL WHERE {In(paused)}");
        await MoveAsync("old", "new");

        Assert.Null((await _desk.ReadAsync(db => db.Subscriptions.Single())).PausedSince);
        await DeliverAsync();
        Assert.Equal(["one", "two"], Titles("new"));
    }

    [Theory]
    [InlineData("old", "new")]
    [InlineData("new", "old")]
    public async Task What_an_ended_subscription_kept_back_is_not_told_and_stops_nothing(string ended, string living)
    {
        await OwedAsync(ended, "f", "unwanted", "both");
        await OwedAsync(living, "f", "both", "wanted");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET EndedAt=5, Filter='other', Cron='0 9 * * *' WHERE {In(ended)}");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET Filter='mine' WHERE {In(living)}");
        await _desk.ExecuteAsync($"UPDATE Deliveries SET DueAt=NULL WHERE {In(ended)}");
        await MoveAsync("old", "new");

        var left = await _desk.ReadAsync(db => db.Subscriptions.Single());
        Assert.Equal((null, "mine", null), (left.EndedAt, left.Filter, left.Cron));
        await DeliverAsync();
        Assert.Equal(["both", "wanted"], Titles("new"));
    }

    [Fact]
    public async Task A_feed_that_both_had_gives_what_either_wanted()
    {
        await OwedAsync("new", "f", "one");
        await OwedAsync("old", "f", "two");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET Filter='rust', Cron='0 9 * * *' WHERE {In("new")}");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET Filter='go' WHERE {In("old")}");
        await _desk.ExecuteAsync($"UPDATE Deliveries SET DueAt=DueAt+{TimeSpan.FromHours(21).Ticks} WHERE {In("new")}");
        await MoveAsync("old", "new");

        var left = await _desk.ReadAsync(db => db.Subscriptions.Single());
        Assert.Equal(("(rust) or (go)", null), (left.Filter, left.Cron));
        var line = await _desk.ReadAsync(db => db.AuditLines.Single());
        Assert.Equal(((await _desk.ReadChatAsync("new")).Id, "notifier", $"subscription:{left.Id}"), (line.ChatId, line.Person, line.Subject));
        await DeliverAsync();
        Assert.Equal(["one", "two"], Titles("new"));
    }

    /// <summary>A platform's mistake must not delete what it is about.</summary>
    [Theory]
    [InlineData("Waiting", "Held", "Waiting")]
    [InlineData("Sent", "Held", "Sent")]
    [InlineData("Waiting", "Cancelled", "Waiting")]
    [InlineData("Sent", "Cancelled", "Sent")]
    [InlineData("Held", "Waiting", "Waiting")]
    [InlineData("Held", "Sent", "Sent")]
    [InlineData("Held", "Held", "Held")]
    [InlineData("Held", "Cancelled", "Held")]
    [InlineData("Cancelled", "Held", "Held")]
    public async Task What_one_of_them_holds_gives_way_to_what_the_other_owes_or_has_told(string old, string there, string left)
    {
        await _desk.SubscribeAsync(F, "old", "new");
        foreach (var (chat, state) in new[] { ("old", old), ("new", there) })
        {
            await _desk.OweAsync(chat, "f", "one");
            var ended = state is "Sent" or "Cancelled" ? "5" : "NULL";
            await _desk.ExecuteAsync($"UPDATE Deliveries SET State='{state}', EndedAt={ended}, DueAt=CASE '{state}' WHEN 'Held' THEN NULL ELSE DueAt END WHERE ChatId={await _desk.ChatAsync(chat)}");
        }

        await _desk.Storage.Writer.RunAsync(db => ChatMoves.Move(db, new ChatAddress("fake", "old"), new ChatAddress("fake", "new"), _desk.Now), Desk.Token);
        Assert.Equal(left, await _desk.StatesAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_move_to_the_same_place_changes_nothing()
    {
        _desk.Platform.Open("a", Moved("a"), Moved("a"));
        await _desk.SubscribeAsync(F, "a");
        await _desk.OweAsync("a", "f", "one");
        for (var i = 0; i < 3; i++)
        {
            await _desk.DeliverAsync();
            _desk.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["one"], Titles("a"));
        Assert.Equal(3, _desk.Platform.Ledger.Count);
        Assert.Equal(1, await _desk.ReadAsync(db => db.Subscriptions.Count()));
    }

    [Fact]
    public async Task A_chat_that_is_gone_ends_its_subscriptions_and_what_it_is_owed()
    {
        _desk.Platform.Open("a", new SendResult.ChatGone("The chat was deleted."));
        await _desk.SubscribeAsync(F, "a");
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.OweAsync("a", "g", "three");
        await _desk.DeliverAsync();

        Assert.Equal("Cancelled Cancelled Cancelled", await _desk.StatesAsync());
        Assert.All(await _desk.DeliveriesAsync(), d => Assert.Equal("The chat was deleted.", d.Reason));
        Assert.NotNull((await _desk.ReadAsync(db => db.Subscriptions.Single())).EndedAt);
        Assert.NotNull((await _desk.ReadChatAsync("a")).GoneSince);
        Assert.Single(_desk.Platform.Ledger);
    }

    private static SendResult.ChatMoved Moved(string to) => new(new ChatAddress("fake", to));

    private static string In(string chat) => $"ChatId=(SELECT Id FROM Chats WHERE Address='{chat}')";

    private Task MoveAsync(string from, string to) => _desk.Events.MovedAsync(new ChatAddress("fake", from), new ChatAddress("fake", to), Desk.Token);

    /// <summary>Subscribes the chat, which is owed entries by that.</summary>
    private async Task OwedAsync(string chat, string feed, params string[] titles)
    {
        await _desk.SubscribeAsync(new Uri($"http://{feed}.test/"), chat);
        await _desk.OweAsync(chat, feed, titles);
        await _desk.ExecuteAsync("UPDATE Deliveries SET SubscriptionId=(SELECT Id FROM Subscriptions s WHERE s.ChatId=Deliveries.ChatId AND s.FeedId=Deliveries.FeedId)");
    }

    private async Task PauseAsync(string chat)
    {
        await _desk.ChangeChatAsync(chat, it => it.PausedSince = _desk.Now);
        await _desk.ExecuteAsync($"UPDATE Deliveries SET DueAt=NULL WHERE {In(chat)}");
    }

    private async Task DeliverAsync()
    {
        _desk.Platform.Open("new");
        await _desk.DeliverAsync();
    }

    /// <summary>The entries that were told; that the chat moved is told as well (<see cref="NoticesTests"/>).</summary>
    private IEnumerable<string> Titles(string chat) => _desk.Platform.Named(chat).SelectMany(titles => titles).Where(title => !title.StartsWith("This chat has a new address", StringComparison.Ordinal));
}
