using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord.Server.Checks;

/// <summary>The demands on a message's body, wherever a message is sent or edited.</summary>
internal static class Bodies
{
    /// <summary>Refuses a message with mistakes or without anything in it, and notes one that could ping people.</summary>
    public static void DemandNew(FakeDiscord discord, string operation, JsonElement body, int allowedFlags, bool hasFiles = false)
    {
        Demand(discord, operation, body, allowedFlags, isV2: false);
        if (!hasFiles && MessageChecks.IsEmpty(body))
            throw Refusals.EmptyMessage();
    }

    /// <summary>The same for a change: what it does not name stays.</summary>
    public static void DemandEdit(FakeDiscord discord, string operation, JsonElement body, int allowedFlags, FakeMessage message)
    {
        var wasV2 = (message.Flags & MessageChecks.ComponentsV2) != 0;
        Demand(discord, operation, body, allowedFlags, wasV2);
        var after = JsonSerializer.SerializeToNode(message.Raw)!.AsObject();
        MessageBody.OfChanges(body).WriteTo(after);
        var isV2 = ((int)after["flags"]! & MessageChecks.ComponentsV2) != 0;
        if (wasV2 && !isV2)
            throw Refusals.Form(new FormError("flags", "MESSAGE_COMPONENTS_V2_FLAG_REMOVED", "MessageFlags.IS_COMPONENTS_V2 cannot be removed"));
        if (isV2 && ((string?)after["content"] is { Length: > 0 } || after["embeds"] is JsonArray { Count: > 0 }))
            throw Refusals.Form(new FormError("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The field cannot be used when using MessageFlags.IS_COMPONENTS_V2"));
        if (MessageChecks.IsEmpty(JsonSerializer.SerializeToElement(after)))
            throw Refusals.EmptyMessage();
    }

    private static void Demand(FakeDiscord discord, string operation, JsonElement body, int allowedFlags, bool isV2)
    {
        if (MessageChecks.MayPing(body))
            discord.Violate($"ping: {operation}: allowed_mentions must be there with parse: []");
        var errors = MessageChecks.Check(body, allowedFlags, isV2);
        if (errors.Count > 0)
            throw Refusals.Form(errors);
    }
}
