using System.Text.Json;

namespace Notifier.Bot.Discord.Gateway;

/// <summary>Something that happened on Discord, such as READY, GUILD_CREATE or INTERACTION_CREATE. After a resume one may come a second time.</summary>
internal sealed record GatewayEvent(string Name, JsonElement Body);
