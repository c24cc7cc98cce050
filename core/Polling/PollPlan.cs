using Notifier.Schedules;

namespace Notifier.Polling;

/// <summary>When a feed is polled next. Pure.</summary>
internal static class PollPlan
{
    /// <summary>No pause grows beyond it, whatever a host asks for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// After a poll that went well: the schedule's next time that keeps the floor; of a schedule without <c>H</c> up to the given spread later, and no more
    /// than a tenth of its interval, drawn from the feed's id, so that not everything is fetched in the first second of an hour.
    /// </summary>
    /// <remarks>A tenth of the floor is given away, or a five-minute schedule under a five-minute floor would skip every other turn.</remarks>
    public static DateTimeOffset AfterSuccess(Schedule schedule, TimeSpan floor, TimeSpan spread, DateTimeOffset now, long feedId)
    {
        var next = Next(schedule, floor, now);
        if (schedule.IsSpread || spread == TimeSpan.Zero)
            return next;
        var tenth = (Next(schedule, floor, next) - next) / 10;
        return next + ((tenth < spread ? tenth : spread) * Drawn(feedId));
    }

    /// <summary>After a fault: the schedule's next time, then one, three, seven … intervals later, with a tenth of jitter drawn from the feed's id, a day at most; never before the host allows.</summary>
    /// <param name="failures">In a row, this one included.</param>
    public static DateTimeOffset AfterFailure(Schedule schedule, TimeSpan floor, DateTimeOffset now, int failures, TimeSpan? retryAfter, long feedId)
    {
        var next = Next(schedule, floor, now);
        var interval = Next(schedule, floor, next) - next;
        var more = Math.Pow(2, Math.Clamp(failures - 1, 0, 20)) - 1;
        var jitter = 0.95 + (0.1 * Drawn(feedId));
        var pause = TimeSpan.FromTicks((long)Math.Min(((next - now).Ticks + (interval.Ticks * more)) * jitter, Longest.Ticks));
        if (retryAfter > pause)
            pause = retryAfter.Value;
        return now + (pause < Longest ? pause : Longest);
    }

    private static DateTimeOffset Next(Schedule schedule, TimeSpan floor, DateTimeOffset now) => schedule.Next(now + (floor * 0.9)) ?? now + Longest;

    /// <summary>From 0 up to 1, always the same for one feed.</summary>
    private static double Drawn(long feedId) => feedId * 2654435761 % 1000 / 1000.0;
}
