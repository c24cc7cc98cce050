using System.Text.Json;

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
        Demand(discord, operation, body, allowedFlags, isV2: (message.Flags & MessageChecks.ComponentsV2) != 0);
        var after = JsonSerializer.SerializeToNode(message.Raw)!.AsObject();
        MessageBody.OfChanges(body).WriteTo(after);
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
