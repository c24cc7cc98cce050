using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Notifier.Bot.Discord.Rest;

/// <summary>What an answer says about limits. What is missing or makes no sense is null.</summary>
/// <param name="Bucket">The name that routes with a common limit share.</param>
/// <param name="ResetAfter">Until <paramref name="Remaining"/> is <paramref name="Limit"/> again.</param>
/// <param name="Delay">Set when the request came too early (429): the longer of what body and header ask, 60 s if neither says.</param>
/// <param name="Scope">Whose limit it was.</param>
internal sealed record RateHeaders(int Status, string? Bucket, int? Limit, int? Remaining, TimeSpan? ResetAfter, TimeSpan? Delay, RateScope Scope)
{
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The longer of what body and header say of trying again, whatever the status.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Counts towards the invalid requests for which Cloudflare bans an address: 10,000 in ten minutes.</summary>
    public bool IsInvalid => Status is 401 or 403 || (Status == 429 && Scope != RateScope.Shared);

    /// <param name="body">Null when it is not JSON.</param>
    public static RateHeaders Read(int status, HttpResponseHeaders headers, JsonElement? body)
    {
        var bucket = Text(headers, "X-RateLimit-Bucket");
        TimeSpan? asked = body is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("retry_after", out var after) && after.ValueKind == JsonValueKind.Number
            ? Span(after.GetDouble()) : null;
        asked = Longer(asked, Seconds(headers, "Retry-After"));
        var resetAfter = Seconds(headers, "X-RateLimit-Reset-After");
        if (status != 429)
            return new RateHeaders(status, bucket, Number(headers, "X-RateLimit-Limit"), Number(headers, "X-RateLimit-Remaining"), resetAfter, null, RateScope.Bucket) { RetryAfter = asked };

        var delay = Longer(asked, resetAfter) ?? Unsaid;
        return new RateHeaders(status, bucket, Number(headers, "X-RateLimit-Limit"), 0, delay, delay, ScopeOf(headers, body)) { RetryAfter = delay };
    }

    private static RateScope ScopeOf(HttpResponseHeaders headers, JsonElement? body)
    {
        // Discord's limits come as JSON; a page of HTML is Cloudflare, who blocks the address whatever it asks for.
        if (body is not { ValueKind: JsonValueKind.Object } json)
            return RateScope.Address;
        var scope = Text(headers, "X-RateLimit-Scope");
        if (scope is "global" || headers.Contains("X-RateLimit-Global") || (json.TryGetProperty("global", out var global) && global.ValueKind == JsonValueKind.True))
            return RateScope.Token;
        return scope is "shared" ? RateScope.Shared : RateScope.Bucket;
    }

    private static string? Text(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.ToString() is { Length: > 0 and <= 200 } value ? value : null;

    private static int? Number(HttpResponseHeaders headers, string name) =>
        int.TryParse(Text(headers, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Seconds(HttpResponseHeaders headers, string name) =>
        double.TryParse(Text(headers, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? Span(seconds) : null;

    private static TimeSpan? Span(double seconds) => seconds switch
    {
        double.NaN or < 0 => null,
        _ when seconds >= Longest.TotalSeconds => Longest,
        _ => TimeSpan.FromSeconds(seconds),
    };

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;
}

/// <summary>Whose limit a request ran into.</summary>
internal enum RateScope
{
    /// <summary>Ours, for this kind of request in this place.</summary>
    Bucket,

    /// <summary>Everybody's in this place: not our fault, and not held against us.</summary>
    Shared,

    /// <summary>All that the bot's token does.</summary>
    Token,

    /// <summary>All that comes from this address, interactions too.</summary>
    Address,
}
