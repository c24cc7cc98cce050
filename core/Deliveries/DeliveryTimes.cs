using Notifier.Model;
using Notifier.Schedules;

namespace Notifier.Deliveries;

/// <summary>When what a subscription is owed may go: at once or by its schedule, not in the chat's quiet hours, never while it is paused. Pure.</summary>
public sealed class DeliveryTimes
{
    private readonly bool _paused;
    private readonly Schedule? _schedule;
    private readonly QuietHours? _quiet;
    private readonly TimeZoneInfo _zone;

    private DeliveryTimes(bool paused, Schedule? schedule, QuietHours? quiet, TimeZoneInfo zone)
    {
        _paused = paused;
        _schedule = schedule;
        _quiet = quiet;
        _zone = zone;
    }

    /// <summary>From what is stored. A schedule that cannot be read any more is none: at once, since nothing may be lost by it.</summary>
    /// <param name="seed">The subscription's id, for <c>H</c> in its schedule.</param>
    public static DeliveryTimes Of(bool paused, string? cron, long seed, string zone, int? quietFrom, int? quietUntil)
    {
        var quiet = quietFrom is { } from && quietUntil is { } until ? new QuietHours(from, until) : (QuietHours?)null;
        var zoned = cron is null && quiet is null ? TimeZoneInfo.Utc : Zones.Named(zone);
        return new DeliveryTimes(paused, cron is null ? null : Schedule.TryParse(cron, zoned, seed, out _), quiet, zoned);
    }

    public static DeliveryTimes Of(Subscription subscription, Chat chat) => Of(
        subscription.PausedSince is not null || chat.PausedSince is not null || subscription.EndedAt is not null,
        subscription.Cron,
        subscription.Id,
        chat.Zone,
        chat.QuietFrom,
        chat.QuietUntil);

    /// <summary>When something owed from now on is due; null while nothing lets it go.</summary>
    public DateTimeOffset? FirstDue(DateTimeOffset now)
    {
        if (_paused)
            return null;
        var due = _schedule is null ? now : _schedule.Next(now) ?? now;
        return _quiet?.EndOf(due, _zone) ?? due;
    }
}
