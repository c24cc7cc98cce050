using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.ChatSettings;

/// <summary>What a chat chooses for messages that may have arrived, and for entries that are withdrawn.</summary>
public sealed class DoubtTests : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _site.Publish("/feed", "zero");
        await Desk.SubscribeAsync(_site.Url("/feed"), "a");
        await Desk.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_chat_chooses_what_becomes_of_doubt_and_can_take_it_back()
    {
        Assert.StartsWith("When the answer to a message is lost and the platform cannot tell whether it arrived, it is sent again", await AskAsync("/doubt"), StringComparison.Ordinal);
        Assert.Equal("“maybe” is no choice: write repeat or skip.", await AskAsync("/doubt maybe"));
        Assert.StartsWith("From now on a message that may have arrived is not sent again", await AskAsync("/doubt SKIP"), StringComparison.Ordinal);
        Assert.True((await Desk.ReadChatAsync("a")).AtMostOnce);
        Assert.Contains("it is not sent again, and may be missing here", await AskAsync("/doubt"), StringComparison.Ordinal);
        Assert.EndsWith("ann: messages that may have arrived not sent again", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.Equal("Taken back: messages that may have arrived not sent again.", await AskAsync("/undo"));
        Assert.False((await Desk.ReadChatAsync("a")).AtMostOnce);

        await AskAsync("/doubt skip");
        Assert.StartsWith("From now on a message that may have arrived is sent again", await AskAsync("/doubt repeat"), StringComparison.Ordinal);
        Assert.False((await Desk.ReadChatAsync("a")).AtMostOnce);
    }

    [Fact]
    public async Task Where_the_operator_has_decided_for_all_that_is_said()
    {
        Desk.Delivering.AtMostOnce = true;
        Assert.StartsWith("The operator has decided for all chats", await AskAsync("/doubt"), StringComparison.Ordinal);
        Assert.StartsWith("Noted, but the operator has decided for all chats", await AskAsync("/doubt repeat"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_chooses_what_becomes_of_what_is_withdrawn_and_can_take_it_back()
    {
        Assert.Equal("When the publisher of “The feed” takes an entry back, the message about it stays. To have it deleted: /withdrawn 1 delete", await AskAsync("/withdrawn 1"));
        Assert.Equal("“burn” is no choice: write keep or delete.", await AskAsync("/withdrawn 1 burn"));
        Assert.StartsWith("From now on the message about an entry of “The feed” that its publisher takes back within two days is deleted", await AskAsync("/withdrawn 1 delete"), StringComparison.Ordinal);
        Assert.True(await DeletesAsync());
        Assert.StartsWith("When the publisher of “The feed” takes an entry back within two days", await AskAsync("/withdrawn feed"), StringComparison.Ordinal);
        Assert.Contains("“The feed”: messages about withdrawn entries deleted", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.Equal("Taken back: “The feed”: messages about withdrawn entries deleted.", await AskAsync("/undo"));
        Assert.False(await DeletesAsync());
    }

    [Theory]
    [InlineData("/withdrawn 1 keep")]
    [InlineData("/undo")]
    public async Task What_was_about_to_be_deleted_stays_once_that_is_wanted(string line)
    {
        await AskAsync("/withdrawn 1 delete");
        Desk.Platform.Open("a");
        await TellAsync("one", "zero");
        await TellAsync("zero");
        Assert.NotNull(await DueAsync());
        await AskAsync(line);
        Assert.Null(await DueAsync());
    }

    [Fact]
    public async Task Who_leaves_and_comes_again_keeps_what_is_withdrawn()
    {
        await AskAsync("/withdrawn 1 delete");
        await AskAsync("/unsubscribe 1");
        await AskAsync($"/subscribe {_site.Url("/feed")} none");
        Assert.False(await DeletesAsync());
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task Of_two_subscriptions_that_become_one_both_must_want_it(bool one, bool other, bool both)
    {
        await Desk.SubscribeAsync(_site.Url("/feed"), "b");
        await Desk.ExecuteAsync($"UPDATE Subscriptions SET DeletesWithdrawn={(one ? 1 : 0)} WHERE ChatId=1");
        await Desk.ExecuteAsync($"UPDATE Subscriptions SET DeletesWithdrawn={(other ? 1 : 0)} WHERE ChatId=2");
        await Desk.Storage.Writer.RunAsync(db => ChatMoves.Move(db, new ChatAddress("fake", "a"), new ChatAddress("fake", "b"), Desk.Now), Desk.Token);
        Assert.Equal(both, await DeletesAsync());
    }

    [Fact]
    public async Task What_was_about_to_be_deleted_stays_when_the_subscription_becomes_one_with_another_that_does_not_want_it()
    {
        await AskAsync("/withdrawn 1 delete");
        Desk.Platform.Open("a");
        await TellAsync("one", "zero");
        await TellAsync("zero");
        Assert.NotNull(await DueAsync());
        await Desk.SubscribeAsync(_site.Url("/feed"), "b");
        await Desk.Storage.Writer.RunAsync(db => ChatMoves.Move(db, new ChatAddress("fake", "a"), new ChatAddress("fake", "b"), Desk.Now), Desk.Token);
        Assert.False(await DeletesAsync());
        Assert.Null(await DueAsync());
    }

    private Task<bool> DeletesAsync() => Desk.ReadAsync(db => db.Subscriptions.Single().DeletesWithdrawn);

    private Task<DateTimeOffset?> DueAsync() => Desk.ReadAsync(db => db.Sendings.Single().DeleteDue);

    private Task<string?> AskAsync(string line) => _door.AskAsync(line);

    private async Task TellAsync(params string[] titles)
    {
        _site.Publish("/feed", titles);
        Desk.Time.Advance(TimeSpan.FromMinutes(15));
        await Desk.PollAsync();
        await Desk.DeliverAsync();
    }
}
