using Microsoft.AspNetCore.Http;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>A chat chooses when it gets what: schedules, quiet hours, pauses; and another chat with the same feed notices nothing of it.</summary>
public sealed class DailyRoundStory : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        Desk.Platform.Open("a");
        Desk.Platform.Open("b");
        _site.Publish("/feed", "zero");
        await Desk.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Desk.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task A_digest_at_nine_in_Berlin_comes_at_nine_on_the_wall_on_both_sides_of_a_summer_time_change()
    {
        // Winter time ends on 29 March 2026 at 2:00; the desk's clock begins in November 2026, so go to the change of March 2027 (the 28th).
        await GoToAsync(new DateTimeOffset(2027, 3, 27, 12, 0, 0, TimeSpan.Zero));
        await SaysAsync("/timezone berlin", "The clock of this chat goes by Europe/Berlin now: Sat 27 Mar 13:00. Schedules and quiet hours follow it.");
        await SaysAsync(
            "/schedule 1 daily",
            "From now on “The feed” is delivered every day at 09:00 (Europe/Berlin).",
            "Next: Sun 28 Mar 09:00 · Mon 29 Mar 09:00 · Tue 30 Mar 09:00.");

        await PublishAsync("one", "two");
        await GoToAsync(new DateTimeOffset(2027, 3, 28, 6, 59, 59, TimeSpan.Zero));
        Assert.Empty(Desk.Platform.Named("a"));
        Assert.Equal([["one"], ["two"]], Desk.Platform.Named("b"));
        await GoToAsync(new DateTimeOffset(2027, 3, 28, 7, 0, 0, TimeSpan.Zero));
        Assert.Equal([["one", "two"]], Desk.Platform.Named("a"));

        // And back in autumn: nine is an hour later by UTC.
        await GoToAsync(new DateTimeOffset(2027, 10, 30, 12, 0, 0, TimeSpan.Zero));
        await PublishAsync("three");
        await GoToAsync(new DateTimeOffset(2027, 10, 31, 7, 59, 59, TimeSpan.Zero));
        Assert.Single(Desk.Platform.Named("a"));
        await GoToAsync(new DateTimeOffset(2027, 10, 31, 8, 0, 0, TimeSpan.Zero));
        Assert.Equal([["one", "two"], ["three"]], Desk.Platform.Named("a"));
        Assert.Equal([["one"], ["two"], ["three"]], Desk.Platform.Named("b"));
    }

    [Fact]
    public async Task Quiet_hours_delay_and_lose_nothing()
    {
        await SaysAsync("/quiet", "This chat has no quiet hours. Set them: /quiet 22:00-07:00");
        await SaysAsync("/quiet 22-7", "From now on it is quiet here 22:00–07:00 (UTC). What falls into that comes afterwards.");
        await GoToAsync(new DateTimeOffset(2026, 11, 24, 21, 59, 0, TimeSpan.Zero));
        await PublishAsync("before");
        Assert.Equal([["before"]], Desk.Platform.Named("a"));
        await GoToAsync(new DateTimeOffset(2026, 11, 24, 22, 0, 0, TimeSpan.Zero));
        await PublishAsync("in");
        await GoToAsync(new DateTimeOffset(2026, 11, 25, 6, 59, 59, TimeSpan.Zero));
        Assert.Equal([["before"]], Desk.Platform.Named("a"));
        Assert.Equal([["before"], ["in"]], Desk.Platform.Named("b"));
        await GoToAsync(new DateTimeOffset(2026, 11, 25, 7, 0, 0, TimeSpan.Zero));
        Assert.Equal([["before"], ["in"]], Desk.Platform.Named("a"));
        await SaysAsync("/quiet off", "No quiet hours any more.");
        await GoToAsync(new DateTimeOffset(2026, 11, 25, 23, 0, 0, TimeSpan.Zero));
        await PublishAsync("late");
        Assert.Equal(["late"], Desk.Platform.Named("a")[^1]);
    }

    [Fact]
    public async Task What_a_fault_kept_until_the_quiet_hours_waits_for_their_end()
    {
        await SaysAsync("/quiet 22:00-07:00", "From now on it is quiet here 22:00–07:00 (UTC). What falls into that comes afterwards.");
        await GoToAsync(new DateTimeOffset(2026, 11, 24, 21, 59, 30, TimeSpan.Zero));
        Desk.Platform.Open("a", new SendResult.RetryAfter(TimeSpan.FromMinutes(5), WholeToken: false));
        await PublishAsync("one");
        await GoToAsync(new DateTimeOffset(2026, 11, 25, 3, 0, 0, TimeSpan.Zero));
        Assert.Empty(Desk.Platform.Named("a"));
        await GoToAsync(new DateTimeOffset(2026, 11, 25, 7, 0, 0, TimeSpan.Zero));
        Assert.Equal([["one"]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task A_change_of_schedule_zone_or_quiet_hours_reckons_what_waits_anew()
    {
        await AskAsync("/schedule 1 daily 20:00");
        await PublishAsync("one");
        Assert.Equal([At(20)], await DueAsync("a"));
        await AskAsync("/timezone Europe/Berlin");
        Assert.Equal([At(19)], await DueAsync("a"));
        await AskAsync("/quiet 19:30-21:00");
        Assert.Equal([At(20)], await DueAsync("a"));
        await AskAsync("/quiet off");
        await AskAsync("/schedule 1 daily 18:00");
        Assert.Equal([At(17)], await DueAsync("a"));
        await AskAsync("/pause 1");
        Assert.Equal([null], await DueAsync("a"));
        await AskAsync("/resume 1 send");
        Assert.Equal([At(17)], await DueAsync("a"));
        await AskAsync("/schedule 1 now");
        Assert.Equal([Desk.Now], await DueAsync("a"));

        static DateTimeOffset? At(int hour) => new DateTimeOffset(2026, 11, 24, hour, 0, 0, TimeSpan.Zero);
    }

    [Fact]
    public async Task A_paused_feed_waits_and_is_sent_or_skipped_as_chosen()
    {
        await SaysAsync("/pause 1", "Paused “The feed” in this chat. What it brings meanwhile waits; /resume 1 goes on.");
        await SaysAsync("/pause 1", "“The feed” is paused already. /resume 1 goes on.");
        await PublishAsync("one", "two");
        Assert.Empty(Desk.Platform.Named("a"));
        Assert.Equal([["one"], ["two"]], Desk.Platform.Named("b"));

        // Asked, and not answered: the pause goes on.
        var asked = await _door.SendAsync(_door.AdminLine("/resume 1"));
        Assert.Equal("2 entries came meanwhile. What shall become of them? The pause goes on until you choose.", Spans.Text(asked!.Text));
        Assert.Equal([("Send all 2", "/resume 1 send"), ("Skip them", "/resume 1 skip")], asked.Actions.Select(action => (action.Label, action.CommandLine)));
        await PublishAsync("three");
        Assert.Empty(Desk.Platform.Named("a"));

        await SaysAsync("/resume 1 skip", "On again: “The feed”. The 3 entries that waited are skipped.");
        await PublishAsync("four");
        Assert.Equal([["four"]], Desk.Platform.Named("a"));

        await AskAsync("/pause 1");
        await PublishAsync("five", "six");
        await SaysAsync("/resume 1 send", "On again: “The feed”. The 2 entries that waited follow.");
        await Desk.DeliverAsync();
        Assert.Equal([["four"], ["five"], ["six"]], Desk.Platform.Named("a"));
        await AskAsync("/pause 1");
        await SaysAsync("/resume 1", "On again: “The feed”. Nothing came meanwhile.");
        await SaysAsync("/resume 1", "“The feed” is not paused.");
        await SaysAsync("/resume 1 maybe", "“maybe” is no choice: write send or skip.");
        Assert.Equal([["one"], ["two"], ["three"], ["four"], ["five"], ["six"]], Desk.Platform.Named("b"));
    }

    [Fact]
    public async Task Skipping_is_taken_back_by_undo()
    {
        await AskAsync("/pause 1");
        await PublishAsync("one", "two");
        await AskAsync("/resume 1 skip");
        await SaysAsync("/undo", "Taken back: “The feed”: resumed.");
        var asked = await _door.SendAsync(_door.AdminLine("/resume 1"));
        Assert.StartsWith("2 entries came meanwhile.", Spans.Text(asked!.Text), StringComparison.Ordinal);
        await AskAsync("/resume 1 send");
        await Desk.DeliverAsync();
        Assert.Equal([["one"], ["two"]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task Skipping_for_all_feeds_is_taken_back_as_well()
    {
        await AskAsync("/pause all");
        await PublishAsync("one", "two");
        await AskAsync("/resume all skip");
        await SaysAsync("/undo", "Taken back: all feeds resumed.");
        await AskAsync("/resume all send");
        await Desk.DeliverAsync();
        Assert.Equal([["one"], ["two"]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task What_is_asked_for_behind_what_waits_says_so()
    {
        await AskAsync("/schedule 1 daily");
        await PublishAsync("one");
        await SaysAsync("/subscribe 1 2", "The newest entry of “The feed” will come after what waits for its time here already.");
        Assert.Empty(Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task A_feed_that_was_gone_is_asked_once_more_when_its_end_is_taken_back()
    {
        _site.Answer("/feed", 410);
        await PollNowAsync();
        Assert.StartsWith("This chat has no feeds yet.", await AskAsync("/list"), StringComparison.Ordinal);
        await AskAsync("/undo");
        await PublishAsync("one");
        Assert.Equal(["one"], Desk.Platform.Named("a")[^1]);
    }

    [Fact]
    public async Task Choosing_one_of_several_keeps_what_else_was_asked()
    {
        _site.Publish("/x", "old");
        _site.Publish("/y", "old");
        _site.Answer("/page", async http =>
        {
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<html><head><link rel=\"alternate\" type=\"application/rss+xml\" title=\"X\" href=\"/x\"><link rel=\"alternate\" type=\"application/rss+xml\" title=\"Y\" href=\"/y\"></head></html>");
        });
        var asked = await _door.SendAsync(_door.AdminLine($"/subscribe {_site.Url("/page")} none schedule:\"weekdays 7:30\" filter:\"new release\" or one"));
        var choice = asked!.Actions[1].CommandLine;
        Assert.Equal($"/subscribe {_site.Url("/y")} backfill:0 schedule:\"weekdays 7:30\" filter:(\"new release\" or one)", choice);
        await AskAsync(choice);
        Assert.Contains("delivered on weekdays at 07:30 · filter (\"new release\" or one)", await AskAsync("/list"), StringComparison.Ordinal);

        var several = await _door.SendAsync(_door.AdminLine("/schedule feed daily 18:00"));
        Assert.Equal(["/schedule 1 daily 18:00", "/schedule 2 daily 18:00"], several!.Actions.Select(action => action.CommandLine));
    }

    [Fact]
    public async Task All_feeds_of_a_chat_are_paused_together_and_new_ones_with_them()
    {
        _site.Publish("/other", "zero");
        await Desk.SubscribeAsync(_site.Url("/other"), "a");
        await Desk.PollAsync();
        await AskAsync("/pause 2");
        await SaysAsync("/pause all", "Paused all feeds in this chat. What they bring meanwhile waits; /resume all goes on.");
        await SaysAsync("/pause all", "All feeds of this chat are paused already. /resume all goes on.");
        await PublishAsync("one");
        await SaysAsync("/resume 1", "All feeds of this chat are paused together.");
        Assert.Empty(Desk.Platform.Named("a"));
        await SaysAsync("/resume all", "One entry came meanwhile. What shall become of it? The pause goes on until you choose.");
        await SaysAsync("/resume all send", "On again: All feeds of this chat. The entry that waited follows.");
        await SaysAsync("/resume all", "Nothing is paused in this chat.");
        await Desk.DeliverAsync();
        Assert.Equal([["one"]], Desk.Platform.Named("a"));
        await SaysAsync("/undo", "Taken back: all feeds resumed and “The feed”: resumed.");
        Assert.Contains("All are paused.", await AskAsync("/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_schedule_changes_nothing()
    {
        await AskAsync("/schedule 1 daily");
        foreach (var (typed, said) in new[]
        {
            ("* * * * *", "That is too often: at least 5 minutes must lie between two times."),
            ("*/10 * * * * *", "“*/10 * * * * *” has six fields, so it goes by seconds; here are five: minute, hour, day, month, weekday."),
            ("0 0 30 2 *", "“0 0 30 2 *” never comes."),
            ("every 7 hours", "Every 7 does not divide the hour or the day evenly. Write it as cron, such as 0 */6 * * *."),
            ("soon", "I do not understand “soon” as a time. Write now, daily, weekdays 7:30, mon 18:00, every 2 hours, or cron with five fields such as 0 9 * * *."),
        })
            await SaysAsync($"/schedule 1 {typed}", said);
        await SaysAsync("/schedule 1", "“The feed” is delivered every day at 09:00 (UTC).", "Next: Wed 25 Nov 09:00 · Thu 26 Nov 09:00 · Fri 27 Nov 09:00.");
        await SaysAsync("/schedule 7 daily", "There is no feed number 7 here; /list shows them, up to 1.");
        await SaysAsync("/schedule", "The feed is missing: its number in /list, its address, or a piece of its title.", "Usage: /schedule feed [when]");
        await PublishAsync("one");
        Assert.Equal([["one"]], Desk.Platform.Named("b"));
        Assert.Equal([new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero)], await DueAsync("a"));
        Assert.Contains("delivered every day at 09:00", await AskAsync("/list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribing_may_name_the_schedule_at_once()
    {
        _site.Publish("/daily", "old");
        await SaysAsync($"/subscribe {_site.Url("/daily")} none schedule:\"weekdays 7:30\"", "Subscribed to “The feed”, polled every 15 minutes and delivered on weekdays at 07:30.");
        await SaysAsync($"/subscribe {_site.Url("/never")} schedule:never", "I do not understand “never” as a time. Write now, daily, weekdays 7:30, mon 18:00, every 2 hours, or cron with five fields such as 0 9 * * *.");
    }

    [Fact]
    public async Task Subscribing_may_name_the_filter_at_once()
    {
        _site.Publish("/some", "old");
        await SaysAsync($"/subscribe {_site.Url("/some")} none filter:\"rust or\"", "“or” (character 6) needs something on both sides. To look for the word itself, write \"or\".");
        await AskAsync($"/subscribe {_site.Url("/some")} none filter:\"one or two\"");
        _site.Publish("/some", "three", "two", "old");
        await Desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={Desk.Now.UtcTicks}");
        await Desk.PollAsync();
        await Desk.DeliverAsync();
        Assert.Equal([["two"]], Desk.Platform.Named("a"));
        Assert.Contains("filter one or two", await AskAsync("/list"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/schedule 1 daily")]
    [InlineData("/pause 1")]
    [InlineData("/resume 1")]
    [InlineData("/timezone Berlin")]
    [InlineData("/quiet 22-7")]
    [InlineData("/undo")]
    [InlineData("/history")]
    public async Task A_member_changes_nothing_and_is_told_which_right_is_missing(string line)
    {
        var command = line.Split(' ')[0];
        Assert.Equal($"Only an administrator of this chat can use {command}. Ask one of them.", await _door.AskAsync(_door.Line(line) with { Rights = Rights.Member }));
        Assert.Equal(0, await Desk.ReadAsync(db => db.AuditLines.Count()));
    }

    private async Task<string> AskAsync(string line)
    {
        Desk.Time.Advance(TimeSpan.Zero);
        return await _door.AskAsync(_door.AdminLine(line) with { IsLocal = true }) ?? "";
    }

    private async Task SaysAsync(string line, params string[] paragraphs) => Assert.Equal(string.Join('\n', paragraphs), await AskAsync(line));

    private Task<List<DateTimeOffset?>> DueAsync(string chat) => Desk.ReadAsync(db =>
        db.Deliveries.Where(d => db.Chats.Any(c => c.Id == d.ChatId && c.Address == chat) && d.EndedAt == null).OrderBy(d => d.Id).Select(d => d.DueAt).ToList());

    /// <summary>Publishes entries beside the old ones, polls, and delivers what is due.</summary>
    private async Task PublishAsync(params string[] titles)
    {
        _site.Publish("/feed", [.. titles.Reverse(), "zero"]);
        await PollNowAsync();
    }

    private async Task PollNowAsync()
    {
        await Desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={Desk.Now.UtcTicks} WHERE NextPoll IS NOT NULL");
        await Desk.PollAsync();
        await Desk.DeliverAsync();
    }

    /// <summary>Sets the clock and delivers what is due then.</summary>
    private async Task GoToAsync(DateTimeOffset then)
    {
        Desk.Time.SetUtcNow(then);
        await Desk.DeliverAsync();
    }
}
