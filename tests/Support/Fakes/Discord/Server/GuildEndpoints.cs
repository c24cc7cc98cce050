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
        new("POST", "/users/@me/channels", OpenDm),
    ];

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

    private DiscordAnswer OpenDm(DiscordRequest request)
    {
        var user = request.Json!.Value.TryGetProperty("recipient_id", out var id) && id.ValueKind == JsonValueKind.String ? discord.User(id.GetString()!) : null;
        return user is { IsBot: false } ? DiscordAnswer.Ok(user.OpenDm().ToJson()) : throw new RefusalException(400, 50033, "Invalid Recipient(s)");
    }
}
