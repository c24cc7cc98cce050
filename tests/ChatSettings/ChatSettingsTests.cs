using Microsoft.AspNetCore.Http;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.ChatSettings;

/// <summary>What a chat sets for itself, who changed what, and how it is taken back.</summary>
public sealed class ChatSettingsTests : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _site.Publish("/feed", "zero");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("europe/berlin", "Europe/Berlin")]
    [InlineData("Berlin", "Europe/Berlin")]
    [InlineData("new york", "America/New_York")]
    [InlineData("utc", "UTC")]
    public async Task A_zone_is_named_as_people_write_it(string typed, string zone)
    {
        Assert.StartsWith($"The clock of this chat goes by {zone} now: ", await AskAsync($"/timezone {typed}"), StringComparison.Ordinal);
        Assert.StartsWith($"The clock of this chat goes by {zone}: ", await AskAsync("/timezone"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task L08_A_zone_that_there_is_not_is_refused_with_the_nearest_one()
    {
        Assert.Equal("I know no time zone “Europe/Berlinn”. Did you mean Europe/Berlin?", await AskAsync("/timezone Europe/Berlinn"));
        Assert.Equal("I know no time zone “Europe/Atlantis”. Write a city or an IANA name, such as Berlin or Europe/Berlin.", await AskAsync("/timezone Europe/Atlantis"));
        foreach (var odd in new[] { "../../etc/passwd", "+02:00", "GMT+99", new string('x', 2000), "Berlin\0", "🕒" })
            Assert.StartsWith("I know no time zone “", await AskAsync($"/timezone {odd}"), StringComparison.Ordinal);
        Assert.StartsWith("The clock of this chat goes by UTC: ", await AskAsync("/timezone"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task L08_A_stored_zone_that_the_machine_no_longer_knows_loses_nothing()
    {
        await _door.Desk.SubscribeAsync(_site.Url("/feed"), "a");
        await _door.Desk.PollAsync();
        await AskAsync("/schedule 1 daily");
        await _door.Desk.ChangeChatAsync("a", chat => (chat.Zone, chat.QuietFrom, chat.QuietUntil) = ("Mars/Olympus", 0, 60));
        _site.Publish("/feed", "one", "zero");
        await _door.Desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={_door.Desk.Now.UtcTicks}");
        await _door.Desk.PollAsync();
        Assert.Equal([new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero)], (await _door.Desk.DeliveriesAsync()).Select(d => d.DueAt));
        Assert.Contains("Next: ", await AskAsync("/schedule 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_hours_that_are_none_are_refused()
    {
        Assert.Equal("“all night” is no span of the day. Write from and until, such as 22:00-07:00, or off.", await AskAsync("/quiet all night"));
        Assert.Equal("“22:00-22:00” is no span of the day. Write from and until, such as 22:00-07:00, or off.", await AskAsync("/quiet 22:00-22:00"));
        Assert.Equal("This chat has no quiet hours. Set them: /quiet 22:00-07:00", await AskAsync("/quiet"));
    }

    [Fact]
    public async Task Every_change_is_told_with_who_and_when_and_taken_back_once()
    {
        await AskAsync($"/subscribe {_site.Url("/feed")} none");
        await AskAsync("/timezone Berlin", "@bob");
        await AskAsync("/quiet 22-7");
        await AskAsync("/schedule 1 daily", "@bob");
        _door.Desk.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(
            "What was changed, the latest first:\n" +
            "2 hours ago · bob: “The feed”: delivered every day at 09:00 2 hours ago · ann: quiet hours 22:00–07:00 2 hours ago · bob: time zone Europe/Berlin 2 hours ago · ann: subscribed to “The feed”",
            await AskAsync("/history"));

        Assert.Equal("Taken back: “The feed”: delivered every day at 09:00.", await AskAsync("/undo"));
        Assert.Equal("“The feed” is delivered as it comes.", await AskAsync("/schedule 1"));
        Assert.Equal("That was taken back already. /history shows what was changed.", await AskAsync("/undo"));
        Assert.StartsWith(
            "What was changed, the latest first:\n" +
            "just now · ann: took back: “The feed”: delivered every day at 09:00 2 hours ago · bob: “The feed”: delivered every day at 09:00 (taken back)",
            await AskAsync("/history"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_since_is_left_as_it_is()
    {
        await AskAsync("/quiet 22-7");
        var first = await LastChangeAsync();
        await AskAsync("/quiet 23-7");
        Assert.Equal("That was changed again since, so I leave it as it is. /history shows what happened.", await AskAsync($"/undo {first}"));
        await AskAsync("/timezone Berlin");
        Assert.Equal("Taken back: time zone Europe/Berlin.", await AskAsync("/undo"));
        Assert.Equal("Quiet hours: 23:00–07:00 (UTC). What falls into them comes afterwards.", await AskAsync("/quiet"));
    }

    [Fact]
    public async Task Another_chats_change_is_not_taken_back()
    {
        await AskAsync("/quiet 22-7");
        var change = await LastChangeAsync();
        Assert.Equal("There is nothing to take back.", await _door.AskAsync($"/undo {change}", chat: "b"));
        Assert.Equal("Nothing was changed in this chat yet.", await _door.AskAsync("/history", chat: "b"));
    }

    [Fact]
    public async Task A_subscription_is_taken_back_as_well()
    {
        await AskAsync($"/subscribe {_site.Url("/feed")} none");
        Assert.Equal("Taken back: subscribed to “The feed”.", await AskAsync("/undo"));
        Assert.StartsWith("This chat has no feeds yet.", await AskAsync("/list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_behind_a_question_mark_is_not_told_in_the_history()
    {
        _site.Answer("/untitled", http => http.Response.WriteAsync("<rss version=\"2.0\"><channel><item><title>one</title></item></channel></rss>"));
        await AskAsync($"/subscribe {_site.Url("/untitled")}?key=topsecret none");
        var told = await AskAsync("/history") + await AskAsync("/undo");
        Assert.Contains("subscribed to “", told, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_is_not_taken_back_as_something_older_would_be()
    {
        await AskAsync("/quiet 22-7");
        await _door.Desk.Storage.Writer.RunAsync(
            db => db.AuditLines.Add(new AuditLine { At = _door.Desk.Now, ChatId = db.Chats.Single().Id, Person = "@ann", PersonName = "ann", Command = "import", Subject = "chat", After = "{\"Added\":2,\"Known\":0,\"Refused\":0}" }),
            Desk.Token);
        Assert.Equal("The last change was an import, and I cannot take a whole list back: /unsubscribe what you do not want.", await AskAsync("/undo"));
        Assert.Contains("ann: imported a list: 2 feeds added", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.StartsWith("Quiet hours: ", await AskAsync("/quiet"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_members_of_the_chat_and_operators_of_all_where_nobody_reads_along()
    {
        await AskAsync($"/subscribe {_site.Url("/feed")} none");
        await AskAsync("/quiet 22-7");
        Assert.Equal("One feed in this chat. /list shows each. Quiet hours: 22:00–07:00 (UTC). What falls into them comes afterwards.", await AskAsync("/status"));
        await _door.MakeOperatorAsync("@ann");
        Assert.DoesNotContain("Outbox", await AskAsync("/status"), StringComparison.Ordinal);
        var said = Spans.Text((await _door.SendAsync(_door.AdminLine("/status") with { IsPrivate = true }))!.Text);
        Assert.Contains("Notifier: one feed polled, 0 failing; one subscription in one chat. Outbox: 0 waiting, 0 failed. Oldest that is due: poll none, message none. Fake: ready", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stories_come_once_unless_a_chat_wants_them_apart()
    {
        Assert.Equal("A story that several entries tell comes once. To get every entry: /stories apart", await AskAsync("/stories"));
        Assert.Equal("“twice” is no choice: write once or apart.", await AskAsync("/stories twice"));
        Assert.Equal("From now on every entry comes, also one that tells a story again.", await AskAsync("/stories APART"));
        Assert.True((await _door.Desk.ReadChatAsync("a")).StoriesApart);
        Assert.Equal("Every entry comes, also one that tells a story again. To get each story once: /stories once", await AskAsync("/stories"));
        Assert.EndsWith("ann: stories apart", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.Equal("Taken back: stories apart.", await AskAsync("/undo"));
        Assert.False((await _door.Desk.ReadChatAsync("a")).StoriesApart);
        await AskAsync("/stories apart");
        Assert.Equal("From now on a story that several entries tell comes once.", await AskAsync("/stories once"));
        Assert.False((await _door.Desk.ReadChatAsync("a")).StoriesApart);
    }

    private Task<long> LastChangeAsync() => _door.Desk.ReadAsync(db => db.AuditLines.Max(a => a.Id));

    private async Task<string> AskAsync(string line, string person = "@ann")
    {
        _door.Desk.Time.Advance(TimeSpan.FromTicks(1));
        return await _door.AskAsync(_door.AdminLine(line, person: person) with { IsLocal = true }) ?? "";
    }
}
