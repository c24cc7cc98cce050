using System.Text.RegularExpressions;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>Every command on Telegram, with what it refuses.</summary>
public sealed class TelegramCommandsStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    private FeedServer Web => shared.World.Web;

    [Fact]
    public async Task Who_begins_is_told_what_there_is_and_who_they_are()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);

        var help = await SaysAsync(ann, home, "/help");
        Assert.StartsWith("What you can ask:", help, StringComparison.Ordinal);
        Assert.Contains("/subscribe url [backfill] [schedule] [style] [filter] – Get a feed's new entries in this chat", help, StringComparison.Ordinal);
        Assert.DoesNotContain("/setup", help, StringComparison.Ordinal);
        Assert.Contains("Also: /sub, /add", await SaysAsync(ann, home, "/help subscribe"), StringComparison.Ordinal);
        Assert.Equal($"You are Ann (telegram:{ann.Id}) in telegram:{ann.Id}.\n\nYou may: configure this chat (admin).", await SaysAsync(ann, home, "/whoami"));
        Assert.StartsWith("Commands begin with a slash.", await SaysAsync(ann, home, "hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_group_it_answers_its_own_commands_and_leaves_those_of_other_bots_alone()
    {
        var (ann, bob) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob", "bob_b"));
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        group.Join(bob);

        bob.Say(group, "/weather");
        bob.Say(group, "/list@other_bot");
        Assert.Equal($"You are @bob_b (telegram:{bob.Id}) in telegram:{group.Id}.\n\nYou may: read and list (member).", await SaysAsync(bob, group, "/whoami@NotifierTestBot"));
        Assert.StartsWith("There is no /weather.", await SaysAsync(bob, group, "/weather@notifiertestbot"), StringComparison.Ordinal);
        Assert.Equal(3, group.Messages.Count);
        Assert.Equal("/whoami@NotifierTestBot", group.Messages[1].ReplyTo!.Text);
    }

    [Fact]
    public async Task Whoever_has_German_in_their_app_is_answered_in_German()
    {
        var uwe = Telegram.AddUser("Uwe");
        uwe.Language = "de";
        await uwe.MeetAsync(Stop);
        Assert.Equal($"Du bist Uwe (telegram:{uwe.Id}) in telegram:{uwe.Id}.\n\nDu darfst: diesen Chat einrichten (Administrator).", await SaysAsync(uwe, uwe.PrivateChat!, "/whoami"));

        // The group takes it over from who adds the bot, and keeps it for everybody.
        var group = Telegram.AddSupergroup("Verein");
        group.Own(uwe);
        group.InviteBot(uwe);
        await group.HearAsync("Ich beobachte Feeds", Stop);
        var ann = Telegram.AddUser("Ann");
        group.Join(ann);
        Assert.StartsWith("Dieser Chat hat noch keine Feeds.", await SaysAsync(ann, group, "/list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_menus_offer_to_each_what_they_may_ask()
    {
        await Telegram.WaitForRequestsAsync("setMyCommands", 6, ct: Stop);
        await Telegram.SomebodyAsync("Ann", Stop);

        Assert.Equal(["claim", "help", "latest", "list", "start", "status", "whoami", "why"], Telegram.Commands.Of().Select(command => command.Name));
        string[] admins = ["check", "claim", "doubt", "export", "filter", "held", "help", "history", "import", "language", "latest", "list", "pause", "preview", "quiet", "resume", "schedule", "start", "status", "stories", "style", "subscribe", "template", "timezone", "undo", "unsubscribe", "whoami", "why", "withdrawn"];
        Assert.Equal(admins, Telegram.Commands.Of("all_private_chats").Select(command => command.Name));
        Assert.Equal(admins, Telegram.Commands.Of("all_chat_administrators").Select(command => command.Name));
        Assert.Contains(("list", "The feeds of this chat, with their numbers"), Telegram.Commands.Of());
        Assert.Contains(("list", "Die Feeds dieses Chats, mit ihren Nummern"), Telegram.Commands.Of(language: "de"));
        Assert.Equal(admins, Telegram.Commands.Of("all_chat_administrators", "de").Select(command => command.Name));
    }

    [Fact]
    public async Task A_page_with_several_feeds_becomes_a_choice()
    {
        Web.Publish("/a.xml", 1);
        Web.Publish("/b.xml", 1);
        var page = Web.Put("/page", """<html><head><link rel="alternate" type="application/rss+xml" title="A" href="/a.xml"><link rel="alternate" type="application/rss+xml" title="B" href="/b.xml"></head></html>""", "text/html");
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);

        var choices = await ann.AskAsync(home, page, ct: Stop);
        Assert.Equal("That is a web page. I found 2 feeds on it:", choices.Text);
        Assert.All(choices.Buttons, button => Assert.InRange(button.Data!.Length, 1, 64));
        await choices.PressAsync(ann, choices.Buttons[1].Label, Stop);
        var preview = await home.HearAsync("Subscribed to “News of b”", Stop);
        await preview.PressAsync(ann, "Send this one too", Stop);
        await home.HearAsync("Sending the newest entry of “News of b”.", Stop);
        await home.HearAsync("Entry 01", Stop);
    }

    [Fact]
    public async Task What_is_no_feed_is_explained()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);

        Assert.Contains("is missing", await SaysAsync(ann, home, "/subscribe"), StringComparison.Ordinal);
        Assert.Contains("announces no feed", await SaysAsync(ann, home, $"/subscribe {Web.Put("/empty", "<html><body>Hello</body></html>", "text/html")}"), StringComparison.Ordinal);
        Assert.Contains("404", await SaysAsync(ann, home, $"/subscribe {Web.Refuse("/none", 404)}"), StringComparison.Ordinal);
        var near = await ann.AskAsync(home, "/subscrib https://example.org/", ct: Stop);
        Assert.Equal("There is no /subscrib. Did you mean /subscribe?", near.Plain());
        Assert.Equal("/subscribe https://example.org/", near.Buttons.Single().Label);
        Assert.Equal("This chat has no feeds yet. Add one: /subscribe with the address of a feed or a page.", await SaysAsync(ann, home, "/unsubscribe 1"));
    }

    [Fact]
    public async Task A_long_list_has_pages()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        for (var i = 1; i <= 17; i++)
            Assert.Contains("Subscribed to", await shared.World.Notifier.AskAsync($"/subscribe chat:telegram:{ann.Id} {Web.Publish($"/many{i}.xml", 1)} none", Stop), StringComparison.Ordinal);

        var first = await ann.AskAsync(home, "/list", ct: Stop);
        Assert.StartsWith("17 feeds in this chat:\n\n1. News of many1 · polled every second\n2. ", first.Text, StringComparison.Ordinal);
        Assert.Contains("\n15. News", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n16. News", first.Text, StringComparison.Ordinal);
        await first.PressAsync(ann, "Page 2 of 2", Stop);
        var second = await home.WaitForMessageAsync(message => message.Text.Contains("16. News", StringComparison.Ordinal), ct: Stop);
        Assert.Empty(second.Buttons);
    }

    [Fact]
    public async Task A_feed_is_looked_at_polled_ended_and_taken_back()
    {
        var url = Web.Publish("/undo.xml", 3);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);

        Assert.Equal("The newest 2 entries of “News of undo”:\n\n• Entry 03\n• Entry 02", await SaysAsync(ann, home, "/latest 1 2"));
        Assert.StartsWith("“News of undo” was polled just now.", await SaysAsync(ann, home, "/check undo"), StringComparison.Ordinal);
        var ended = await ann.AskAsync(home, "/unsubscribe undo", ct: Stop);
        Assert.Equal("Unsubscribed from “News of undo”.", ended.Text);
        await ended.PressAsync(ann, "Undo", Stop);
        await home.HearAsync("Taken back: the subscription goes on, and nothing was missed.", Stop);
        await ended.PressAsync(ann, "Undo", Stop);
        await home.HearAsync("That was taken back already.", Stop);
        Web.Publish("/undo.xml", 4);
        await home.HearAsync("Entry 04", Stop);
    }

    [Fact]
    public async Task Ending_everything_is_confirmed_first()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, Web.Publish("/all1.xml", 1), Stop);
        await ann.SubscribeAsync(home, Web.Publish("/all2.xml", 1), Stop);

        var sure = await ann.AskAsync(home, "/unsubscribe all", ct: Stop);
        Assert.Equal("This ends all 2 subscriptions of this chat. Are you sure?", sure.Text);
        Assert.StartsWith("2 feeds in this chat:", await SaysAsync(ann, home, "/list"), StringComparison.Ordinal);
        await sure.PressAsync(ann, "Yes, end them all", Stop);
        await home.HearAsync("Unsubscribed from all 2 feeds.", Stop);
        Assert.Equal("Taken back: 2 subscriptions go on, and nothing was missed.", await SaysAsync(ann, home, "/undo"));
    }

    [Fact]
    public async Task The_first_operator_claims_with_the_code_of_the_console_and_only_once()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var (bob, other) = await Telegram.SomebodyAsync("Bob", Stop);
        var code = shared.World.ClaimCode;

        Assert.StartsWith("That is not the code", await SaysAsync(ann, home, "/claim AAAA-BBBB-CCCC"), StringComparison.Ordinal);
        Assert.Equal("Only whoever runs this Notifier can use /admins.", await SaysAsync(ann, home, "/admins"));
        Assert.Equal("You are an operator now: you may do anything, from any chat.", await SaysAsync(ann, home, $"/claim {code}"));
        Assert.StartsWith("That is not the code, or it was used before.", await SaysAsync(bob, other, $"/claim {code}"), StringComparison.Ordinal);
        Assert.Matches($@"^One operator, besides whoever is at the Terminal:\n\n• telegram:{ann.Id} · Ann · just now$", await SaysAsync(ann, home, "/admins"));
        Assert.StartsWith("A token is a secret, so I take it only where nobody reads along", await SaysAsync(ann, home, "/setup telegram"), StringComparison.Ordinal);
        Assert.StartsWith("Others can read what is written here, so I did not take that token", await SaysAsync(ann, home, "/setup telegram 1:stolen"), StringComparison.Ordinal);
        Assert.Equal("Only whoever runs this Notifier can use /setup.", await SaysAsync(bob, other, "/setup telegram"));
        Assert.Matches("Telegram: ready as @", await SaysAsync(ann, home, "/setup"));

        var next = Regex.Match(await SaysAsync(ann, home, "/admins add"), "/claim ([0-9A-Z-]{14})").Groups[1].Value;
        Assert.StartsWith("You are an operator now", await SaysAsync(bob, other, $"/claim {next}"), StringComparison.Ordinal);
        Assert.Equal($"telegram:{bob.Id} is no operator any more.", await SaysAsync(ann, home, $"/admins telegram:{bob.Id}"));
        Assert.False(File.Exists(Path.Combine(shared.World.Data, "secrets.json")));
    }

    private static async Task<string> SaysAsync(FakeTelegramUser user, FakeTelegramChat chat, string line) => (await user.AskAsync(chat, line, ct: Stop)).Plain();
}
