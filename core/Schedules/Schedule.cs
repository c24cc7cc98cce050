using Cronos;
using Notifier.Texts;

namespace Notifier.Schedules;

/// <summary>
/// When something happens: a cron expression of five fields (six with seconds, in settings only) in a time zone. <c>H</c> stands for a
/// value that depends on a seed, so that a thousand feeds at "H/15" are spread over the quarter of an hour.
/// </summary>
public sealed class Schedule
{
    /// <summary>So many values of the seed make a difference: enough to spread what there is, and few enough that what is read for one is kept for others (<see cref="ScheduleCache"/>).</summary>
    public const int Seeds = 10_007;

    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;

    private Schedule(string text, CronExpression cron, TimeZoneInfo zone)
    {
        Text = text;
        IsSpread = text.Split(' ', 3).Take(2).Any(field => field.Contains('H', StringComparison.OrdinalIgnoreCase));
        _cron = cron;
        _zone = zone;
    }

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>Whether its seconds, minutes or hours have an <c>H</c>, so that its times differ by the seed.</summary>
    public bool IsSpread { get; }

    /// <summary>Reads a cron expression.</summary>
    /// <param name="seed">What <c>H</c> is drawn from: the id of what is scheduled.</param>
    /// <param name="error">Why it cannot be used, as a sentence: wrong syntax, or a time that never comes (31 February).</param>
    public static Schedule? TryParse(string text, TimeZoneInfo zone, long seed, out Phrase? error)
    {
        text = text.Trim();
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        var format = fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        if (text.Length > 200 || !CronExpression.TryParse(text, format, SeedFor(text, seed), out var cron))
        {
            error = Phrase.Of("schedule.nocron", ("text", text.Length > 60 ? text[..60] + "…" : text));
            return null;
        }

        var schedule = new Schedule(text, cron, zone);
        if (schedule.Next(DateTimeOffset.UnixEpoch) is null)
        {
            error = Phrase.Of("schedule.never", ("text", text));
            return null;
        }

        error = null;
        return schedule;
    }

    /// <summary>Of two seeds for which this is the same, the expression's times are the same.</summary>
    public static int SeedFor(string text, long seed) => text.Contains('H', StringComparison.OrdinalIgnoreCase) ? (int)(seed % Seeds) : 0;

    /// <summary>The first time at or after the given one, UTC; null if it never comes again.</summary>
    public DateTimeOffset? Next(DateTimeOffset from) => _cron.GetNextOccurrence(from, _zone, inclusive: true)?.ToUniversalTime();

    /// <summary>The next times after the given one, UTC, as many as there are.</summary>
    public IEnumerable<DateTimeOffset> NextTimes(DateTimeOffset after)
    {
        while (Next(after) is { } next)
        {
            yield return next;
            after = next.AddTicks(1);
        }
    }

    /// <summary>The shortest time between two neighbours of the next times; endless where there is but one.</summary>
    public TimeSpan ShortestGap(DateTimeOffset after, int times)
    {
        var next = NextTimes(after).Take(times).ToList();
        return next.Zip(next.Skip(1), (a, b) => b - a).DefaultIfEmpty(TimeSpan.MaxValue).Min();
    }
}
