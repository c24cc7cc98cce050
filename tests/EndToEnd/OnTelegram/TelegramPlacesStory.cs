using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>The places on Telegram that a new entry reaches, and who may say what they get.</summary>
public sealed class TelegramPlacesStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    private FeedServer Web => shared.World.Web;

    [Fact]
    public async Task A_new_entry_reaches_every_kind_of_place_once_and_in_order()
    {
        var url = Web.Publish("/places.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var group = Telegram.AddGroup("Family");
        group.Own(ann);
        group.InviteBot(ann);
        await group.HearAsync("I watch feeds", Stop);
        var forum = await Telegram.GroupAsync("Forum", ann, Stop, isForum: true);
        var topic = forum.AddTopic("News", ann);
        var channel = Telegram.AddChannel("Gazette");
        channel.Own(ann);
        channel.Promote(Telegram.Bot, by: ann);

        await ann.SubscribeAsync(home, url, Stop);
        await ann.SubscribeAsync(group, url, Stop);
        await ann.SubscribeAsync(forum, url, Stop);
        await ann.SubscribeAsync(forum, url, Stop, topic);
        channel.Post($"/subscribe {url} none");
        await channel.HearAsync("Subscribed to", Stop);

        Web.Publish("/places.xml", 4);
        var places = new[] { home, group, forum, channel };
        foreach (var place in places)
            await place.ToldAsync("Entry 04", Stop);
        await forum.WaitForMessagesAsync(_ => forum.Told().Count >= 6, ct: Stop);
        Web.Publish("/places.xml", 5);
        await forum.WaitForMessagesAsync(_ => forum.Told().Count >= 8, ct: Stop);
        foreach (var place in places)
            await place.ToldAsync("Entry 05", Stop);

        var expected = TelegramTalk.Names(2, 5);
        Assert.Equal(expected, home.Told());
        Assert.Equal(expected, group.Told());
        Assert.Equal(expected, channel.Told());
        Assert.Equal(expected, In(forum, topic));
        Assert.Equal(expected, In(forum, null));
    }

    [Fact]
    public async Task A_burst_comes_as_lists_that_name_every_entry()
    {
        var url = Web.Publish("/burst.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);

        Web.Publish("/burst.xml", 28);
        await home.ToldAsync("Entry 28", Stop);
        Assert.Equal(TelegramTalk.Names(2, 28), home.Told());
        Assert.Equal(["14 new entries in News of burst", "13 new entries in News of burst"], home.Messages.Select(message => message.Text.Split('\n')[0]).Where(line => line.Contains(" new entries in ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_channel_is_administered_from_a_private_chat_by_its_name_or_number()
    {
        var url = Web.Publish("/gazette.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var channel = Telegram.AddChannel("The Gazette", "gazette");
        channel.Own(ann);

        Assert.Equal("I know no chat @gazette, or am not in it. Add me to it first.", await SaysAsync(ann, home, $"/subscribe @gazette {url} none"));
        channel.Promote(Telegram.Bot, new Membership(MemberStatus.Administrator) { CanPostMessages = false }, ann);
        Assert.Equal("I could not post there: I lack the right “Post Messages”. Give it to me, then ask once more.", await SaysAsync(ann, home, $"/subscribe @gazette {url} none"));
        channel.Promote(Telegram.Bot, by: ann);
        Assert.StartsWith("Subscribed to “News of gazette”", await SaysAsync(ann, home, $"/subscribe @gazette {url} none"), StringComparison.Ordinal);
        Assert.StartsWith("One feed in this chat:", await SaysAsync(ann, home, $"/list {channel.Id}"), StringComparison.Ordinal);
        Assert.StartsWith("This chat has no feeds yet.", await SaysAsync(ann, home, "/list"), StringComparison.Ordinal);
        Assert.Equal("I know no chat @nowhere, or am not in it. Add me to it first.", await SaysAsync(ann, home, "/list @nowhere"));

        Web.Publish("/gazette.xml", 2);
        await channel.ToldAsync("Entry 02", Stop);
        Assert.Empty(home.Told());
    }

    [Fact]
    public async Task The_choice_of_a_feed_for_a_channel_minds_the_channel_and_its_rights()
    {
        Web.Publish("/one.xml", 1);
        Web.Publish("/two.xml", 1);
        var page = Web.Put("/page", """<html><head><link rel="alternate" type="application/rss+xml" title="One" href="/one.xml"><link rel="alternate" type="application/rss+xml" title="Two" href="/two.xml"></head></html>""", "text/html");
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var channel = Telegram.AddChannel("The Herald", "herald");
        channel.Own(ann);
        channel.Promote(Telegram.Bot, by: ann);

        var choices = await ann.AskAsync(home, $"/subscribe @herald {page}", ct: Stop);
        channel.Promote(Telegram.Bot, new Membership(MemberStatus.Administrator) { CanPostMessages = false }, ann);
        await choices.PressAsync(ann, choices.Buttons[1].Label, Stop);
        await home.HearAsync("I could not post there: I lack the right “Post Messages”.", Stop);
        channel.Promote(Telegram.Bot, by: ann);
        await choices.PressAsync(ann, choices.Buttons[1].Label, Stop);
        await home.HearAsync("Subscribed to “News of two”", Stop);
        Assert.StartsWith("One feed in this chat:", await SaysAsync(ann, home, "/list @herald"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E01_Somebody_without_rights_cannot_administer_a_chat_from_another_one()
    {
        var url = Web.Publish("/stranger.xml", 1);
        var (ann, (bob, home)) = (Telegram.AddUser("Ann"), await Telegram.SomebodyAsync("Bob", Stop));
        var channel = Telegram.AddChannel("The Times", "thetimes");
        channel.Own(ann);
        channel.Promote(Telegram.Bot, by: ann);

        Assert.Equal("Only an administrator of this chat can use /subscribe. Ask one of them.", await SaysAsync(bob, home, $"/subscribe @thetimes {url}"));
        Assert.Equal("Only members of this chat can use /list.", await SaysAsync(bob, home, $"/list {channel.Id}"));
        channel.Join(bob);
        Assert.StartsWith("This chat has no feeds yet.", await SaysAsync(bob, home, "/list @thetimes"), StringComparison.Ordinal);
        Assert.Equal("Only an administrator of this chat can use /unsubscribe. Ask one of them.", await SaysAsync(bob, home, "/unsubscribe @thetimes 1"));
        Assert.Empty(channel.Messages);
    }

    [Fact]
    public async Task E08_While_Telegram_does_not_say_who_is_who_nothing_is_allowed()
    {
        var url = Web.Publish("/closed.xml", 1);
        var ann = Telegram.AddUser("Ann");
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        const string TryAgain = "I cannot find out right now what you may do here. Please try again in a moment.";

        Telegram.Next("getChatMember", new Fault.HtmlError(502));
        Assert.Equal(TryAgain, await SaysAsync(ann, group, $"/subscribe {url} none"));
        Telegram.Next("getChat", new Fault.Refuse(500, "Internal Server Error"));
        Assert.Equal(TryAgain, await SaysAsync(ann, group, $"/list {group.Id}"));
        await ann.SubscribeAsync(group, url, Stop);
    }

    private static IEnumerable<string> In(FakeTelegramChat forum, FakeTelegramTopic? topic) =>
        forum.Messages.Where(message => message.Topic == topic).Select(message => message.Text.Split('\n')[0]).Where(line => line.StartsWith("Entry", StringComparison.Ordinal));

    private static async Task<string> SaysAsync(FakeTelegramUser user, FakeTelegramChat chat, string line) => (await user.AskAsync(chat, line, ct: Stop)).Plain();
}
