using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>Where entries arrive: every kind of place that Discord has, once each and in order.</summary>
public sealed class DiscordPlacesStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_entry_reaches_a_channel_an_announcement_a_thread_a_forum_and_a_private_chat()
    {
        var town = world.Found("Everywhere");
        var url = town.Publish("Everywhere news", "One");
        var announcements = town.Guild.AddChannel("announcements", DiscordChannelKind.Announcement);
        var thread = town.Channel.AddThread("a thread");
        var forum = town.Guild.AddChannel("forum", DiscordChannelKind.Forum);
        var alone = town.Bob.OpenDm();
        await town.SubscribeAsync(url);
        await town.SubscribeAsync(url, thread);
        Assert.StartsWith("Subscribed", (await town.AskAsync("subscribe", ("url", url), ("backfill", "none"), ("chat", announcements))).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Subscribed", (await town.AskAsync("subscribe", ("url", url), ("backfill", "none"), ("chat", forum))).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Subscribed", (await town.Bob.AskAsync(alone, "subscribe", ("url", url), ("backfill", "none"))).ShownText, StringComparison.Ordinal);

        FakeChannel[] places = [town.Channel, announcements, thread, alone];
        town.Publish("Everywhere news", "Three_3", "Two", "One");
        foreach (var place in places)
            Assert.Equal(["Two", "Three\\_3"], Town.Titles(await place.WaitForMessagesAsync(2, ct: Stop)));
        var posts = await forum.WaitForPostsAsync(2, ct: Stop);
        Assert.Equal(["Two", "Three_3"], posts.Select(post => post.Name));
        Assert.Equal(["Two", "Three\\_3"], Town.Titles(posts.Select(post => post.FirstMessage)));

        // Nothing comes a second time with what comes next.
        town.Publish("Everywhere news", "Four", "Three_3", "Two", "One");
        foreach (var place in places)
            Assert.Equal(["Two", "Three\\_3", "Four"], Town.Titles(await place.WaitForMessagesAsync(3, ct: Stop)));
        Assert.Equal(["Two", "Three_3", "Four"], (await forum.WaitForPostsAsync(3, ct: Stop)).Select(post => post.Name));
        Assert.All(places.SelectMany(place => place.Messages), message => Assert.NotNull(message.Nonce));
    }

    [Fact]
    public async Task A_burst_comes_as_lists_that_name_every_entry_in_order()
    {
        var town = world.Found("Burst");
        var forum = town.Guild.AddChannel("forum", DiscordChannelKind.Forum);
        var url = town.Publish("Burst news", "Entry 0");
        await town.SubscribeAsync(url);
        await town.AskAsync("subscribe", ("url", url), ("backfill", "none"), ("chat", forum));

        var names = Enumerable.Range(0, 61).Select(n => $"Entry {n}").Reverse().ToList();
        town.Publish("Burst news", names);
        var messages = await town.Channel.WaitForMessagesAsync(all => Named(all).Count == 60, ct: Stop);
        Assert.Equal(Enumerable.Range(1, 60).Select(n => $"Entry {n}"), Named(messages));
        Assert.Equal(3, messages.Count);
        Assert.All(messages, message => Assert.DoesNotContain(message.ShownEmbeds, embed => embed.TryGetProperty("url", out _)));
        var posts = await forum.WaitForPostsAsync(3, ct: Stop);
        Assert.Equal(Enumerable.Range(1, 60).Select(n => $"Entry {n}"), Named([.. posts.Select(post => post.FirstMessage)]));

        static List<string> Named(IReadOnlyList<FakeMessage> all) => [.. all.SelectMany(message => message.ShownText.Split('\n')).Where(line => line.Contains("[Entry ", StringComparison.Ordinal)).Select(line => line.Split('[', ']')[1])];
    }

    [Theory]
    [InlineData("View Channel", DiscordPermissions.ViewChannel, false)]
    [InlineData("Send Messages", DiscordPermissions.SendMessages, false)]
    [InlineData("Embed Links", DiscordPermissions.EmbedLinks, false)]
    [InlineData("Send Messages in Threads", DiscordPermissions.SendMessagesInThreads, true)]
    public async Task Where_it_may_not_post_it_does_not_subscribe_and_names_the_right(string name, object missing, bool inThread)
    {
        var town = world.Found($"Without {name}");
        var room = town.Guild.AddChannel("room");
        var place = inThread ? room.AddThread("thread") : room;
        var url = town.Publish("Closed doors", "One");
        room.Deny((DiscordPermissions)missing);

        var refusal = $"I could not post there: I lack the right “{name}”. Give it to me, then ask once more.";
        await town.SaysAsync(refusal, "subscribe", ("url", url), ("chat", place));
        if (name != "View Channel")
            Assert.Equal(refusal, (await town.Ann.AskAsync(place, "subscribe", ("url", url))).ShownText);
        room.Allow((DiscordPermissions)missing);
        Assert.StartsWith("Subscribed", (await town.AskAsync("subscribe", ("url", url), ("backfill", "none"), ("chat", place))).ShownText, StringComparison.Ordinal);
    }
}
