using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>People on Telegram: what they ask, what they get, what they may not.</summary>
public sealed class TelegramStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    [Fact]
    public async Task A_person_subscribes_in_private_and_gets_what_is_new_once_and_in_order()
    {
        var url = shared.World.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        var ann = Telegram.AddUser("Ann");
        Assert.StartsWith("I watch feeds", (await ann.MeetAsync(Stop)).Text, StringComparison.Ordinal);
        var chat = ann.PrivateChat!;

        var answer = await ann.AskAsync(chat, $"/subscribe {url}", ct: Stop);
        Assert.StartsWith("Subscribed to “Harbour news”, polled every second.", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["Only new entries from now on", "Send this one too"], answer.Buttons.Select(button => button.Label));
        await answer.PressAsync(ann, "Only new entries from now on", Stop);
        await chat.WaitForMessageAsync(message => message.Text.StartsWith("Fine: only new entries", StringComparison.Ordinal), ct: Stop);

        shared.World.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Three", "Two", "One"));
        await chat.WaitForMessageAsync(message => message.Text.StartsWith("Three", StringComparison.Ordinal), ct: Stop);
        Assert.Equal(["Two", "Three"], chat.Messages.Select(message => message.Text.Split('\n')[0]).Where(line => line is "One" or "Two" or "Three"));
    }

    [Fact]
    public async Task A_member_of_a_group_may_list_and_only_its_administrators_subscribe()
    {
        var url = shared.World.Web.Put("/group.xml", SampleFeed.Rss("Harbour news", "One"));
        var (ann, bob) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob"));
        var group = Telegram.AddSupergroup("Family");
        group.Own(ann);
        group.Join(bob);
        group.InviteBot(ann);
        await group.WaitForMessageAsync(message => message.Text.StartsWith("I watch feeds", StringComparison.Ordinal), ct: Stop);

        Assert.Equal("Only an administrator of this chat can use /subscribe. Ask one of them.", (await bob.AskAsync(group, $"/subscribe {url}", ct: Stop)).Text);
        Assert.StartsWith("This chat has no feeds yet.", (await bob.AskAsync(group, "/list", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.StartsWith("Subscribed to", (await ann.AskAsync(group, $"/subscribe {url} none", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.Contains("Harbour news", (await bob.AskAsync(group, "/list", ct: Stop)).Text, StringComparison.Ordinal);
    }
}
