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

    /// <summary>A platform's mistake must not delete what it is about.</summary>
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

    /// <summary>The entries that were told; that the chat moved is told as well (<see cref="NoticesTests"/>).</summary>
    private IEnumerable<string> Titles(string chat) => _desk.Platform.Named(chat).SelectMany(titles => titles).Where(title => !title.StartsWith("This chat has a new address", StringComparison.Ordinal));
}
