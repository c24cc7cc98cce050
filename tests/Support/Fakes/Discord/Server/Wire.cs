using System.Globalization;
using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>Shapes of Discord's JSON that belong to no one thing.</summary>
internal static class Wire
{
    /// <summary>The way Discord writes a time.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);

    public static string Bits(DiscordPermissions rights) => ((ulong)rights).ToString(CultureInfo.InvariantCulture);

    /// <summary>A copy without the fields that are null, as answers have them.</summary>
    public static JsonObject WithoutNulls(JsonObject json) => new(json.Where(field => field.Value is not null).Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, field.Value switch
    {
        JsonObject inner => WithoutNulls(inner),
        JsonArray list => new JsonArray([.. list.Select(item => item is JsonObject one ? WithoutNulls(one) : item?.DeepClone())]),
        var value => value!.DeepClone(),
    })));

    /// <summary>What INTERACTION_CREATE carries.</summary>
    public static JsonObject Interaction(FakeDiscord discord, FakeUser user, FakeChannel channel, DiscordInteractionKind kind, JsonObject data, FakeMessage? message)
    {
        var json = new JsonObject
        {
            ["id"] = discord.NextId(),
            ["application_id"] = discord.ApplicationId,
            ["type"] = (int)kind,
            ["data"] = data.DeepClone(),
            ["channel"] = channel.ToJson(),
            ["channel_id"] = channel.Id,
            ["token"] = $"aW50ZXJhY3Rpb246{Guid.NewGuid():N}",
            ["version"] = 1,
            ["app_permissions"] = Bits(channel.RightsOf(discord.Bot)),
            ["locale"] = user.Locale,
            ["entitlements"] = new JsonArray(),
            ["entitlement_sku_ids"] = new JsonArray(),
            ["authorizing_integration_owners"] = new JsonObject { ["0"] = channel.Guild?.Id ?? "0" },
            ["context"] = channel.Guild is null ? 1 : 0,
            ["attachment_size_limit"] = 10 * 1024 * 1024,
        };
        if (channel.Guild is { } guild)
        {
            json["guild_id"] = guild.Id;
            json["guild"] = new JsonObject { ["id"] = guild.Id, ["locale"] = guild.Locale, ["features"] = new JsonArray() };
            json["guild_locale"] = guild.Locale;
            json["member"] = guild.MemberJson(user);
            json["member"]!["permissions"] = Bits(channel.RightsOf(user));
        }
        else
        {
            json["user"] = user.ToJson();
        }

        if (message is not null)
            json["message"] = message.ToJson();
        return json;
    }
}
