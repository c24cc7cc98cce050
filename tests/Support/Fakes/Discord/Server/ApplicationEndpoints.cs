using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server.Checks;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>What a bot asks about itself, and the commands it registers.</summary>
internal sealed class ApplicationEndpoints(FakeDiscord discord)
{
    private JsonArray _commands = [];

    public IEnumerable<Route> Routes =>
    [
        new("GET", "/gateway/bot", _ => DiscordAnswer.Ok(discord.Gateway.ToJson())),
        new("GET", "/users/@me", _ => DiscordAnswer.Ok(Me())),
        new("GET", "/applications/@me", _ => DiscordAnswer.Ok(Application())),
        new("GET", "/oauth2/applications/@me", _ => DiscordAnswer.Ok(Application())),
        new("GET", "/applications/{application_id}/commands", request => DiscordAnswer.Ok(Mine(request).DeepClone())),
        new("PUT", "/applications/{application_id}/commands", Overwrite),
    ];

    private JsonObject Me()
    {
        var json = discord.Bot.ToJson();
        json["mfa_enabled"] = true;
        json["locale"] = "en-US";
        json["premium_type"] = 0;
        json["email"] = null;
        json["verified"] = true;
        return json;
    }

    private JsonObject Application() => new()
    {
        ["id"] = discord.ApplicationId,
        ["name"] = discord.Bot.Name,
        ["icon"] = null,
        ["description"] = "",
        ["type"] = null,
        ["bot"] = discord.Bot.ToJson(),
        ["bot_public"] = true,
        ["bot_require_code_grant"] = false,
        ["verify_key"] = new string('0', 64),
        ["flags"] = 0,
        ["flags_new"] = "0",
        ["redirect_uris"] = new JsonArray(),
        ["interactions_endpoint_url"] = null,
        ["role_connections_verification_url"] = null,
        ["owner"] = discord.Bot.ToJson(),
        ["approximate_guild_count"] = discord.BotsGuilds.Count,
        ["approximate_user_install_count"] = 0,
        ["approximate_user_authorization_count"] = 0,
        ["explicit_content_filter"] = 0,
        ["team"] = null,
        ["eligible_oauth2_scopes"] = new JsonArray(),
    };

    private JsonArray Mine(DiscordRequest request) =>
        request.Values["application_id"] == discord.ApplicationId ? _commands : throw new RefusalException(404, 10002, "Unknown Application");

    /// <summary>The new list is all there is; a command of a known name keeps its id.</summary>
    private DiscordAnswer Overwrite(DiscordRequest request)
    {
        var known = Mine(request).ToDictionary(command => (string)command!["name"]!, command => (string)command!["id"]!);
        var errors = CommandChecks.Check(request.Json!.Value);
        if (errors.Count > 0)
            throw Refusals.Form(errors);
        _commands = new JsonArray([.. request.Json.Value.EnumerateArray().Select(command => Stored(command, known))]);
        discord.Commands = [.. _commands.Select(command => JsonSerializer.SerializeToElement(command))];
        return DiscordAnswer.Ok(_commands.DeepClone());
    }

    private JsonObject Stored(JsonElement definition, Dictionary<string, string> known)
    {
        var json = Wire.WithoutNulls(JsonObject.Create(definition)!);
        json["id"] = known.GetValueOrDefault((string)json["name"]!) ?? discord.NextId();
        json["application_id"] = discord.ApplicationId;
        json["version"] = discord.NextId();
        json["type"] ??= 1;
        json["description"] ??= "";
        json["default_member_permissions"] = json["default_member_permissions"]?.ToString();
        return json;
    }
}
