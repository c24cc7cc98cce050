using System.Collections.Concurrent;
using System.Text.Json;
using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Discord;

/// <summary>
/// What Notifier knows of the servers that it is in: which channels are forums, where messages become posts of their own. Passes on that it was
/// added or removed, that a channel is gone, that rights may have changed.
/// </summary>
internal sealed class DiscordGuilds(DiscordRest rest, ChatEvents events, IChatPlatform platform)
{
    private readonly ConcurrentDictionary<string, DiscordForum> _forums = new(StringComparer.Ordinal);

    /// <summary>Channels of which Discord said that they are none, when it was asked.</summary>
    private readonly ConcurrentDictionary<string, bool> _plain = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _guilds = new(StringComparer.Ordinal);

    /// <summary>Whether a message to this channel has to be a post with a title, as far as is known.</summary>
    public bool IsForum(string channel) => _forums.ContainsKey(channel);

    /// <summary>Whether <see cref="IsForum"/> is certain.</summary>
    public bool IsKnown(string channel) => IsForum(channel) || _plain.ContainsKey(channel);

    /// <summary>The guild of a channel that is known to be a forum; null for any other.</summary>
    public string? GuildOfForum(string channel) => _forums.GetValueOrDefault(channel)?.Guild;

    /// <summary>The ids of the tags for a post in a channel that is known to be a forum; none for any other.</summary>
    /// <param name="wanted">What the post is about.</param>
    public IReadOnlyList<string> TagsOf(string channel, IReadOnlyList<string> wanted) => _forums.GetValueOrDefault(channel)?.TagsFor(wanted) ?? [];

    /// <summary>Whether posts there need a tag, and there is none that Notifier may give.</summary>
    public bool NeedsUnknownTag(string channel) => _forums.GetValueOrDefault(channel) is { NeedsTag: true } forum && forum.TagsFor([]).Count == 0;

    /// <summary>The same, after Discord refused a plain message.</summary>
    public async Task<bool> LearnForumAsync(string channel, CancellationToken ct)
    {
        await LookAsync(channel, ct);
        return IsForum(channel);
    }

    /// <summary>Asks Discord what a channel is. Afterwards that is known, if it answered.</summary>
    public async Task<DiscordAnswer> LookAsync(string channel, CancellationToken ct)
    {
        var answer = await rest.SendFirstAsync(new DiscordRequest(HttpMethod.Get, "/channels/{channel}", channel), ct);
        if (answer is not DiscordAnswer.Ok ok)
            return answer;
        Learn(ok.Body, ok.Body.Text("guild_id"));
        if (!IsForum(channel))
            _plain[channel] = true;
        return answer;
    }

    /// <summary>Takes an event of the gateway; those that are of no interest are passed over.</summary>
    public Task TakeAsync(GatewayEvent happened, CancellationToken ct)
    {
        var body = happened.Body;
        switch (happened.Name)
        {
            case "READY":
                foreach (var guild in body.Items("guilds"))
                    _guilds[guild.Text("id") ?? ""] = true;
                return Task.CompletedTask;
            case "GUILD_CREATE":
                return EnterAsync(body, ct);
            case "GUILD_DELETE" when body.Member("unavailable").ValueKind != JsonValueKind.True && body.Text("id") is { } guild:
                _guilds.TryRemove(guild, out _);
                return events.RemovedFromSpaceAsync(platform, guild, Phrase.Of("discord.removed").Text, ct);
            case "CHANNEL_CREATE":
                Learn(body, body.Text("guild_id"));
                return Task.CompletedTask;
            case "CHANNEL_UPDATE" or "THREAD_UPDATE" when body.Text("id") is { } channel:
                Learn(body, body.Text("guild_id"));
                return AllowAsync(channel, body.Text("guild_id"), ct);
            case "CHANNEL_DELETE" or "THREAD_DELETE" when body.Text("id") is { } channel:
                _forums.TryRemove(channel, out _);
                _plain.TryRemove(channel, out _);
                return events.GoneAsync(platform, Address(channel), Phrase.Of("discord.deleted").Text, ct);
            case "GUILD_ROLE_UPDATE" or "GUILD_ROLE_DELETE" or "GUILD_MEMBER_UPDATE" when body.Text("guild_id") is { } guild:
                return events.AllowedInSpaceAsync(platform.Name, guild, ct);
            default:
                return Task.CompletedTask;
        }
    }

    /// <summary>A channel's rights are those of its threads, too, and which threads are its own is not known here.</summary>
    private async Task AllowAsync(string channel, string? guild, CancellationToken ct)
    {
        await events.AllowedAsync(Address(channel), ct);
        if (guild is not null)
            await events.AllowedInSpaceAsync(platform.Name, guild, ct);
    }

    private ChatAddress Address(string channel) => new(platform.Name, channel);

    private void Learn(JsonElement channel, string? guild)
    {
        if (channel.Text("id") is not { } id)
            return;
        if (channel.Number("type") is 15 or 16 && guild is not null)
            _forums[id] = DiscordForum.Read(channel, guild);
        else
            _forums.TryRemove(id, out _);
    }

    private async Task EnterAsync(JsonElement body, CancellationToken ct)
    {
        if (body.Text("id") is not { } guild)
            return;
        foreach (var channel in body.Items("channels"))
            Learn(channel, guild);
        var isNew = _guilds.TryAdd(guild, true);

        // It may have been away, too: what waits in its channels is tried.
        await events.AllowedInSpaceAsync(platform.Name, guild, ct);
        if (isNew && body.Text("system_channel_id") is { } system)
            await events.JoinedAsync(Address(system), guild, body.Items("channels").FirstOrDefault(channel => channel.Text("id") == system).Text("name") is { } name ? "#" + name : null, body.Text("preferred_locale"), ct);
    }
}
