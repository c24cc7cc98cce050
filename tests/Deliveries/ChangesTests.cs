using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>What was sent follows its entry: changed where it stands, never told again.</summary>
public sealed class ChangesTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    private FakePlatform Platform => _desk.Platform;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_edited_entry_changes_its_message_once_and_is_not_told_again()
    {
        await TellAsync("one");
        await EditAsync("The new text.");
        await _desk.DeliverAsync();
        await _desk.DeliverAsync();

        Assert.Equal([("m1", "one: The new text.")], Platform.Changes);
        Assert.Single(Platform.Ledger);
        var sending = await SendingAsync();
        Assert.Equal((null, 1, "one: The new text."), (sending.EditDue, sending.Edits, System.Text.Encoding.UTF8.GetString(sending.Body)));
    }

    [Fact]
    public async Task A_change_that_nobody_would_see_is_not_sent()
    {
        await TellAsync("one");
        await _desk.ExecuteAsync($"UPDATE Sendings SET EditDue={_desk.Now.UtcTicks}");
        await _desk.DeliverAsync();

        Assert.Empty(Platform.Changes);
        Assert.Null((await SendingAsync()).EditDue);
    }

    [Fact]
    public async Task A_change_waits_for_its_time_and_for_what_is_owed()
    {
        await TellAsync("one");
        await EditAsync("The new text.", TimeSpan.FromMinutes(4));
        await _desk.DeliverAsync();
        Assert.Empty(Platform.Changes);
        var sleeping = _desk.Deliverer.SleepUntilDueAsync("fake", Desk.Token);
        Assert.False(sleeping.IsCompleted);
        _desk.Time.Advance(TimeSpan.FromMinutes(4));
        await sleeping;

        var gate = Platform.Hold("a");
        await _desk.OweAsync("a", "g", "two");
        var delivering = _desk.DeliverAsync();
        await gate.Arrived;
        Assert.Empty(Platform.Changes);
        gate.Open();
        await delivering;
        Assert.Single(Platform.Changes);
    }

    [Fact]
    public async Task A_change_that_cannot_be_made_is_given_up_and_the_message_stays()
    {
        await TellAsync("one");
        Platform.Changing = _ => new SendResult.Rejected("message can't be edited");
        await EditAsync("The new text.");
        await _desk.DeliverAsync();
        Assert.Null((await SendingAsync()).EditDue);
        Assert.Equal("Sent", await _desk.StatesAsync());
    }

    [Theory]
    [InlineData("RetryAfter", 90)]
    [InlineData("NotSent", 1)]
    [InlineData("Unknown", 1)]
    [InlineData("NoAccess", 3600)]
    public async Task A_change_that_was_not_taken_is_tried_again(string first, int seconds)
    {
        await TellAsync("one");
        SendResult? answer = first switch
        {
            "RetryAfter" => new SendResult.RetryAfter(TimeSpan.FromSeconds(90), WholeToken: false),
            "NotSent" => new SendResult.NotSent("down"),
            "Unknown" => new SendResult.Unknown("lost"),
            _ => new SendResult.NoAccess("muted"),
        };
        Platform.Changing = _ => answer;
        await EditAsync("The new text.");
        await _desk.DeliverAsync();
        Assert.Equal(_desk.Now + TimeSpan.FromSeconds(seconds), (await SendingAsync()).EditDue);

        answer = null;
        _desk.Time.Advance(TimeSpan.FromSeconds(seconds));
        await _desk.DeliverAsync();
        Assert.Single(Platform.Changes);
    }

    [Fact]
    public async Task After_two_days_a_message_stays_as_it_is()
    {
        await TellAsync("one");
        _desk.Time.Advance(TimeSpan.FromHours(48) + TimeSpan.FromSeconds(1));
        await EditAsync("The new text.");
        await _desk.DeliverAsync();
        Assert.Empty(Platform.Changes);
        Assert.Null((await SendingAsync()).EditDue);
    }

    [Fact]
    public async Task An_edit_that_comes_while_another_is_on_its_way_follows_it()
    {
        await TellAsync("one");
        await EditAsync("The second text.");
        Platform.Changing = _ =>
        {
            Platform.Changing = null;
            _desk.Time.Advance(TimeSpan.FromSeconds(1));
            EditAsync("The third text.").GetAwaiter().GetResult();
            return new SendResult.Sent("m1");
        };
        await _desk.DeliverAsync();
        Assert.NotNull((await SendingAsync()).EditDue);
        _desk.Time.Advance(TimeSpan.FromMinutes(1));
        await _desk.DeliverAsync();
        Assert.Equal([("m1", "one: The third text.")], Platform.Changes);
    }

    [Fact]
    public async Task What_was_edited_while_it_was_on_its_way_is_changed_after_it_arrived()
    {
        var gate = Platform.Hold("a");
        await _desk.OweAsync("a", "f", "one");
        var delivering = _desk.DeliverAsync();
        await gate.Arrived;
        await EditAsync("The new text.");
        gate.Open();
        await delivering;
        await _desk.DeliverAsync();
        Assert.Equal([("held", "one: The new text.")], Platform.Changes);
    }

    [Fact]
    public async Task What_is_to_be_deleted_is_and_says_so()
    {
        await TellAsync("one");
        await _desk.ExecuteAsync($"UPDATE Sendings SET DeleteDue={_desk.Now.UtcTicks}");
        await _desk.DeliverAsync();
        await _desk.DeliverAsync();

        Assert.Equal([("m1", null)], Platform.Changes);
        Assert.Equal((null, null), ((await SendingAsync()).MessageId, (await SendingAsync()).DeleteDue));
        var delivery = Assert.Single(await _desk.DeliveriesAsync());
        Assert.Equal(DeliveryState.Sent, delivery.State);
        Assert.Contains("withdrew", delivery.Reason.Said(), StringComparison.Ordinal);
    }

    /// <summary>The chat waits, and so does the change: nothing spins meanwhile.</summary>
    [Fact]
    public async Task A_change_in_a_chat_that_has_to_wait_sleeps_until_the_wait_is_over()
    {
        await TellAsync("one");
        await EditAsync("The new text.");
        await _desk.ChangeChatAsync("a", chat => chat.NotBefore = _desk.Now + TimeSpan.FromHours(12));
        await _desk.DeliverAsync();
        var sleeping = _desk.Deliverer.SleepUntilDueAsync("fake", Desk.Token);
        _desk.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.False(sleeping.IsCompleted);
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await sleeping;
        await _desk.DeliverAsync();
        Assert.Single(Platform.Changes);
    }

    /// <summary>Message numbers begin anew in a supergroup: the old ones mean somebody else's messages there.</summary>
    [Fact]
    public async Task After_a_move_nothing_of_before_is_changed()
    {
        await TellAsync("one");
        await EditAsync("The new text.");
        await _desk.ExecuteAsync($"UPDATE Sendings SET DeleteDue={_desk.Now.UtcTicks}");
        await _desk.Storage.Writer.RunAsync(db => Notifier.Deliveries.ChatMoves.Move(db, new ChatAddress("fake", "a"), new ChatAddress("fake", "b"), _desk.Now), Desk.Token);
        await _desk.DeliverAsync();
        Assert.Empty(Platform.Changes);
    }

    [Fact]
    public async Task What_was_on_its_way_when_its_chat_moved_is_not_changed_there()
    {
        var gate = Platform.Hold("a");
        await _desk.OweAsync("a", "f", "one");
        var delivering = _desk.DeliverAsync();
        await gate.Arrived;
        await _desk.Storage.Writer.RunAsync(db => Notifier.Deliveries.ChatMoves.Move(db, new ChatAddress("fake", "a"), new ChatAddress("fake", "b"), _desk.Now), Desk.Token);
        gate.Open();
        await delivering;
        await EditAsync("The new text.");
        await _desk.DeliverAsync();
        Assert.Equal("Sent", await _desk.StatesAsync());
        Assert.Empty(Platform.Changes);
    }

    /// <summary>Of an entry that both were told one delivery stays, and no message that nothing leads to.</summary>
    [Fact]
    public async Task Chats_that_become_one_leave_no_change_that_can_never_be_made()
    {
        await TellAsync("one");
        Platform.Open("b", new SendResult.Sent("m2"));
        await _desk.OweAsync("b", "f", "one");
        await _desk.DeliverAsync();
        await EditAsync("The new text.");
        await _desk.Storage.Writer.RunAsync(db => Notifier.Deliveries.ChatMoves.Move(db, new ChatAddress("fake", "a"), new ChatAddress("fake", "b"), _desk.Now), Desk.Token);
        await _desk.DeliverAsync();
        Assert.Equal(["m2"], Platform.Changes.Select(change => change.MessageId));
        Assert.Equal(1, await _desk.ReadAsync(db => db.Sendings.Count()));
    }

    [Fact]
    public async Task A_change_that_fails_does_not_bring_a_deletion_forward()
    {
        await TellAsync("one");
        await EditAsync("The new text.");
        var later = _desk.Now + TimeSpan.FromMinutes(15);
        await _desk.ExecuteAsync($"UPDATE Sendings SET DeleteDue={later.UtcTicks}");
        Platform.Changing = _ => new SendResult.NotSent("down");
        await _desk.DeliverAsync();
        Assert.Equal(later, (await SendingAsync()).DeleteDue);
    }

    /// <summary>The others of its story were left out for its sake.</summary>
    [Fact]
    public async Task A_message_that_tells_others_as_well_is_not_deleted()
    {
        await TellAsync("one");
        await _desk.OweAsync("a", "g", "one");
        await _desk.ExecuteAsync($"UPDATE Deliveries SET State='Folded', EndedAt={_desk.Now.UtcTicks}, FoldedInto=1 WHERE Id=2; UPDATE Sendings SET DeleteDue={_desk.Now.UtcTicks}");
        await _desk.DeliverAsync();
        Assert.Empty(Platform.Changes);
        Assert.Null((await SendingAsync()).DeleteDue);
    }

    [Fact]
    public async Task A_deleted_message_stands_for_no_other()
    {
        await TellAsync("one");
        await _desk.ExecuteAsync($"UPDATE Sendings SET DeleteDue={_desk.Now.UtcTicks}");
        await _desk.DeliverAsync();
        await _desk.OweAsync("a", "g", "the same");
        await _desk.ExecuteAsync("UPDATE Entries SET StoryId=1 WHERE Id=2");
        await _desk.DeliverAsync();
        Assert.Equal("Sent Sent", await _desk.StatesAsync());
    }

    [Fact]
    public async Task An_edit_between_composing_and_storing_is_made_up_for()
    {
        Platform.Open("a", new SendResult.Sent("m1"));
        await _desk.OweAsync("a", "f", "one");
        Platform.Rendering = () =>
        {
            Platform.Rendering = null;
            _desk.ExecuteAsync($"UPDATE Entries SET Content='The new text.', EditedAt={_desk.Now.UtcTicks}").GetAwaiter().GetResult();
        };
        await _desk.DeliverAsync();
        await _desk.DeliverAsync();
        Assert.Equal([("m1", "one: The new text.")], Platform.Changes);
    }

    [Fact]
    public async Task Who_lost_the_lease_changes_nothing()
    {
        await TellAsync("one");
        await EditAsync("The new text.");
        var frozen = await _desk.LeaseAsync();
        await Notifier.Deliveries.SenderLease.TakeAsync(_desk.Storage, "fake", _desk.Time, Desk.Token);
        _desk.Time.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<Notifier.Deliveries.LeaseLostException>(() => _desk.Deliverer.DeliverDueAsync(Platform, frozen, Desk.Token));
        Assert.Empty(Platform.Changes);
    }

    private async Task TellAsync(string title)
    {
        Platform.Open("a", new SendResult.Sent("m1"));
        await _desk.OweAsync("a", "f", title);
        await _desk.DeliverAsync();
    }

    private Task<int> EditAsync(string text, TimeSpan after = default) =>
        _desk.ExecuteAsync($"UPDATE Entries SET Content='{text}', EditedAt={_desk.Now.UtcTicks}; UPDATE Sendings SET EditDue={(_desk.Now + after).UtcTicks}");

    private Task<Sending> SendingAsync() => _desk.ReadAsync(db => db.Sendings.OrderBy(s => s.Id).First());
}
