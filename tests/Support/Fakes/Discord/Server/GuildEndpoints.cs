using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server.Checks;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>What a bot asks about guilds, their members and channels, and the private chats it opens.</summary>
internal sealed class GuildEndpoints(FakeDiscord discord)
{
    public IEnumerable<Route> Routes =>
    [
        new("GET", "/channels/{channel_id}", request => DiscordAnswer.Ok(Places.Find(discord, request).ToJson())),
        new("GET", "/guilds/{guild_id}/members/{user_id}", request => DiscordAnswer.Ok(Member(request))),
        new("GET", "/guilds/{guild_id}/roles", request => DiscordAnswer.Ok(Guild(request).RolesJson())),
        new("GET", "/guilds/{guild_id}/channels", request => DiscordAnswer.Ok(Guild(request).ChannelsJson())),
        new("GET", "/guilds/{guild_id}/threads/active", ActiveThreads),
        new("GET", "/channels/{channel_id}/threads/archived/public", ArchivedThreads),
        new("POST", "/users/@me/channels", OpenDm),
    ];

    private static JsonObject ThreadsJson(IReadOnlyList<FakeChannel> threads, bool hasMore) => new()
    {
        ["threads"] = new JsonArray([.. threads.Select(thread => thread.ToJson())]),
        ["members"] = new JsonArray([.. threads.Where(thread => thread.Owner.IsBot).Select(thread => thread.BotAsMemberJson())]),
        ["has_more"] = hasMore,
    };

    private FakeGuild Guild(DiscordRequest request)
    {
        var guild = discord.Guild(request.Values["guild_id"]) ?? throw new RefusalException(404, 10004, "Unknown Guild");
        return guild.HasBot ? guild : throw Refusals.MissingAccess();
    }

    private JsonObject Member(DiscordRequest request)
    {
        var guild = Guild(request);
        var user = discord.User(request.Values["user_id"]) ?? throw new RefusalException(404, 10013, "Unknown User");
        return guild.IsMember(user) ? guild.MemberJson(user) : throw new RefusalException(404, 10007, "Unknown Member");
    }

    /// <summary>All that are open and that the bot sees, the newest first.</summary>
    private DiscordAnswer ActiveThreads(DiscordRequest request)
    {
        var threads = Guild(request).Channels.SelectMany(channel => channel.Threads)
            .Where(thread => !thread.IsArchived && thread.RightsOf(discord.Bot).HasFlag(DiscordPermissions.ViewChannel))
            .OrderByDescending(thread => ulong.Parse(thread.Id)).ToList();
        return DiscordAnswer.Ok(ThreadsJson(threads, hasMore: false));
    }

    /// <summary>What was archived last comes first; only for who may read what was said before.</summary>
    private DiscordAnswer ArchivedThreads(DiscordRequest request)
    {
        var channel = Places.Find(discord, request);
        Places.Demand(discord, channel, DiscordPermissions.ReadMessageHistory);
        var limit = request.Query.TryGetValue("limit", out var text) ? int.Parse(text) : 50;
        var threads = channel.Threads.Where(thread => thread.IsArchived).OrderByDescending(thread => thread.ArchivedAt).ToList();
        if (request.Query.TryGetValue("before", out var before))
            threads = [.. threads.Where(thread => thread.ArchivedAt < DateTimeOffset.Parse(before, CultureInfo.InvariantCulture))];
        return DiscordAnswer.Ok(ThreadsJson([.. threads.Take(limit)], threads.Count > limit));
    }

    private DiscordAnswer OpenDm(DiscordRequest request)
    {
        var user = request.Json!.Value.TryGetProperty("recipient_id", out var id) && id.ValueKind == JsonValueKind.String ? discord.User(id.GetString()!) : null;
        return user is { IsBot: false } ? DiscordAnswer.Ok(user.OpenDm().ToJson()) : throw new RefusalException(400, 50033, "Invalid Recipient(s)");
    }
}
