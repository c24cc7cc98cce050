using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd;

/// <summary>People on Discord: what they ask, what they get, what they may not.</summary>
public sealed class DiscordStory : IAsyncLifetime
{
    private PlatformWorld _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeDiscord Discord => _world.Discord;

    public async ValueTask InitializeAsync() => _world = await PlatformWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_admin_subscribes_a_channel_and_it_gets_what_is_new_once_and_in_order()
    {
        var url = _world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        var guild = Discord.AddGuild("Harbour");
        var channel = guild.AddChannel("news");
        var ann = guild.AddMember("Ann", DiscordPermissions.ManageGuild);

        var interaction = await ann.CommandAsync(channel, "subscribe", ("url", url));
        var answer = await interaction.AnswerAsync(ct: Stop);
        Assert.True(interaction.IsEphemeral);
        Assert.StartsWith("Subscribed to “Harbour news”, polled every second.", answer.ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Fine: only new entries", (await (await answer.PressAsync(ann, "Only new entries from now on")).AnswerAsync(ct: Stop)).ShownText, StringComparison.Ordinal);

        _world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Three", "Two", "One"));
        var messages = await channel.WaitForMessagesAsync(2, ct: Stop);
        Assert.Equal(["Two", "Three"], messages.Select(message => message.Embeds[0].GetProperty("title").GetString()));
        Assert.All(messages, message => Assert.NotNull(message.Nonce));
    }

    [Fact]
    public async Task A_forum_gets_a_post_for_each_entry()
    {
        var url = _world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        var guild = Discord.AddGuild("Harbour");
        var forum = guild.AddChannel("board", DiscordChannelKind.Forum);
        var ann = guild.AddMember("Ann", DiscordPermissions.ManageGuild);
        var channel = guild.AddChannel("talk");
        await (await ann.CommandAsync(channel, "subscribe", ("url", url), ("backfill", "none"), ("chat", forum))).AnswerAsync(ct: Stop);

        _world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Three_3", "Two", "One"));
        var posts = await forum.WaitForPostsAsync(2, ct: Stop);
        Assert.Equal(["Two", "Three_3"], posts.Select(post => post.Name));
        Assert.Empty(channel.Messages);
    }
}
