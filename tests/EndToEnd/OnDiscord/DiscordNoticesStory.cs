using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>What Notifier tells by itself about feeds has buttons, for whoever may do what they stand for.</summary>
public sealed class DiscordNoticesStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feed_that_is_gone_is_told_and_any_admin_but_no_member_takes_its_end_back()
    {
        var town = world.Found("Farewell");
        await town.SubscribeAsync(town.Publish("Last words", "One"));
        world.Web.Refuse(town.Path("Last words"), 410);

        var notice = (await town.Channel.WaitForMessagesAsync(1, ct: Stop))[0];
        Assert.Equal("The publisher of “Last words” has taken it away for good, so its subscription here has ended. That can be taken back for a day.\n[Undo]", notice.ShownText);
        Assert.StartsWith("This chat has no feeds yet.", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
        Assert.Equal("Only an administrator of this chat can use /undo. Ask one of them.", (await town.Bob.ChooseAsync(notice, "Undo")).ShownText);
        var cleo = town.Guild.AddMember("Cleo", DiscordPermissions.ManageGuild);
        Assert.Equal("Taken back: the subscription goes on, and nothing was missed.", (await cleo.ChooseAsync(notice, "Undo")).ShownText);
        Assert.EndsWith("gone: the publisher took it away for good", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
        Assert.Single(town.Channel.Messages);
    }

    [Fact]
    public async Task In_a_forum_it_is_a_post_with_the_button()
    {
        var town = world.Found("Agora");
        var forum = town.Guild.AddChannel("talk", DiscordChannelKind.Forum);
        await town.SubscribeAsync(town.Publish("Speeches", "One"), forum);
        world.Web.Refuse(town.Path("Speeches"), 410);

        var post = (await forum.WaitForPostsAsync(ct: Stop))[0];
        Assert.Equal("Undo", Assert.Single(post.Messages[0].Buttons).Label);
    }
}
