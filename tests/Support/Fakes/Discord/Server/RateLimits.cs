using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>
/// Discord's limits of requests, really kept: a window per bucket (what the operation is called, and whose channel, guild or webhook it is about) and
/// one for all requests of the bot, from which interactions are exempt.
/// </summary>
internal sealed class RateLimits(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Rule> _rules = new(StringComparer.Ordinal)
    {
        ["POST /channels/{channel_id}/messages"] = new(5, TimeSpan.FromSeconds(5), "create-message"),
        ["PATCH /channels/{channel_id}/messages/{message_id}"] = new(5, TimeSpan.FromSeconds(5), "edit-message"),
        ["DELETE /channels/{channel_id}/messages/{message_id}"] = new(5, TimeSpan.FromSeconds(1), "delete-message"),
        ["POST /channels/{channel_id}/threads"] = new(5, TimeSpan.FromSeconds(5), "create-thread"),
    };

    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private Window _all = new(default, 0);

    /// <summary>How many requests a second all together may be; null for no limit.</summary>
    public int? Global { get; set; } = 50;

    /// <summary>How many requests were refused for coming too early.</summary>
    public int Refused { get; private set; }

    /// <summary>Sets an operation's limit. Operations with one <paramref name="bucket"/> name share their windows, as Discord's may.</summary>
    public void Set(string operation, int limit, TimeSpan per, string? bucket = null)
    {
        lock (_lock)
            _rules[operation] = new Rule(limit, per, bucket ?? operation);
    }

    /// <summary>No request is refused, and no header speaks of limits.</summary>
    public void TurnOff()
    {
        lock (_lock)
        {
            _rules.Clear();
            Global = null;
        }
    }

    /// <summary>Counts a request, and says what its answer's headers tell of the limits and whether it came too early.</summary>
    internal Verdict Take(DiscordRequest request, bool isExempt)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (!isExempt && Global is { } global)
            {
                _all = _all.At(now, TimeSpan.FromSeconds(1));
                if (_all.Used >= global)
                    return Refuse(_all.Ends - now, [("X-RateLimit-Global", "true"), ("X-RateLimit-Scope", "global")], isGlobal: true);
                _all = _all with { Used = _all.Used + 1 };
            }

            if (!_rules.TryGetValue(request.Operation, out var rule))
                return new Verdict(null, false, []);
            var key = $"{rule.Bucket} {Major(request)}";
            var window = _windows.GetValueOrDefault(key, new Window(default, 0)).At(now, rule.Per);
            var isLate = window.Used >= rule.Limit;
            window = isLate ? window : window with { Used = window.Used + 1 };
            _windows[key] = window;
            var headers = Headers(rule, window, now);
            return isLate ? Refuse(window.Ends - now, [.. headers, ("X-RateLimit-Scope", "user")], isGlobal: false) : new Verdict(null, false, headers);
        }
    }

    private static (string Name, string Value)[] Headers(Rule rule, Window window, DateTimeOffset now) =>
    [
        ("X-RateLimit-Limit", $"{rule.Limit}"),
        ("X-RateLimit-Remaining", $"{rule.Limit - window.Used}"),
        ("X-RateLimit-Reset", (window.Ends.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture)),
        ("X-RateLimit-Reset-After", (window.Ends - now).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)),
        ("X-RateLimit-Bucket", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rule.Bucket)))[..32]),
    ];

    private static string Major(DiscordRequest request) =>
        string.Join('/', new[] { "channel_id", "guild_id", "webhook_id", "webhook_token" }.Select(name => request.Values.GetValueOrDefault(name)));

    private Verdict Refuse(TimeSpan after, (string, string)[] headers, bool isGlobal)
    {
        Refused++;
        return new Verdict(after, isGlobal, [.. headers, ("Retry-After", $"{Math.Ceiling(after.TotalSeconds)}")]);
    }

    /// <summary>What came of counting a request; it came too early if it must wait.</summary>
    internal sealed record Verdict(TimeSpan? Wait, bool IsGlobal, (string Name, string Value)[] Headers);

    private sealed record Rule(int Limit, TimeSpan Per, string Bucket);

    private sealed record Window(DateTimeOffset Ends, int Used)
    {
        /// <summary>This window if it is still open, else the next, which begins now.</summary>
        public Window At(DateTimeOffset now, TimeSpan per) => now < Ends ? this : new Window(now + per, 0);
    }
}
