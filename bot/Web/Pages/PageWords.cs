using System.Globalization;
using Notifier.Model;

namespace Notifier.Bot.Web.Pages;

/// <summary>The page's words for what the product counts and measures.</summary>
internal static class PageWords
{
    public static string Of(FeedStanding standing) => standing switch
    {
        FeedStanding.Failing => "failing",
        FeedStanding.Gone => "gone",
        FeedStanding.Paused => "paused by the operator",
        FeedStanding.New => "not polled yet",
        FeedStanding.Fine => "polled fine",
        FeedStanding.Unwanted => "nobody subscribes",
        _ => throw new InvalidOperationException($"No such standing: {standing}"),
    };

    public static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Waiting => "waiting",
        DeliveryState.Held => "held",
        DeliveryState.Sending => "on its way",
        DeliveryState.Sent => "sent",
        DeliveryState.Unknown => "unknown",
        DeliveryState.Folded => "told by another entry",
        DeliveryState.Cancelled => "cancelled",
        DeliveryState.Quarantined => "failed",
        _ => throw new InvalidOperationException($"No such state: {state}"),
    };

    /// <summary>When, seen from now: "5 minutes ago", "in 5 minutes".</summary>
    public static string When(DateTimeOffset now, DateTimeOffset then) => (then - now) switch
    {
        { Ticks: <= 0 } past when past > -TimeSpan.FromSeconds(5) => "just now",
        { Ticks: < 0 } past => $"{Length(-past)} ago",
        var ahead => $"in {Length(ahead)}",
    };

    /// <summary>How late something is that should have been done then; null is nothing.</summary>
    public static string Late(DateTimeOffset now, DateTimeOffset? due) => now - due is { } late && late >= TimeSpan.FromMinutes(1) ? $"{Length(late)} late" : "on time";

    /// <summary>A length of time in its largest unit.</summary>
    public static string Length(TimeSpan length) => length switch
    {
        { TotalMinutes: < 1 } => Count((int)length.TotalSeconds, "second"),
        { TotalHours: < 1 } => Count((int)length.TotalMinutes, "minute"),
        { TotalDays: < 2 } => Count((int)length.TotalHours, "hour"),
        _ => Count((int)length.TotalDays, "day"),
    };

    public static string Count(int count, string thing) => $"{Number(count)} {thing}{(count == 1 ? "" : "s")}";

    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
