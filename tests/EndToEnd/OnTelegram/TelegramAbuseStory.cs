using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>People on Telegram who try what they may not, or who only look as if they might.</summary>
public sealed class TelegramAbuseStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    private FeedServer Web => shared.World.Web;

    [Fact]
    public async Task E01_A_member_may_look_and_change_nothing()
    {
        var url = Web.Publish("/member.xml", 1);
        var (ann, bob) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob"));
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        group.Join(bob);
        await ann.SubscribeAsync(group, url, Stop);

        foreach (var command in new[] { $"/subscribe {url}", "/unsubscribe 1", "/check 1", "/undo" })
            Assert.Equal($"Only an administrator of this chat can use {command.Split(' ')[0]}. Ask one of them.", (await bob.AskAsync(group, command, ct: Stop)).Text);
        Assert.Equal("Only whoever runs this Notifier can use /admins.", (await bob.AskAsync(group, "/admins", ct: Stop)).Text);
        Assert.StartsWith("One feed in this chat:", (await bob.AskAsync(group, "/list", ct: Stop)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E02_Who_is_no_administrator_any_more_when_pressing_a_button_is_refused()
    {
        var (ann, bob) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob"));
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        group.Promote(bob, by: ann);
        await bob.SubscribeAsync(group, Web.Publish("/demoted.xml", 1), Stop);

        var sure = await bob.AskAsync(group, "/unsubscribe all", ct: Stop);
        group.Demote(bob, ann);
        await sure.PressAsync(bob, "Yes, end them all", Stop);
        await group.HearAsync("Only an administrator of this chat can use /unsubscribe.", Stop);
        Assert.StartsWith("One feed in this chat:", (await bob.AskAsync(group, "/list", ct: Stop)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E03_Only_what_a_person_said_by_themselves_counts()
    {
        var url = Web.Publish("/genuine.xml", 1);
        var ann = Telegram.AddUser("Ann");
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        group.Promote(Telegram.Bot, by: ann);

        var harmless = ann.Say(group, "Good morning");
        harmless.Edit($"/subscribe {url} none");
        ann.Forward(group, ann.Say(group, $"look: /subscribe {url} none"));
        var (bob, other) = await Telegram.SomebodyAsync("Bob", Stop);
        ann.Forward(group, bob.Say(other, "/list"));
        ann.Say(group, "what is that?", replyTo: group.Messages[0], quote: "/subscribe");
        var answer = await ann.AskAsync(group, "/list", ct: Stop);
        Assert.StartsWith("This chat has no feeds yet.", answer.Text, StringComparison.Ordinal);
        Assert.Equal(2, group.Messages.Count);
    }

    [Fact]
    public async Task E03_An_anonymous_administrator_is_one_and_any_administrator_may_choose_for_them()
    {
        var url = Web.Publish("/anonymous.xml", 1);
        var (ann, bob) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob"));
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        group.Join(bob);

        group.SayAnonymously($"/subscribe {url}");
        var preview = await group.HearAsync("Subscribed to “News of anonymous”", Stop);
        Assert.Equal("Only whoever asked can choose here.", await preview.PressAsync(bob, "Send this one too", Stop));
        Assert.Equal("", await preview.PressAsync(ann, "Send this one too", Stop));
        await group.HearAsync("Entry 01", Stop);
    }

    [Fact]
    public async Task E04_The_numbers_of_another_chat_mean_nothing_here()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var (bob, other) = await Telegram.SomebodyAsync("Bob", Stop);
        await ann.SubscribeAsync(home, Web.Publish("/mine1.xml", 1), Stop);
        await ann.SubscribeAsync(home, Web.Publish("/mine2.xml", 1), Stop);

        Assert.StartsWith("This chat has no feeds yet.", (await bob.AskAsync(other, "/unsubscribe 2", ct: Stop)).Text, StringComparison.Ordinal);
        await bob.SubscribeAsync(other, Web.Url("/mine1.xml"), Stop);
        Assert.Equal("There is no feed number 2 here; /list shows them, up to 1.", (await bob.AskAsync(other, "/unsubscribe 2", ct: Stop)).Text);
        Assert.Equal("No feed here is called “elsewhere”. /list shows them all.", (await bob.AskAsync(other, "/unsubscribe elsewhere", ct: Stop)).Text);
    }

    [Fact]
    public async Task E05_Forged_old_and_other_peoples_buttons_do_nothing()
    {
        var (ann, bob) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob"));
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        group.Promote(bob, by: ann);
        var second = await Telegram.GroupAsync("Second", ann, Stop);
        await ann.SubscribeAsync(group, Web.Publish("/forged.xml", 1), Stop);
        var sure = await ann.AskAsync(group, "/unsubscribe all", ct: Stop);
        var data = sure.Buttons.Single().Data!;

        const string Old = "That button is too old. Ask once more.";
        Assert.Equal("Only whoever asked can choose here.", await sure.PressDataAsync(bob, data, Stop));
        Assert.Equal(Old, await second.Messages[0].PressDataAsync(ann, data, Stop));
        foreach (var forged in new[] { "/unsubscribe all yes", "x", "0", data[..^1], data + "A", new string('A', 22), "' OR 1=1 --", new string('я', 32) })
            Assert.Equal(Old, await sure.PressDataAsync(ann, forged, Stop));
        Assert.StartsWith("One feed in this chat:", (await ann.AskAsync(group, "/list", ct: Stop)).Text, StringComparison.Ordinal);

        Assert.Equal("", await sure.PressDataAsync(ann, data, Stop));
        await group.HearAsync("Unsubscribed from “News of forged”.", Stop);
        Assert.Equal("", await sure.PressDataAsync(ann, data, Stop));
        await group.HearAsync("This chat has no feeds yet.", Stop);
    }

    [Fact]
    public async Task An_endless_line_is_refused()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);

        foreach (var line in new[] { "/subscribe " + new string('x', 10_000), "/unsubscribe " + string.Concat(Enumerable.Repeat("@all ", 2_000)), "/" + new string('a', 10_000) })
            Assert.Equal("That line is too long: 4096 characters is the most.", (await ann.AskAsync(home, line, ct: Stop)).Text);
        Assert.StartsWith("There is no /aaaa", (await ann.AskAsync(home, "/" + new string('a', 4000), ct: Stop)).Plain(), StringComparison.Ordinal);
    }
}
