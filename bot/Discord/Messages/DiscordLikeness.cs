using System.Text.Json;

namespace Notifier.Bot.Discord.Messages;

/// <summary>Whether a message of Discord's is the one that was sent. Discord adds to what it keeps, trims texts, and writes times and addresses its own way.</summary>
internal static class DiscordLikeness
{
    /// <param name="kept">As Discord gives it.</param>
    /// <param name="sent">The body of the request that made it.</param>
    /// <returns>Null where that cannot be told: somebody has hidden the embeds, and Discord gives them no more.</returns>
    public static bool? Says(JsonElement kept, JsonElement sent)
    {
        if ((kept.Text("content") ?? "").Trim() != (sent.Text("content") ?? "").Trim())
            return false;
        if (sent.Items("embeds").Any() && !kept.Items("embeds").Any() && (kept.Number("flags") & DiscordBody.SuppressEmbeds) != 0)
            return null;
        if (((sent.Number("flags") ?? 0) & DiscordBody.ComponentsV2) != 0)
            return Holds(kept.Member("components"), sent.Member("components"));
        return sent.Member("embeds").ValueKind != JsonValueKind.Array || Holds(kept.Member("embeds"), sent.Member("embeds"));
    }

    /// <summary>Whether everything that was sent is there.</summary>
    private static bool Holds(JsonElement kept, JsonElement sent) => sent.ValueKind switch
    {
        JsonValueKind.Object => sent.EnumerateObject().All(field => Holds(kept.Member(field.Name), field.Value)),
        JsonValueKind.Array => kept.ValueKind == JsonValueKind.Array && kept.GetArrayLength() == sent.GetArrayLength()
            && kept.EnumerateArray().Zip(sent.EnumerateArray()).All(pair => Holds(pair.First, pair.Second)),
        JsonValueKind.String => kept.ValueKind == JsonValueKind.String && Same(kept, sent),
        _ => kept.ValueKind == sent.ValueKind && kept.GetRawText() == sent.GetRawText(),
    };

    private static bool Same(JsonElement kept, JsonElement sent)
    {
        var (one, other) = (kept.GetString()!.Trim(), sent.GetString()!.Trim());
        return one == other
            || (sent.TryGetDateTimeOffset(out var time) && kept.TryGetDateTimeOffset(out var itsTime) && time == itsTime)
            || (Uri.TryCreate(other, UriKind.Absolute, out var address) && Uri.TryCreate(one, UriKind.Absolute, out var itsAddress) && address == itsAddress);
    }
}
