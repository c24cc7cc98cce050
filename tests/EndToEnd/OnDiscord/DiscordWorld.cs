using System.Text.RegularExpressions;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>One running program with its platforms for all stories of a class. Each test has a guild of its own in it, and looks at no other.</summary>
public sealed class DiscordWorld : IAsyncLifetime
{
    /// <summary>Tests ask faster than people.</summary>
    internal const string Fast = "--Notifier:Commands:PerMinute=1000";

    internal PlatformWorld World { get; private set; } = null!;

    internal FakeDiscord Discord => World.Discord;

    internal FeedServer Web => World.Web;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        World = await PlatformWorld.StartAsync(Fast);
        await Discord.WaitUntilServingAsync(ct: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();

        // Whoever keeps Discord's limits is never told to wait.
        Assert.Equal(0, Discord.Limits.Refused);
    }

    internal Town Found(string name) => Town.Found(World, name);
}

/// <summary>A guild with one channel in it, an administrator and an ordinary member.</summary>
internal sealed record Town(PlatformWorld World, FakeGuild Guild, FakeChannel Channel, FakeUser Ann, FakeUser Bob)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Town Found(PlatformWorld world, string name)
    {
        var guild = world.Discord.AddGuild(name);
        return new Town(world, guild, guild.AddChannel("news"), guild.AddMember("Ann", DiscordPermissions.ManageGuild), guild.AddMember("Bob"));
    }

    /// <summary>The title of what an embed tells of, as it stands there.</summary>
    public static IEnumerable<string?> Titles(IEnumerable<FakeMessage> messages) => messages.Select(message => message.Embeds is [var embed] ? embed.GetProperty("title").GetString() : message.Content);

    /// <summary>Publishes a feed at a path of its own: the newest entry first.</summary>
    public string Publish(string title, params IEnumerable<string> entries) => World.Web.Put(Path(title), SampleFeed.Rss(title, entries));

    public string Path(string title) => $"/{Guild.Id}/{Regex.Replace(title, "[^A-Za-z0-9]+", "-")}.xml";

    /// <summary>Completes when what the feed's document holds now was polled, and is owed to whoever wants it.</summary>
    public async Task PolledAsync(string title)
    {
        // The second request comes only after the first one's poll was saved.
        await World.Web.RequestAsync(Path(title), Stop);
        await World.Web.RequestAsync(Path(title), Stop);
    }

    /// <summary>How many entries wait for a channel.</summary>
    public Task<long> OwedAsync(FakeChannel channel) =>
        World.QueryAsync<long>($"SELECT COUNT(*) FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId WHERE c.Address='{channel.Id}' AND d.State='Waiting' AND d.EntryId IS NOT NULL");

    /// <summary>What Ann gets for an answer in the guild's channel.</summary>
    public Task<FakeMessage> AskAsync(string command, params (string Name, object Value)[] options) => Ann.AskAsync(Channel, command, options);

    /// <summary>Expects this answer, and no more.</summary>
    public async Task SaysAsync(string answer, string command, params (string Name, object Value)[] options) => Assert.Equal(answer, (await AskAsync(command, options)).ShownText);

    /// <summary>Subscribes a channel to a feed: only what is new from now on.</summary>
    public async Task SubscribeAsync(string url, FakeChannel? channel = null)
    {
        var answer = await Ann.AskAsync(channel ?? Channel, "subscribe", ("url", url), ("backfill", "none"));
        Assert.StartsWith("Subscribed to", answer.ShownText, StringComparison.Ordinal);
    }
}
