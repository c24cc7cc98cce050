using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Notifier.Bot.Secrets;
using Notifier.Bot.Workers;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Bot.Web;

/// <summary>Whether Notifier does its work: the database can be read, platforms are connected, no loop broke off lately, polls and deliveries are not late.</summary>
internal sealed class Readiness(Storage storage, Platforms platforms, KnownSecrets secrets, WorkerHealth workers, RunningSince running, TimeProvider time)
{
    /// <summary>What is later than this means that something is stuck.</summary>
    public static readonly TimeSpan LongestLag = TimeSpan.FromHours(1);

    public async Task<ReadinessReport> LookAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var states = platforms.All.OrderBy(platform => platform.Name, StringComparer.Ordinal).ToDictionary(platform => platform.Name, platform => Describe(platform.State));
        Lag? lag;
        try
        {
            await using var db = storage.Read();
            lag = await Lag.ReadAsync(db, Sending(platforms), now, ct);
        }
        catch (SqliteException)
        {
            lag = null;
        }

        // What became due while no process ran is not late yet.
        var poll = Late(lag?.Poll);
        var delivery = Late(lag?.Delivery);
        List<string> failures =
        [
            .. lag is null ? ["The database cannot be read."] : Array.Empty<string>(),
            .. platforms.All.Where(platform => platform.State is PlatformState.Closed).Select(platform => $"{platform.Title} refuses the token."),
            .. poll > LongestLag.TotalSeconds ? ["Polls are more than an hour late."] : Array.Empty<string>(),
            .. workers.Broken.Select(secrets.Scrub),
            .. delivery > LongestLag.TotalSeconds ? ["Deliveries are more than an hour late."] : Array.Empty<string>(),
        ];
        List<string> troubles =
        [
            .. platforms.All.Where(platform => platform.State is PlatformState.Troubled).Select(platform => $"{platform.Title} cannot be reached for now."),
            .. platforms.All.Any(platform => platform.State is PlatformState.Ready) ? Array.Empty<string>() : ["No platform is connected."],
        ];
        return new ReadinessReport(
            failures.Count > 0 ? "failed" : troubles.Count > 0 ? "degraded" : "ready",
            [.. failures, .. troubles],
            lag is null ? "failed" : "ready",
            states,
            lag is null ? null : new ReadinessReport.Lateness(poll, delivery));

        long Late(DateTimeOffset? due) => due is { } since ? (long)Math.Max(0, (now - (since > running.At ? since : running.At)).TotalSeconds) : 0;
    }

    /// <summary>The names of the platforms that may send now.</summary>
    public static IReadOnlyCollection<string> Sending(Platforms platforms) =>
        [.. platforms.All.Where(platform => platform.State is not (PlatformState.NotSetUp or PlatformState.Closed)).Select(platform => platform.Name)];

    private ReadinessReport.Platform Describe(PlatformState state) => state switch
    {
        PlatformState.NotSetUp => new("not set up"),
        PlatformState.Connecting => new("connecting"),
        PlatformState.Ready => new("ready"),
        PlatformState.Troubled troubled => new("troubled", secrets.Scrub(troubled.Reason)),
        PlatformState.Closed closed => new("closed", secrets.Scrub(closed.Reason)),
        _ => throw new InvalidOperationException($"No such state: {state}"),
    };
}

/// <summary>What <c>/health/ready</c> answers, as JSON.</summary>
/// <param name="Status">ready, degraded (something is missing, and restarting would not help) or failed.</param>
/// <param name="Reasons">Why it is not ready, in words.</param>
/// <param name="Lag">Null where the database cannot be read.</param>
internal sealed record ReadinessReport(string Status, IReadOnlyList<string> Reasons, string Database, IReadOnlyDictionary<string, ReadinessReport.Platform> Platforms, ReadinessReport.Lateness? Lag)
{
    internal sealed record Platform(string State, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null);

    /// <summary>In seconds, counted from the start of the process at the earliest; 0 where nothing waits.</summary>
    internal sealed record Lateness(long OldestDuePollSeconds, long OldestDueDeliverySeconds);
}
