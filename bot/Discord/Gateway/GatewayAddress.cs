using System.Text.Json;

namespace Notifier.Bot.Discord.Gateway;

/// <summary>Where Discord's gateway is, and how many more sessions we may begin there (the answer of GET /gateway/bot).</summary>
/// <param name="SessionsLeft">Discord resets the token of a bot that wants more than this. Null if it does not say.</param>
/// <param name="ResetAfter">Until there are as many as at first.</param>
internal sealed record GatewayAddress(Uri Url, int? SessionsLeft, TimeSpan ResetAfter)
{
    /// <summary>Null if the answer does not name a gateway.</summary>
    public static GatewayAddress? Read(JsonElement answer)
    {
        if (answer.Text("url") is not { } text || !TryUrl(text, out var url))
            return null;
        var limit = answer.Member("session_start_limit");
        return new GatewayAddress(url, (int?)limit.Number("remaining"), TimeSpan.FromMilliseconds(Math.Clamp(limit.Number("reset_after") ?? 0, 0, 86_400_000)));
    }

    /// <summary>An address to connect to, with the version and form that we speak.</summary>
    public static bool TryUrl(string text, out Uri url)
    {
        url = null!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var given) || given.Scheme is not ("ws" or "wss"))
            return false;
        url = new UriBuilder(given) { Query = "v=10&encoding=json" }.Uri;
        return true;
    }
}
