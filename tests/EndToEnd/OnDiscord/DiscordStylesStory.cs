using System.Text;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>An entry in full: whole, with its pictures in their places, also as a post with the forum's tags, and corrected where it stands.</summary>
public sealed class DiscordStylesStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_in_full_is_read_in_the_channel_and_the_forum_and_is_corrected_there()
    {
        var town = world.Found("Harbour");
        var forum = town.Guild.AddChannel("board", DiscordChannelKind.Forum);
        forum.AddTag("Moderated", isModerated: true);
        forum.AddTag("port life");
        forum.AddTag("FERRIES");
        var url = Publish(town, "");
        foreach (var channel in new[] { town.Channel, forum })
            Assert.Contains("One feed was added.", (await town.AskAsync("import", ("file", File(url)), ("chat", channel))).ShownText, StringComparison.Ordinal);

        Publish(town, Ferry("Nobody was hurt."));
        var message = (await town.Channel.WaitForMessagesAsync(told => told.Any(one => one.Author == world.Discord.Bot && one.ShownText.Contains("ferry", StringComparison.Ordinal)), ct: Stop))[^1];
        var post = (await forum.WaitForPostsAsync(1, ct: Stop))[0];
        const string Shown =
            """
            ## [Ferry sinks](<https://harbour.example/ferry>)
            The first paragraph.
            Nobody was hurt.
            -# [Harbour](<https://harbour.example/>) · <t:1795435200:R>
            [Read]
            """;
        Assert.Equal(Shown, message.ShownText);
        Assert.Equal(Shown, post.FirstMessage.ShownText);
        Assert.Equal("Ferry sinks", post.Name);
        Assert.Equal(["port life", "FERRIES"], post.Tags);
        Assert.Equal([10, 10, 12, 10, 14, 10, 1], message.Components[0].GetProperty("components").EnumerateArray().Select(part => part.GetProperty("type").GetInt32()));

        Publish(town, Ferry("Somebody was hurt."));
        foreach (var one in new[] { message, post.FirstMessage })
        {
            await one.WaitForEditsAsync(1, ct: Stop);
            Assert.Equal(Shown.Replace("Nobody", "Somebody", StringComparison.Ordinal), one.ShownText);
            Assert.Equal(1 << 15, one.Flags);
        }

        Assert.Single(forum.Posts);
    }

    private static string Ferry(string ends) =>
        $"""
        <item><guid isPermaLink="false">f</guid><title>Ferry sinks</title><link>https://harbour.example/ferry</link><pubDate>Mon, 23 Nov 2026 12:00:00 GMT</pubDate>
        <category>Ferries</category><category>Port life</category><category>Moderated</category>
        <description>&lt;p&gt;The first paragraph.&lt;/p&gt;&lt;img src="https://harbour.example/ferry.jpg"&gt;&lt;p&gt;{ends}&lt;/p&gt;</description></item>
        """;

    private static string Publish(Town town, string entry) => town.World.Web.Put(
        town.Path("Harbour"),
        $"""
        <?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title><link>https://harbour.example/</link>{entry}
        <item><guid isPermaLink="false">b</guid><title>Boats</title><link>https://harbour.example/boats</link></item></channel></rss>
        """);

    private static DiscordUpload File(string url) => new("list.opml", Encoding.UTF8.GetBytes(
        $"""<opml version="2.0" xmlns:notifier="urn:notifier:opml"><body><outline text="Harbour" xmlUrl="{url}" notifier:style="full"/></body></opml>"""));
}
