using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>What Notifier tells by itself about feeds has buttons, for whoever may do what they stand for.</summary>
public sealed class TelegramNoticesStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    private FeedServer Web => shared.World.Web;

    [Fact]
    public async Task A_feed_that_is_gone_is_told_and_any_admin_but_no_member_takes_its_end_back()
    {
        var (ann, bob, cleo) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob"), Telegram.AddUser("Cleo"));
        var group = await Telegram.GroupAsync("Farewell", ann, Stop);
        group.Join(bob);
        group.Promote(cleo);
        await ann.SubscribeAsync(group, Web.Publish("/farewell.xml", 1), Stop);
        Web.Refuse("/farewell.xml", 410);

        var notice = await group.HearAsync("The publisher of “News of farewell” has taken it away for good", Stop);
        await notice.PressAsync(bob, "Undo", Stop);
        await group.HearAsync("Only an administrator of this chat can use /undo.", Stop);
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(group, "/list", ct: Stop)).Plain(), StringComparison.Ordinal);
        await notice.PressAsync(cleo, "Undo", Stop);
        await group.HearAsync("Taken back: the subscription goes on, and nothing was missed.", Stop);
        Assert.EndsWith("gone: the publisher took it away for good", (await ann.AskAsync(group, "/list", ct: Stop)).Plain(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_offered_in_a_group_can_be_chosen_in_the_supergroup_that_it_became()
    {
        var ann = Telegram.AddUser("Ann");
        var group = Telegram.AddGroup("Small");
        group.Own(ann);
        group.InviteBot(ann);
        await group.HearAsync("I watch feeds", Stop);
        await ann.SubscribeAsync(group, Web.Publish("/small.xml", 1), Stop);
        Web.Refuse("/small.xml", 410);
        var notice = await group.HearAsync("The publisher of “News of small”", Stop);
        var data = notice.Buttons.Single().Data!;

        var supergroup = group.Upgrade();
        await ann.AskAsync(supergroup, "/list", ct: Stop);
        var other = supergroup.Messages[^1];
        await other.PressDataAsync(ann, data, Stop);
        await supergroup.HearAsync("Taken back: the subscription goes on, and nothing was missed.", Stop);
    }
}
