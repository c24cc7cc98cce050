using System.Text.Json;

namespace Notifier.Bot.Discord.Gateway;

/// <summary>What we say to the gateway.</summary>
internal static class GatewayPayload
{
    /// <summary>GUILDS: which servers and channels there are. Interactions come without an intent.</summary>
    private const int Intents = 1;

    public static byte[] Heartbeat(long? sequence) => JsonSerializer.SerializeToUtf8Bytes(new { op = 1, d = sequence });

    public static byte[] Identify(string token) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        op = 2,
        d = new { token, intents = Intents, properties = new { os = "linux", browser = "notifier", device = "notifier" } },
    });

    public static byte[] Resume(string token, GatewaySession session) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        op = 6,
        d = new { token, session_id = session.Id, seq = session.Sequence },
    });
}
