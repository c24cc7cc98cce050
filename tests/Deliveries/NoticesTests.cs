using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>What Notifier tells by itself: to whom, and once for each occasion.</summary>
public sealed class NoticesTests : IAsyncDisposable
{
    private static readonly Uri F = new("http://f.test/");
    private readonly Desk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_chat_is_greeted_once_however_often_Notifier_is_added()
    {
        _desk.Platform.Open("a");
        for (var i = 0; i < 3; i++)
            await _desk.Events.JoinedAsync(new ChatAddress("fake", "a"), "guild", "The chat", null, Desk.Token);
        await _desk.DeliverAsync();

        Assert.StartsWith("I watch feeds", Assert.Single(_desk.Platform.Shown("a")), StringComparison.Ordinal);
        Assert.Equal(("guild", "The chat"), await _desk.ReadAsync(db => db.Chats.Select(c => new ValueTuple<string, string?>(c.Space, c.Title)).Single()));
    }

    [Fact]
    public async Task Who_subscribed_is_told_in_private_that_a_right_is_lost_and_what_waits_goes_on_when_it_is_back()
    {
        _desk.Platform.Open("a", new SendResult.NoAccess("I may not write there."), new SendResult.NoAccess("I may not write there."));
        _desk.Platform.Open("@ann");
        _desk.Platform.Open("@bob");
        await _desk.SubscribeAsync("@ann", F, "a");
        await _desk.SubscribeAsync("@ann", new Uri("http://g.test/"), "a");
        await _desk.SubscribeAsync("@bob", new Uri("http://h.test/"), "a");
        await _desk.ChangeChatAsync("a", chat => chat.Title = "The chat");
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();
        _desk.Time.Advance(TimeSpan.FromHours(1));
        await _desk.DeliverAsync();

        const string Told = "I cannot post in The chat any more: I may not write there. What is owed there waits, and goes on as soon as I may post again.";
        Assert.Equal([Told], _desk.Platform.Shown("@ann"));
        Assert.Equal([Told], _desk.Platform.Shown("@bob"));
        Assert.Empty(_desk.Platform.Shown("a"));

        await _desk.Events.AllowedAsync(new ChatAddress("fake", "a"), Desk.Token);
        await _desk.DeliverAsync();
        Assert.Equal(["one"], _desk.Platform.Named("a").SelectMany(titles => titles));
        Assert.Null((await _desk.ReadChatAsync("a")).NoAccessSince);
    }

    [Fact]
    public async Task H12_What_could_not_be_shown_is_told_once_a_day_for_a_feed()
    {
        _desk.Platform.Open("a");
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.OweAsync("a", "g", "three");
        await _desk.ExecuteAsync("UPDATE Entries SET Link='http://f.test/' || Title");
        await _desk.SubscribeAsync(F, "a");
        await _desk.ExecuteAsync("UPDATE Deliveries SET SubscriptionId=1, State='Quarantined', EndedAt=CreatedAt WHERE FeedId=1");
        await _desk.ExecuteAsync("UPDATE Deliveries SET State='Quarantined', EndedAt=CreatedAt WHERE FeedId=2");
        await QuarantinedAsync(1, "Bad Request: can't parse it");
        await QuarantinedAsync(2, "Bad Request: can't parse it");
        await QuarantinedAsync(3, "It is too long.");
        await _desk.DeliverAsync();
        Assert.Equal(
            [
                "“one” of “f” could not be shown here: Bad Request: can't parse it. The link is http://f.test/one. /why 1 says more.",
                "“three” of “g” could not be shown here: It is too long. The link is http://f.test/three.",
            ],
            _desk.Platform.Shown("a"));

        _desk.Time.Advance(TimeSpan.FromDays(1));
        await QuarantinedAsync(2, "Once more");
        await _desk.DeliverAsync();
        Assert.Equal("“two” of “f” could not be shown here: Once more. The link is http://f.test/two. /why 1 says more.", _desk.Platform.Shown("a")[^1]);
    }

    [Fact]
    public async Task A_notice_that_could_not_be_shown_makes_no_other()
    {
        await _desk.OweAsync("a", "f", "one");
        await QuarantinedAsync(1, "No");
        var notice = (await _desk.DeliveriesAsync())[^1];
        Assert.NotNull(notice.Notice);
        await QuarantinedAsync(notice.Id, "No");
        await QuarantinedAsync(4711, "No");
        Assert.Equal(2, (await _desk.DeliveriesAsync()).Count);
    }

    [Fact]
    public async Task Being_removed_is_told_in_private_and_being_added_again_goes_on()
    {
        _desk.Platform.Open("a");
        _desk.Platform.Open("@ann");
        await _desk.SubscribeAsync("@ann", F, "a");
        await _desk.Events.RemovedAsync(_desk.Platform, new ChatAddress("fake", "a"), "I was removed.", Desk.Token);
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();
        Assert.Empty(_desk.Platform.Shown("a"));
        Assert.Single(_desk.Platform.Shown("@ann"));

        await _desk.Events.JoinedAsync(new ChatAddress("fake", "a"), "", "The chat", null, Desk.Token);
        await _desk.DeliverAsync();
        Assert.Equal("one: The text of one.", _desk.Platform.Shown("a")[0]);
    }

    [Fact]
    public async Task All_chats_of_a_space_are_held_and_allowed_together()
    {
        _desk.Platform.Open("a");
        _desk.Platform.Open("b");
        _desk.Platform.Open("c");
        foreach (var chat in new[] { "a", "b", "c" })
            await _desk.OweAsync(chat, "f", "one");
        foreach (var chat in new[] { "a", "b" })
            await _desk.ChangeChatAsync(chat, c => c.Space = "guild");
        await _desk.Events.RemovedFromSpaceAsync(_desk.Platform, "guild", "I was removed.", Desk.Token);
        await _desk.DeliverAsync();
        Assert.Equal([0, 0, 1], new[] { "a", "b", "c" }.Select(chat => _desk.Platform.Shown(chat).Count));

        await _desk.Events.AllowedInSpaceAsync("fake", "guild", Desk.Token);
        await _desk.DeliverAsync();
        Assert.Equal([1, 1, 1], new[] { "a", "b", "c" }.Select(chat => _desk.Platform.Shown(chat).Count));
    }

    [Fact]
    public async Task A_chat_that_is_gone_is_told_to_who_subscribed()
    {
        _desk.Platform.Open("a", new SendResult.ChatGone("It was deleted."));
        _desk.Platform.Open("@ann");
        await _desk.SubscribeAsync("@ann", F, "a");
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();

        Assert.Equal(["fake:a is no more, so its subscriptions have ended: It was deleted."], _desk.Platform.Shown("@ann"));
    }

    [Fact]
    public async Task A_person_is_not_told_in_the_very_chat_that_is_closed()
    {
        _desk.Platform.Open("@ann", new SendResult.NoAccess("Blocked."));
        await _desk.SubscribeAsync("@ann", F, "@ann");
        await _desk.OweAsync("@ann", "f", "one");
        await _desk.DeliverAsync();

        Assert.Single(await _desk.DeliveriesAsync());
    }

    [Fact]
    public async Task A_moved_chat_is_told_so_once_after_what_was_owed()
    {
        _desk.Platform.Open("old", new SendResult.ChatMoved(new ChatAddress("fake", "new")));
        _desk.Platform.Open("new");
        await _desk.SubscribeAsync(F, "old");
        await _desk.OweAsync("old", "f", "one", "two");
        await _desk.DeliverAsync();
        await _desk.Events.MovedAsync(new ChatAddress("fake", "old"), new ChatAddress("fake", "new"), Desk.Token);
        await _desk.DeliverAsync();

        Assert.Equal(["one: The text of one.", "two: The text of two.", "This chat has a new address, and its feed came along."], _desk.Platform.Shown("new"));
    }

    [Fact]
    public async Task A_burst_that_does_not_fit_goes_out_in_smaller_parts()
    {
        _desk.Platform.Room = 7;
        _desk.Platform.Open("a");
        var titles = Enumerable.Range(1, 40).Select(n => $"e{n}").ToArray();
        await _desk.OweAsync("a", "f", titles);
        await _desk.DeliverAsync();

        Assert.Equal(titles, _desk.Platform.Named("a").SelectMany(named => named));
        Assert.All(_desk.Platform.Named("a"), named => Assert.InRange(named.Length, 1, 7));
    }

    private Task QuarantinedAsync(long delivery, string reason) => _desk.Storage.Writer.RunAsync(db => _desk.Notices.Quarantined(db, delivery, reason, _desk.Now), Desk.Token);
}
