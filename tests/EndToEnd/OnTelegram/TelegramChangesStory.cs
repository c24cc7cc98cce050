using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>Chats on Telegram change under Notifier's feet: they move, put it out and take it back. Nothing that was owed is lost, nothing is told twice.</summary>
public sealed class TelegramChangesStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    private FeedServer Web => shared.World.Web;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E06_A_group_becomes_a_supergroup_in_mid_burst(bool newFirst)
    {
        var (url, group) = await GroupAsync($"/upgrade{newFirst}.xml");
        Web.Publish($"/upgrade{newFirst}.xml", 8);
        await group.ToldAsync("Entry 03", Stop);
        var supergroup = group.Upgrade(newFirst);

        await supergroup.ToldAsync("Entry 08", Stop);
        Assert.Equal(TelegramTalk.Names(2, 8), group.Told().Concat(supergroup.Told()));
        await supergroup.HearAsync("This chat has a new address, and its feed came along.", Stop);
        Assert.Single(supergroup.Messages, message => message.Text.StartsWith("This chat has", StringComparison.Ordinal));
        Web.Publish($"/upgrade{newFirst}.xml", 9);
        await supergroup.ToldAsync("Entry 09", Stop);
        Assert.NotEmpty(url);
    }

    [Fact]
    public async Task E06_A_refused_send_is_enough_to_follow_a_group_that_moved()
    {
        var (_, group) = await GroupAsync("/moved.xml");
        Web.Publish("/moved.xml", 8);
        await group.ToldAsync("Entry 03", Stop);
        var release = await Telegram.HoldUpdatesAsync(Stop);
        var supergroup = group.Upgrade();

        await supergroup.ToldAsync("Entry 08", Stop);
        Assert.Equal(TelegramTalk.Names(2, 8), group.Told().Concat(supergroup.Told()));
        Assert.Contains(Telegram.Requests, request => request is { Method: "sendMessage", Description: "Bad Request: group chat was upgraded to a supergroup chat" });
        release.SetResult();
        await Telegram.Updates.WaitForConfirmedAsync(ct: Stop);
        Web.Publish("/moved.xml", 9);
        await supergroup.ToldAsync("Entry 09", Stop);
        Assert.Equal(TelegramTalk.Names(2, 9), group.Told().Concat(supergroup.Told()));
    }

    [Fact]
    public async Task E06_Kicked_it_waits_and_says_so_in_private_and_invited_again_it_goes_on()
    {
        var url = Web.Publish("/kicked.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        await ann.SubscribeAsync(group, url, Stop);
        await ann.SubscribeAsync(home, url, Stop);

        group.Kick(Telegram.Bot, ann);
        await home.HearAsync("I cannot post in Family any more: I was removed from it. What is owed there waits", Stop);
        Web.Publish("/kicked.xml", 2);
        await home.ToldAsync("Entry 02", Stop);
        Assert.DoesNotContain(Telegram.Requests, request => request is { Method: "sendMessage", Status: 403 } && request.Parameters["chat_id"]!.ToString() == $"{group.Id}");
        group.InviteBot(ann);
        await group.ToldAsync("Entry 02", Stop);
        Assert.Equal(["Entry 02"], group.Told());
        Assert.Single(group.Messages, message => message.Text.StartsWith("I watch feeds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task E06_Blocked_it_waits_and_unblocked_it_goes_on()
    {
        var url = Web.Publish("/blocked.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var (bob, other) = await Telegram.SomebodyAsync("Bob", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        await bob.SubscribeAsync(other, url, Stop);

        ann.Block();
        Web.Publish("/blocked.xml", 3);
        await other.ToldAsync("Entry 03", Stop);
        Assert.Empty(home.Told());
        ann.Unblock();
        await home.ToldAsync("Entry 03", Stop);
        Assert.Equal(["Entry 02", "Entry 03"], home.Told());
    }

    [Fact]
    public async Task E06_A_closed_topic_waits_until_it_is_reopened()
    {
        var url = Web.Publish("/topic.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var forum = await Telegram.GroupAsync("Forum", ann, Stop, isForum: true);
        var topic = forum.AddTopic("News", ann);
        await ann.SubscribeAsync(forum, url, Stop, topic);

        topic.Close(ann);
        Web.Publish("/topic.xml", 3);
        await home.HearAsync("I cannot post in Forum any more: Bad Request: TOPIC_CLOSED", Stop);
        topic.Reopen(ann);
        await forum.ToldAsync("Entry 03", Stop);
        Assert.Equal(["Entry 02", "Entry 03"], forum.Told());
        Assert.All(forum.Messages.TakeLast(2), message => Assert.Equal(topic, message.Topic));
    }

    [Fact]
    public async Task E06_A_right_lost_in_a_channel_and_regained()
    {
        var url = Web.Publish("/rights.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var channel = Telegram.AddChannel("Gazette", "gazette_rights");
        channel.Own(ann);
        channel.Promote(Telegram.Bot, by: ann);
        await ann.SubscribeAsync(home, $"@gazette_rights {url}", Stop);
        await ann.SubscribeAsync(home, url, Stop);

        channel.Promote(Telegram.Bot, new Membership(MemberStatus.Administrator) { CanPostMessages = false }, ann);
        await home.HearAsync("I cannot post in Gazette any more: I lack the right “Post Messages” there.", Stop);
        Web.Publish("/rights.xml", 2);
        await home.ToldAsync("Entry 02", Stop);
        Assert.Empty(channel.Told());
        channel.Promote(Telegram.Bot, by: ann);
        await channel.ToldAsync("Entry 02", Stop);
        Assert.Equal(["Entry 02"], channel.Told());
    }

    [Fact]
    public async Task E07_Who_never_wrote_to_Notifier_is_not_written_to_and_delays_nobody()
    {
        var url = Web.Publish("/shy.xml", 1);
        var (bob, home) = await Telegram.SomebodyAsync("Bob", Stop);
        var ann = Telegram.AddUser("Ann");
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        await ann.SubscribeAsync(group, url, Stop);
        await bob.SubscribeAsync(home, url, Stop);

        group.Kick(Telegram.Bot, ann);
        await Telegram.Changed.UntilAsync(() => Telegram.Requests.FirstOrDefault(request => request.Description == "Forbidden: bot can't initiate conversation with a user"), Telegram.Patience, Telegram.Scene, Stop);
        Web.Publish("/shy.xml", 2);
        await home.ToldAsync("Entry 02", Stop);
        await ann.MeetAsync(Stop);
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(ann.PrivateChat!, "/list", ct: Stop)).Text, StringComparison.Ordinal);
    }

    /// <summary>A small group, not yet a supergroup, that has a feed with one entry, which it was not told.</summary>
    private async Task<(string Url, FakeTelegramChat Group)> GroupAsync(string path)
    {
        var url = Web.Publish(path, 1);
        var ann = Telegram.AddUser("Ann");
        var group = Telegram.AddGroup("Family");
        group.Own(ann);
        group.InviteBot(ann);
        await group.HearAsync("I watch feeds", Stop);
        await ann.SubscribeAsync(group, url, Stop);
        return (url, group);
    }
}
