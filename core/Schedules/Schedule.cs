using Cronos;

namespace Notifier.Schedules;

/// <summary>
/// When something happens: a cron expression of five fields (six with seconds, in settings only) in a time zone. <c>H</c> stands for a
/// value that depends on a seed, so that a thousand feeds at "H/15" are spread over the quarter of an hour.
/// </summary>
public sealed class Schedule
{
    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;

    private Schedule(string text, CronExpression cron, TimeZoneInfo zone)
    {
        Text = text;
        _cron = cron;
        _zone = zone;
    }

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>Reads a cron expression.</summary>
    /// <param name="seed">What <c>H</c> is drawn from: the id of what is scheduled.</param>
    /// <param name="error">Why it cannot be used, as a sentence: wrong syntax, or a time that never comes (31 February).</param>
    public static Schedule? TryParse(string text, TimeZoneInfo zone, long seed, out string? error)
    {
        text = text.Trim();
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        var format = fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        if (text.Length > 200 || !CronExpression.TryParse(text, format, (int)(seed % int.MaxValue), out var cron))
        {
            error = $"“{(text.Length > 60 ? text[..60] + "…" : text)}” is not a cron expression: five fields for minute, hour, day, month and weekday, for example “0 9 * * *”.";
            return null;
        }

        var schedule = new Schedule(text, cron, zone);
        if (schedule.Next(DateTimeOffset.UnixEpoch) is null)
        {
            error = $"“{text}” never comes.";
            return null;
        }

        error = null;
        return schedule;
    }

    /// <summary>The first time at or after the given one, UTC; null if it never comes again.</summary>
    public DateTimeOffset? Next(DateTimeOffset from) => _cron.GetNextOccurrence(from, _zone, inclusive: true)?.ToUniversalTime();

    /// <summary>How often, as words that follow “polled”: “every 15 minutes”, “hourly”, or the expression itself.</summary>
    public static string InWords(string cron)
    {
        var fields = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (5 or 6) || fields[^4..].Any(field => field != "*"))
            return Unnamed();
        var step = fields[^5];
        if (fields.Length == 6)
            return step == "*" ? Every(fields[0], "second") : Unnamed();
        return step is "H" or "0" ? "every hour" : Every(step, "minute");

        string Unnamed() => $"by the schedule {cron}";

        string Every(string field, string unit)
        {
            if (field == "*")
                return $"every {unit}";
            var slash = field.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 && field[..slash] is "H" or "*" or "0" && int.TryParse(field[(slash + 1)..], out var n)
                ? n == 1 ? $"every {unit}" : $"every {n} {unit}s"
                : Unnamed();
        }
    }

    /// <summary>How long, as words: “20 seconds”, “15 minutes”, “2 hours”.</summary>
    public static string InWords(TimeSpan span) => span switch
    {
        { TotalSeconds: 1 } => "second",
        { TotalMinutes: 1 } => "minute",
        { TotalHours: 1 } => "hour",
        { TotalHours: >= 2 } when span.Ticks % (TimeSpan.TicksPerHour / 2) == 0 => FormattableString.Invariant($"{span.TotalHours:0.#} hours"),
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{span.TotalMinutes:0} minutes",
        _ => FormattableString.Invariant($"{span.TotalSeconds:0.##} seconds"),
    };
}
