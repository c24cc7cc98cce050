using System.Security;
using Microsoft.AspNetCore.Http;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>Which messages are to be deleted since their publisher has withdrawn the entry, where the subscription wants that; in doubt none.</summary>
public sealed class WithdrawnTests : IAsyncLifetime
{
    private readonly Desk _desk = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _desk.Platform.Open("a");
        _desk.Platform.Open("b");
        _site.Publish("/feed", "old", "older");
        await _desk.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await _desk.ExecuteAsync("UPDATE Subscriptions SET DeletesWithdrawn=1 WHERE ChatId=1");
        await _desk.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Theory]
    [InlineData("old", "older")]
    [InlineData("two", "old", "older")]
    public async Task What_two_polls_do_not_list_although_older_ones_are_is_deleted_where_that_is_wanted(params string[] later)
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        await _desk.DeliverAsync();
        Assert.Equal([], await DeletedAsync());
        await TellAsync(later);
        Assert.Equal(["one"], await DeletedAsync());
        Assert.Single(_desk.Platform.Changes);
    }

    [Fact]
    public async Task A_document_that_is_wrong_once_deletes_nothing()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        await TellAsync("one", "old", "older");
        Assert.Equal([null, null], await DuesAsync());

        // The next time it is the first again.
        await TellAsync("old", "older");
        Assert.Equal([], await DeletedAsync());
        await SureAsync("one");
    }

    [Fact]
    public async Task Neither_time_alone_nor_a_poll_that_fails_is_a_second_look()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        _desk.Time.Advance(TimeSpan.FromHours(5));
        await _desk.DeliverAsync();
        _site.Answer("/feed", 500);
        await PollAsync();
        await PollAsync();
        Assert.Equal([], await DeletedAsync());
        _desk.Time.Advance(TimeSpan.FromHours(5));
        await TellAsync("old", "older");
        Assert.Equal(["one"], await DeletedAsync());
    }

    [Theory]
    [InlineData("old", "older")]
    [InlineData("two", "old", "older")]
    public async Task A_look_right_after_the_first_is_none(params string[] later)
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        await NudgeAsync(9, later);
        Assert.Equal([], await DeletedAsync());
        await NudgeAsync(1, later);
        Assert.Equal(["one"], await DeletedAsync());
    }

    [Fact]
    public async Task A_document_in_between_that_proves_nothing_begins_anew()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        await TellAsync("five", "six", "seven");
        await PollAsync();
        await PollAsync();
        Assert.Equal([], await DeletedAsync());
        await TellAsync("five", "old", "older");
        Assert.Equal([], await DeletedAsync());
        await SureAsync("one", "seven", "six");
    }

    [Fact]
    public async Task Once_confirmed_it_stands_until_the_entry_is_listed_again()
    {
        _desk.Platform.Changing = _ => new SendResult.RetryAfter(TimeSpan.FromHours(12), WholeToken: false);
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        await TellAsync("old", "older");
        var due = (await DuesAsync())[0];
        Assert.True(due is { } time && Withdrawals.IsConfirmed(time));
        await TellAsync("old");
        await TellAsync("five", "six");
        Assert.Equal(due, (await DuesAsync())[0]);
        await TellAsync("one", "old");
        Assert.Null((await DuesAsync())[0]);
    }

    [Fact]
    public async Task What_is_listed_under_another_id_or_another_title_stays()
    {
        Publish(("one", "First title", "The text of one."), ("old", "old", "The text of old."));
        await PollAsync();
        Publish(("another", "First title", "Something else altogether now."), ("old", "old", "The text of old."));
        await PollAsync();
        Publish(("one", "Second title", "Other words."), ("another", "First title", "Something else altogether now."), ("old", "old", "The text of old."));
        await PollAsync();
        await SureAsync();
    }

    [Fact]
    public async Task What_fell_out_of_the_window_stays()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("two", "one", "old");
        await TellAsync("three", "two", "one");
        await TellAsync("four", "three", "two");
        await TellAsync("four", "three", "two");
        await SureAsync();

        // The window shows what had fallen out of it.
        await TellAsync("four", "two", "one");
        await SureAsync("three");
    }

    [Fact]
    public async Task Dates_say_which_is_older_where_there_are_any()
    {
        Dated(("new", -1), ("late", -50), ("old", -100), ("older", -120));
        await PollAsync();
        Dated(("new", -1), ("old", -100), ("older", -120));
        await PollAsync();
        await SureAsync("late");

        // It came as the newest, but is the oldest by its date: it may have fallen out of a window that goes by dates.
        Dated(("back", -200), ("new", -1), ("old", -100), ("older", -120));
        await PollAsync();
        Dated(("new", -1), ("old", -100), ("older", -120));
        await PollAsync();
        await SureAsync("late");
    }

    [Fact]
    public async Task What_falls_out_below_pinned_old_ones_stays()
    {
        Dated(("pin", -1000), ("pin too", -2000), ("pin three", -900), ("three", -1), ("two", -2), ("one", -3), ("old", -100));
        await PollAsync();
        Dated(("pin", -1000), ("pin too", -2000), ("pin three", -900), ("four", 0), ("three", -1), ("two", -2));
        await PollAsync();
        await SureAsync();
    }

    [Fact]
    public async Task What_falls_out_above_a_line_or_two_that_always_end_the_document_stays()
    {
        _site.Publish("/feed", "two", "one", "welcome", "rules");
        await _desk.ExecuteAsync("DELETE FROM FeedMemories");
        await PollAsync();
        await TellAsync("four", "three", "two", "welcome", "rules");
        await TellAsync("five", "four", "three", "welcome", "rules");
        await TellAsync("six", "five", "four", "welcome", "rules");
        await SureAsync();
    }

    [Fact]
    public async Task What_falls_out_when_old_ones_are_moved_up_or_put_in_with_earlier_dates_stays()
    {
        Dated(("c", -1), ("b", -2), ("a", -3), ("old", -100), ("older", -120), ("oldest", -130));
        await PollAsync();
        Dated(("oldest", -130), ("older", -120), ("old", -100), ("d", 0), ("c", -1), ("b", -2));
        await PollAsync();
        await SureAsync();

        // One put in after the message was sent is not older, whatever its date says.
        Dated(("d", 0), ("c", -1), ("i1", -500), ("i2", -501), ("i3", -502));
        await PollAsync();
        await SureAsync();
    }

    [Theory]
    [InlineData("<rss version=\"2.0\"><channel><title>The feed</title></channel></rss>")]
    [InlineData("<rss version=\"2.0\"><channel><title>The feed</title><item><guid>old</guid><title>old</title></item><item><guid>ol")]
    public async Task A_document_that_is_empty_or_breaks_off_withdraws_nothing(string document)
    {
        await TellAsync("one", "old", "older");
        _site.Answer("/feed", http => http.Response.WriteAsync(document));
        await PollAsync();
        Assert.Equal([null, null], await DuesAsync());
    }

    [Fact]
    public async Task A_document_in_which_nothing_is_known_or_all_is_renamed_withdraws_nothing()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("five", "six", "seven", "eight");
        await SureAsync();
    }

    [Fact]
    public async Task What_was_told_long_ago_or_was_told_in_a_list_stays()
    {
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Cron='0 20 * * *'");
        _site.Publish("/feed", "two", "one", "old", "older");
        await PollAsync();
        _desk.Time.Advance(TimeSpan.FromHours(9));
        await _desk.DeliverAsync();
        await _desk.ExecuteAsync("UPDATE Subscriptions SET Cron=NULL");
        await TellAsync("three", "two", "one", "old", "older");
        await _desk.ExecuteAsync($"UPDATE Deliveries SET EndedAt={_desk.Now.AddHours(-49).UtcTicks} WHERE Id=(SELECT MAX(Id) FROM Deliveries WHERE ChatId=1)");
        await TellAsync("old", "older");
        await SureAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_told_another_entry_s_story_stays(bool meanwhile)
    {
        await TellAsync("two", "one", "old", "older");
        const string fold = "UPDATE Deliveries SET State='Folded', SendingId=NULL, FoldedInto=(SELECT MIN(Id) FROM Deliveries WHERE ChatId=1) WHERE Id=(SELECT MAX(Id) FROM Deliveries WHERE ChatId=1)";
        if (!meanwhile)
            await _desk.ExecuteAsync(fold);
        await TellAsync("two", "old", "older");
        if (meanwhile)
            await _desk.ExecuteAsync(fold);
        await SureAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subscription_that_ended_withdraws_nothing_more(bool meanwhile)
    {
        await TellAsync("one", "old", "older");
        if (meanwhile)
            await TellAsync("old", "older");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET EndedAt={_desk.Now.UtcTicks} WHERE ChatId=1");
        await TellAsync("old", "older");
        await SureAsync();
    }

    [Theory]
    [InlineData("old", "older")]
    [InlineData("older", "old")]
    public async Task Whoever_delivers_is_woken(params string[] second)
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        // What woke it before is over.
        _desk.Outbox.SignalOf("fake").Wake();
        await _desk.Outbox.SignalOf("fake").SleepAsync(null, Desk.Token);
        var sleep = _desk.Outbox.SignalOf("fake").SleepAsync(null, Desk.Token);
        _site.Publish("/feed", second);
        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        await _desk.PollAsync();
        await sleep;
    }

    private Task<List<DateTimeOffset?>> DuesAsync() => _desk.ReadAsync(db => db.Sendings.OrderBy(s => s.ChatId).ThenBy(s => s.Id).Select(s => s.DeleteDue).ToList());

    private Task<List<string?>> DeletedAsync() => _desk.ReadAsync(db => (
        from delivery in db.Deliveries
        join sending in db.Sendings on delivery.SendingId equals sending.Id
        join entry in db.Entries on delivery.EntryId equals entry.Id
        where delivery.State == DeliveryState.Sent && sending.MessageId == null
        orderby entry.Id
        select entry.Title).ToList());

    /// <summary>Nothing more changes in the feed, and these are all that were deleted so far.</summary>
    private async Task SureAsync(params string[] deleted)
    {
        await PollAsync();
        await PollAsync();
        Assert.Equal(deleted, await DeletedAsync());
    }

    private async Task NudgeAsync(int minutes, params string[] titles)
    {
        _site.Publish("/feed", titles);
        _desk.Time.Advance(TimeSpan.FromMinutes(minutes));
        await _desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={_desk.Now.UtcTicks}");
        await _desk.PollAsync();
        await _desk.DeliverAsync();
    }

    private Task TellAsync(params string[] titles)
    {
        _site.Publish("/feed", titles);
        return PollAsync();
    }

    private void Publish(params (string Id, string Title, string Text)[] entries) => _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss(entries)));

    private void Dated(params (string Title, int Hours)[] entries)
    {
        var now = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        _site.Answer("/feed", http => FeedSite.SendAsync(http, "<rss version=\"2.0\"><channel><title>The feed</title>" + string.Concat(entries.Select(e =>
            $"<item><guid>{e.Title}</guid><link>http://a.test/{e.Title}</link><title>{SecurityElement.Escape(e.Title)}</title><pubDate>{now.AddHours(e.Hours):R}</pubDate><description>The text of {e.Title}.</description></item>")) + "</channel></rss>"));
    }

    private async Task PollAsync()
    {
        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        await _desk.PollAsync();
        await _desk.DeliverAsync();
    }
}
