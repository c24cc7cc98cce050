using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>Which messages are to be changed after their entry was edited, and when.</summary>
public sealed class ToldEditsTests : IAsyncLifetime
{
    private const string Text = "The council has decided that the bridge over the river will be closed from Monday on since the inspection found cracks in two of its pillars.";

    private readonly Desk _desk = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _desk.Platform.Open("a");
        _desk.Platform.Open("b");
        Publish(("old", "An old one", "Its text."));
        await _desk.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await _desk.PollAsync();
        await TellAsync(("one", "The bridge", Text));
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task A_material_edit_of_what_was_told_changes_the_messages_of_all_chats_at_once()
    {
        await PollAsync(("one", "The bridge is closed", Text));
        Assert.Equal([_desk.Now, _desk.Now], await DuesAsync());
    }

    [Fact]
    public async Task An_edit_that_nobody_would_notice_changes_nothing()
    {
        await PollAsync(("one", "The bridge", $"<p>{Text}</p> 17 comments"));
        Assert.Equal(1, await _desk.ReadAsync(db => db.Entries.Count(e => e.EditedAt == _desk.Now)));
        Assert.Equal([null, null], await DuesAsync());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(100, 60)]
    public async Task Each_change_of_a_message_makes_the_pause_before_the_next_longer(int edits, int minutes)
    {
        await _desk.ExecuteAsync($"UPDATE Sendings SET Edits={edits}");
        await PollAsync(("one", "The bridge is closed", Text));
        Assert.Equal([_desk.Now.AddMinutes(minutes), _desk.Now.AddMinutes(minutes)], await DuesAsync());
    }

    [Fact]
    public async Task A_second_edit_before_the_change_waits_for_nothing_more()
    {
        var before = _desk.Now.AddMinutes(-3);
        await _desk.ExecuteAsync($"UPDATE Sendings SET EditDue={before.UtcTicks} WHERE ChatId=1");
        await PollAsync(("one", "The bridge is closed", Text));
        Assert.Equal([before, _desk.Now], await DuesAsync());
    }

    [Fact]
    public async Task What_was_told_more_than_two_days_ago_stays_as_it_is()
    {
        _desk.Time.Advance(TimeSpan.FromHours(47));
        await _desk.ExecuteAsync($"UPDATE Deliveries SET EndedAt={_desk.Now.AddHours(-49).UtcTicks} WHERE ChatId=1");
        await PollAsync(("one", "The bridge is closed", Text));
        Assert.Equal([null, _desk.Now], await DuesAsync());
    }

    [Fact]
    public async Task What_is_on_its_way_or_in_doubt_is_changed_too_and_what_was_given_up_is_not()
    {
        await _desk.ExecuteAsync("UPDATE Deliveries SET State='Sending', EndedAt=NULL WHERE ChatId=1");
        await _desk.ExecuteAsync("UPDATE Deliveries SET State='Unknown' WHERE ChatId=2");
        await PollAsync(("one", "The bridge is closed", Text));
        Assert.Equal([_desk.Now, null], await DuesAsync());

        await _desk.ExecuteAsync("UPDATE Deliveries SET EndedAt=NULL WHERE ChatId=2");
        await PollAsync(("one", "The bridge is open", Text));
        Assert.Equal(_desk.Now, (await DuesAsync())[1]);
    }

    [Fact]
    public async Task A_list_is_not_changed()
    {
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Cron='0 20 * * *'");
        Publish(("three", "The third", Text), ("two", "The second", "Another text."), ("one", "The bridge", Text));
        await PollAsync();
        _desk.Time.Advance(TimeSpan.FromHours(9));
        await _desk.DeliverAsync();
        Assert.Equal(["The", "second", "The", "third"], _desk.Platform.Named("a")[^1]);
        await PollAsync(("three", "The third, corrected", Text), ("two", "The second", "Another text."), ("one", "The bridge", Text));
        Assert.All(await DuesAsync(), Assert.Null);
    }

    [Fact]
    public async Task Whoever_delivers_is_woken()
    {
        // What woke it before is over.
        _desk.Outbox.SignalOf("fake").Wake();
        await _desk.Outbox.SignalOf("fake").SleepAsync(null, Desk.Token);
        var sleep = _desk.Outbox.SignalOf("fake").SleepAsync(null, Desk.Token);
        await PollAsync(("one", "The bridge", $"{Text} 17 comments"));
        Assert.False(sleep.IsCompleted);
        await PollAsync(("one", "The bridge is closed", Text));
        await sleep;
    }

    private Task<List<DateTimeOffset?>> DuesAsync() => _desk.ReadAsync(db => db.Sendings.OrderBy(s => s.Id).Select(s => s.EditDue).ToList());

    private void Publish(params (string Id, string Title, string Text)[] entries) => _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss(entries)));

    private async Task TellAsync(params (string Id, string Title, string Text)[] entries)
    {
        await PollAsync(entries);
        await _desk.DeliverAsync();
    }

    private async Task PollAsync(params (string Id, string Title, string Text)[] entries)
    {
        if (entries.Length > 0)
            Publish([.. entries, ("old", "An old one", "Its text.")]);
        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        await _desk.PollAsync();
    }
}
