using System.Security;
using Microsoft.AspNetCore.Http;
using Notifier.Model;
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

    [Fact]
    public async Task What_is_listed_no_more_although_an_older_one_is_goes_where_that_is_wanted()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        Assert.Equal([_desk.Now.AddMinutes(15), null], await DuesAsync());
    }

    [Fact]
    public async Task The_first_time_stands_and_what_is_listed_again_stays()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("old", "older");
        var first = await DuesAsync();
        _site.Publish("/feed", "old");
        await PollAsync();
        Assert.Equal(first, await DuesAsync());
        _site.Publish("/feed", "one", "old");
        await PollAsync();
        Assert.Equal([null, null], await DuesAsync());
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
        Assert.DoesNotContain(await DuesAsync(), due => due is not null);
    }

    [Fact]
    public async Task What_fell_out_of_the_window_stays()
    {
        await TellAsync("one", "old", "older");
        await TellAsync("two", "one", "old");
        await TellAsync("three", "two", "one");
        await TellAsync("four", "three", "two");
        Assert.DoesNotContain(await DuesAsync(), due => due is not null);
        await TellAsync("four", "two");
        Assert.Equal(["three"], await WithdrawnAsync());
    }

    [Fact]
    public async Task Dates_say_which_is_older_where_there_are_any()
    {
        Dated(("new", -1), ("late", -50), ("old", -100));
        await PollAsync();
        Dated(("old", -100), ("new", -1));
        await PollAsync();
        Assert.Equal(["late"], await WithdrawnAsync());

        // It came as the newest, but is the oldest by its date: it may have fallen out of a window that goes by dates.
        Dated(("back", -200), ("new", -1), ("old", -100));
        await PollAsync();
        Dated(("new", -1), ("old", -100));
        await PollAsync();
        Assert.Equal(["late"], await WithdrawnAsync());
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
        Assert.DoesNotContain(await DuesAsync(), due => due is not null);
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
        Assert.DoesNotContain(await DuesAsync(), due => due is not null);
    }

    [Fact]
    public async Task A_subscription_that_ended_withdraws_nothing_more()
    {
        await TellAsync("one", "old", "older");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET EndedAt={_desk.Now.UtcTicks} WHERE ChatId=1");
        await TellAsync("old", "older");
        Assert.Equal([null, null], await DuesAsync());
    }

    [Fact]
    public async Task Whoever_delivers_is_woken()
    {
        await TellAsync("one", "old", "older");
        // What woke it before is over.
        _desk.Outbox.SignalOf("fake").Wake();
        await _desk.Outbox.SignalOf("fake").SleepAsync(null, Desk.Token);
        var sleep = _desk.Outbox.SignalOf("fake").SleepAsync(null, Desk.Token);
        _site.Publish("/feed", "old", "older");
        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        await _desk.PollAsync();
        await sleep;
    }

    private Task<List<DateTimeOffset?>> DuesAsync() => _desk.ReadAsync(db => db.Sendings.OrderBy(s => s.ChatId).ThenBy(s => s.Id).Select(s => s.DeleteDue).ToList());

    private Task<List<string?>> WithdrawnAsync() => _desk.ReadAsync(db => (
        from sending in db.Sendings
        where sending.DeleteDue != null
        join delivery in db.Deliveries on sending.Id equals delivery.SendingId
        join entry in db.Entries on delivery.EntryId equals entry.Id
        orderby entry.Id
        select entry.Title).ToList());

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
