using Notifier.Tests.EndToEnd.OnDiscord;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd;

/// <summary>A publisher corrects what was told already: the messages about it change where they stand, on both platforms, and nothing is told again.</summary>
public sealed class EditedEntryStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_corrected_title_is_corrected_in_the_channel_the_forum_and_the_private_chat()
    {
        var world = shared.World;
        await world.Discord.WaitUntilServingAsync(ct: Stop);
        var town = Town.Found(world, "Harbour");
        var forum = town.Guild.AddChannel("board", DiscordChannelKind.Forum);
        var ann = world.Telegram.AddUser("Ann");
        await ann.MeetAsync(Stop);
        var url = Publish(world, ("b", "Boats"));
        await town.SubscribeAsync(url);
        await town.SubscribeAsync(url, forum);
        Assert.StartsWith("Subscribed to", (await ann.AskAsync(ann.PrivateChat!, $"/subscribe {url} none", ct: Stop)).Text, StringComparison.Ordinal);

        Publish(world, ("f", "Ferry sinks at peer"), ("b", "Boats"));
        var message = (await town.Channel.WaitForMessagesAsync(1, ct: Stop))[0];
        var post = (await forum.WaitForPostsAsync(1, ct: Stop))[0].FirstMessage;
        await ann.PrivateChat!.WaitForMessageAsync(told => told.Text.StartsWith("Ferry sinks at peer", StringComparison.Ordinal), ct: Stop);
        var said = ann.PrivateChat.Messages.Count;

        Publish(world, ("f", "Ferry sinks at pier"), ("b", "Boats"));
        await message.WaitForEditsAsync(1, ct: Stop);
        await post.WaitForEditsAsync(1, ct: Stop);
        await ann.PrivateChat.WaitForMessageAsync(told => told.Text.StartsWith("Ferry sinks at pier", StringComparison.Ordinal), ct: Stop);

        Assert.Equal(["Ferry sinks at pier"], Town.Titles(town.Channel.Messages));
        Assert.Equal(["Ferry sinks at pier"], Town.Titles([post]));
        Assert.Single(forum.Posts);
        Assert.Equal(said, ann.PrivateChat.Messages.Count);
    }

    private static string Publish(PlatformWorld world, params (string Id, string Title)[] entries) => world.Web.Put(
        "/harbour.xml",
        $"""
        <?xml version="1.0"?><rss version="2.0"><channel><title>Harbour news</title><link>https://example.org/</link>
        {string.Concat(entries.Select(entry => $"<item><guid isPermaLink=\"false\">{entry.Id}</guid><title>{entry.Title}</title><link>https://example.org/{entry.Id}</link><description>What is known of it so far.</description></item>"))}
        </channel></rss>
        """);
}
