using Notifier.Chats;
using Notifier.Commands;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>What comes of a list of feeds that somebody brings along.</summary>
public sealed class ImportCommandTests : IAsyncDisposable
{
    private const string Gap = "One feed was added. What comes from now on is told here; the first poll only looks what there is.";

    private readonly FrontDoor _door = new(new CommandOptions { SubscriptionsPerChat = 600, SubscriptionsPerSpace = 600 });

    private Desk Desk => _door.Desk;

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task The_feeds_of_a_list_are_added_in_its_order_with_what_it_says_of_them()
    {
        var said = await _door.ImportAsync(OpmlDesk.Opml(
            OpmlDesk.Outline("http://zebra.test/") + " notifier:filter=\"title:cats\" notifier:schedule=\"0 9 * * *\"",
            OpmlDesk.Outline("http://ant.test/feed") + " title=\"Ants\" notifier:style=\"compact\" notifier:template=\"{{ title }}\" notifier:paused=\"true\"",
            OpmlDesk.Outline("HTTP://ZEBRA.test:80/"),
            OpmlDesk.Outline("mole.test")));

        Assert.Equal("From my list.opml:\n3 feeds were added. What comes from now on is told here; the first poll only looks what there is.", said);
        Assert.Equal(
            ["1 http://zebra.test/ “A feed” title:cats · 0 9 * * * ·  · ", "2 http://ant.test/feed “Ants”  ·  · compact · {{ title }} paused", "3 https://mole.test/ “A feed”  ·  ·  · "],
            await Desk.HasAsync("a"));
        Assert.All(await Desk.ReadAsync(db => db.Feeds.ToList()), feed => Assert.Equal(Desk.Now, feed.NextPoll));
        Assert.All(await Desk.ReadAsync(db => db.Subscriptions.ToList()), subscription => Assert.Equal(("@ann", Desk.Now), (subscription.By, subscription.Since)));
        var line = Assert.Single(await Desk.ReadAsync(db => db.AuditLines.ToList()));
        Assert.Equal(("import", "chat", null, """{"Added":3,"Known":0,"Refused":0}"""), (line.Command, line.Subject, line.Before, line.After));
    }

    [Fact]
    public async Task What_the_chat_has_already_is_left_as_it_is()
    {
        await Desk.SubscribeAsync(new Uri("http://ant.test/"), "a");
        await Desk.ExecuteAsync("UPDATE Subscriptions SET Filter='mine'");
        var list = OpmlDesk.Opml(OpmlDesk.Outline("http://ant.test/") + " notifier:filter=\"theirs\"", OpmlDesk.Outline("http://bee.test/"));

        Assert.Equal($"From my list.opml:\n{Gap}\nOne was here already and is left as it was.", await _door.ImportAsync(list));
        var before = await Desk.HasAsync("a");
        Assert.Equal("1 http://ant.test/ “” mine ·  ·  · ", before[0]);
        Assert.StartsWith("From my list.opml:\n0 feeds were added.", await _door.ImportAsync(list), StringComparison.Ordinal);
        Assert.Equal(before, await Desk.HasAsync("a"));
    }

    [Fact]
    public async Task What_had_ended_comes_back_as_the_list_says()
    {
        await Desk.SubscribeAsync(new Uri("http://ant.test/"), "a");
        await Desk.ExecuteAsync("UPDATE Subscriptions SET Filter='old'");
        await _door.AskAsync("/unsubscribe 1");

        await _door.ImportAsync(OpmlDesk.Opml(OpmlDesk.Outline("http://ant.test/") + " notifier:style=\"card\""));
        Assert.Equal(["1 http://ant.test/ “”  ·  · card · "], await Desk.HasAsync("a"));
    }

    [Fact]
    public async Task F10_What_cannot_be_taken_is_told_with_its_reason_and_the_rest_is_taken()
    {
        var said = await _door.ImportAsync(OpmlDesk.Opml(
            OpmlDesk.Outline("http://ant.test/"),
            OpmlDesk.Outline("../../etc/passwd"),
            OpmlDesk.Outline("C:\\Windows"),
            OpmlDesk.Outline("ftp://ann:hunter2@bee.test/?key=hunter3"),
            OpmlDesk.Outline("http://ann:hunter2@cow.test/?key=hunter3")));

        Assert.Equal(
            $"""
            From my list.opml:
            {Gap}
            4 were not taken:
            ../../etc/passwd: That is not a web address. It should look like https://example.org/feed.xml
            C:\Windows: That is not a web address. It should look like https://example.org/feed.xml
            ftp://…@bee.test/?…: Only addresses that begin with http:// or https:// can be read.
            http://cow.test/?…: The address has a name and password in it; leave them out.
            """,
            said);
        Assert.Equal(["1 http://ant.test/ “A feed”  ·  ·  · "], await Desk.HasAsync("a"));
        Assert.Equal(["http://ant.test/"], await Desk.ReadAsync(db => db.Feeds.Select(feed => feed.Url).ToList()));
    }

    [Fact]
    public async Task Ten_reasons_are_enough()
    {
        var said = await _door.ImportAsync(OpmlDesk.Opml([OpmlDesk.Outline("http://ant.test/"), .. Enumerable.Range(1, 17).Select(n => OpmlDesk.Outline($"wrong address {n}"))]));

        Assert.Contains("17 were not taken:\nwrong address 1: ", said, StringComparison.Ordinal);
        Assert.Contains("\nwrong address 10: ", said, StringComparison.Ordinal);
        Assert.EndsWith("\n… and 7 more", said, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong address 11", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_or_schedule_that_cannot_be_read_is_left_out_and_the_feed_is_added()
    {
        var said = await _door.ImportAsync(OpmlDesk.Opml(
            OpmlDesk.Outline("http://a.test/") + $" notifier:filter=\"{new string('x', 501)}\"",
            OpmlDesk.Outline("http://b.test/") + " notifier:schedule=\"now and then\" notifier:filter=\"cats\"",
            OpmlDesk.Outline("http://c.test/") + " notifier:schedule=\"* * * * * *\"",
            OpmlDesk.Outline("http://d.test/") + " notifier:schedule=\"0 0 31 2 *\"",
            OpmlDesk.Outline("http://e.test/") + " notifier:style=\"../x\"",
            OpmlDesk.Outline("http://f.test/") + $" notifier:template=\"{new string('x', 4001)}\" notifier:style=\"card\""));

        Assert.StartsWith("From my list.opml:\n6 feeds were added.", said, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            6 were added without everything that the list says:
            http://a.test/: Its filter was left out. That filter has 501 characters; 500 is the most.
            http://b.test/: Its schedule was left out. I do not understand “now and then” as a time. Write now, daily, weekdays 7:30, mon 18:00, every 2 hours, or cron with five fields such as 0 9 * * *.
            http://c.test/: Its schedule was left out. “* * * * * *” has six fields, so it goes by seconds; here are five: minute, hour, day, month, weekday.
            http://d.test/: Its schedule was left out. “0 0 31 2 *” never comes.
            http://e.test/: Its style was left out. There is no such style.
            http://f.test/: Its template was left out. It is longer than 4000 characters.
            """,
            said,
            StringComparison.Ordinal);
        Assert.Equal("2 http://b.test/ “A feed” cats ·  ·  · ", (await Desk.HasAsync("a"))[1]);
        Assert.Equal("6 http://f.test/ “A feed”  ·  · card · ", (await Desk.HasAsync("a"))[5]);
    }

    [Fact]
    public async Task F10_Of_a_long_list_the_first_five_hundred_are_taken_and_that_is_said()
    {
        var said = await _door.ImportAsync(OpmlDesk.Opml(OpmlDesk.Outlines(501)));

        Assert.StartsWith("From my list.opml:\n500 feeds were added.", said, StringComparison.Ordinal);
        Assert.EndsWith("\nThe list is longer: what comes after its first 500 feeds was not looked at. Split it, and import the rest.", said, StringComparison.Ordinal);
        var has = await Desk.HasAsync("a");
        Assert.Equal(500, has.Count);
        Assert.StartsWith("500 http://feed500.test/", has[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task F10_A_large_list_is_not_even_fetched()
    {
        const string TooLarge = "That list is larger than 1024 KiB, and more is not read here. Split it.";
        var asked = false;
        var command = _door.AdminLine("/import") with { File = new IncomingFile("big.opml", 50 << 20, (_, _) => Task.FromResult(Fetched())) };
        Assert.Equal(TooLarge, await _door.AskAsync(command));
        Assert.False(asked);

        // Whatever was said of its size.
        var list = OpmlDesk.Opml(OpmlDesk.Outlines(1)) + new string(' ', 1 << 20);
        Assert.Equal(TooLarge, await _door.AskAsync(_door.AdminLine("/import").With(list, length: 100)));
        Assert.Empty(await Desk.HasAsync("a"));

        FileResult Fetched()
        {
            asked = true;
            return new FileResult.TooLarge();
        }
    }

    [Fact]
    public async Task F10_Ten_thousand_folders_inside_each_other_are_no_trouble()
    {
        var list = $"<opml><body>{string.Concat(Enumerable.Repeat("<outline text='x'>", 10_000))}<outline xmlUrl='http://ant.test/'/>{string.Concat(Enumerable.Repeat("</outline>", 10_000))}</body></opml>";

        Assert.Equal($"From my list.opml:\n{Gap}", await _door.ImportAsync(list));
    }

    [Theory]
    [InlineData("<rss version='2.0'/>", "my list.opml cannot be imported. This is not an OPML document: it does not begin with <opml>.")]
    [InlineData("<opml>\n<body>", "my list.opml cannot be imported. The OPML document is broken at line 2, column 7.")]
    [InlineData("<opml><body><outline text='a folder'/></body></opml>", "There are no feeds in my list.opml.")]
    public async Task What_is_no_list_of_feeds_is_told(string list, string expected)
    {
        Assert.Equal(expected, await _door.ImportAsync(list));
        Assert.Empty(await Desk.ReadAsync(db => db.AuditLines.ToList()));
    }

    [Fact]
    public async Task A_list_may_stand_at_an_address()
    {
        await using var web = await FeedServer.StartAsync(Desk.Token);
        var url = web.Put("/list.opml", OpmlDesk.Opml(OpmlDesk.Outlines(2)));

        Assert.StartsWith($"From {url}?…:\n2 feeds were added.", OpmlDesk.Said(await _door.SendAsync(_door.AdminLine($"/import {url}?key=1"))), StringComparison.Ordinal);
        Assert.Equal($"{web.Put("/page", "<html>", "text/html")} cannot be imported. This is not an OPML document: it does not begin with <opml>.", await _door.AskAsync($"/import {web.Url("/page")}"));
        Assert.Contains("404", await _door.AskAsync($"/import {web.Url("/none")}"), StringComparison.Ordinal);
        Assert.Equal("That list is larger than 1024 KiB, and more is not read here. Split it.", await _door.AskAsync($"/import {web.Put("/large", new string(' ', (1 << 20) + 1))}"));
        Assert.StartsWith("That address has a name and password in it.", await _door.AskAsync("/import http://ann:hunter2@a.test/"), StringComparison.Ordinal);
        Assert.StartsWith("Only addresses that begin with http://", await _door.AskAsync("/import list.opml:x"), StringComparison.Ordinal);

        // By the same way as feeds: nothing private is looked at.
        Assert.Contains("public", await _door.AskAsync("/import http://10.0.0.1/list.opml"), StringComparison.Ordinal);
        Assert.Equal(2, (await Desk.HasAsync("a")).Count);
    }

    [Fact]
    public async Task Without_a_list_it_is_said_how_to_bring_one()
    {
        Assert.StartsWith("Attach an OPML file to /import, answer a message that has one with it", await _door.AskAsync("/import"), StringComparison.Ordinal);
        Assert.EndsWith("notifier import FILE.opml --chat fake:a", await _door.AskAsync(_door.AdminLine("/import") with { IsLocal = true }), StringComparison.Ordinal);
        Assert.Equal(
            "I could not get the file. It is gone.",
            await _door.AskAsync(_door.AdminLine("/import") with { File = new IncomingFile("x", 1, (_, _) => Task.FromResult<FileResult>(new FileResult.Failed("It is gone."))) }));
    }

    [Fact]
    public async Task It_needs_the_right_to_configure_and_for_Notifier_the_right_to_post()
    {
        Desk.Platform.RightsOf = (_, _) => Rights.Member;
        Assert.Equal("Only an administrator of this chat can use /import. Ask one of them.", await _door.AskAsync(_door.Line("/import").With(OpmlDesk.Opml(OpmlDesk.Outlines(1)))));
        Assert.Equal("Only an administrator of this chat can use /export. Ask one of them.", await _door.AskAsync(_door.Line("/export")));
        Assert.Equal(
            "I could not post there: I lack the right “Send Messages”. Give it to me, then ask once more.",
            await _door.AskAsync(_door.AdminLine("/import").With(OpmlDesk.Opml(OpmlDesk.Outlines(1))) with { MissingRight = _ => Task.FromResult<string?>("Send Messages") }));
        Assert.Empty(await Desk.HasAsync("a"));
    }

    [Fact]
    public async Task An_update_that_comes_again_changes_and_says_nothing()
    {
        var command = _door.AdminLine("/import").With(OpmlDesk.Opml(OpmlDesk.Outlines(2)));
        Assert.NotNull(await _door.AskAsync(command));
        Assert.Null(await _door.AskAsync(command));
        Assert.Single(await Desk.ReadAsync(db => db.AuditLines.ToList()));
    }
}
