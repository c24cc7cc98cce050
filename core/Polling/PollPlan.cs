using Notifier.Schedules;

namespace Notifier.Polling;

/// <summary>When a feed is polled next. Pure.</summary>
internal static class PollPlan
{
    /// <summary>No pause grows beyond it, whatever a host asks for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How much later than scheduled a poll may be for a document that keeps, in time and in intervals of the schedule: what publishers say is often a mistake.</summary>
    private static readonly TimeSpan LongestKept = TimeSpan.FromHours(6);

    private const int MostIntervalsKept = 24;

    /// <summary>The same for hours and days to skip.</summary>
    private static readonly TimeSpan LongestSkipped = TimeSpan.FromDays(1);

    /// <summary>
    /// After a poll that went well: the schedule's next time that keeps the floor; of a schedule without <c>H</c> up to the given spread later, and no more
    /// than a tenth of its interval, drawn from the feed's id, so that not everything is fetched in the first second of an hour.
    /// </summary>
    /// <param name="hints">They choose a later one of the schedule's times, as long as there is one within bounds.</param>
    /// <remarks>A tenth of the floor is given away, or a five-minute schedule under a five-minute floor would skip every other turn.</remarks>
    public static DateTimeOffset AfterSuccess(Schedule schedule, TimeSpan floor, TimeSpan spread, DateTimeOffset now, long feedId, PollHints? hints = null)
    {
        var next = Next(schedule, floor, now);
        var interval = Next(schedule, floor, next) - next;
        var share = schedule.IsSpread ? TimeSpan.Zero : Min(interval / 10, spread) * Drawn(feedId);
        return (hints is null ? next : Later(schedule, now, next, interval, share, hints)) + share;
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

    /// <summary>The schedule's time that hints ask for; where that is out of bounds, the one in the last interval within, if there is one.</summary>
    /// <param name="next">Its time without them.</param>
    /// <param name="share">What is added to the answer.</param>
    private static DateTimeOffset Later(Schedule schedule, DateTimeOffset now, DateTimeOffset next, TimeSpan interval, TimeSpan share, PollHints hints)
    {
        var time = next;
        if (hints.Keeps is { } keeps)
        {
            // As with the floor: that a poll began late must not cost the next one its turn.
            var slack = Min(keeps / 10, TimeSpan.FromMinutes(1));
            time = Choose(now + (keeps - slack), next + Min(LongestKept, interval * MostIntervalsKept));
        }

        while (hints.Skips(time + share))
        {
            var hour = (time + share).UtcDateTime;
            var later = Choose(new DateTimeOffset(hour.Date.AddHours(hour.Hour + 1), TimeSpan.Zero), next + LongestSkipped);
            if (later == time)
                break;
            time = later;
        }

        return time;

        DateTimeOffset Choose(DateTimeOffset from, DateTimeOffset bound)
        {
            if (from <= time)
                return time;
            if (from <= bound && schedule.Next(from) is { } first && first <= bound)
                return first;
            return schedule.Next(bound - interval + TimeSpan.FromTicks(1)) is { } last && last > time && last <= bound ? last : time;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static DateTimeOffset Next(Schedule schedule, TimeSpan floor, DateTimeOffset now) => schedule.Next(now + (floor * 0.9)) ?? now + Longest;

    /// <summary>From 0 up to 1, always the same for one feed.</summary>
    private static double Drawn(long feedId) => feedId * 2654435761 % 1000 / 1000.0;
}
