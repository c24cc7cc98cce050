using System.Globalization;
using Notifier.Texts;

namespace Notifier.Schedules;

/// <summary>Schedules and spans as people say them: “every 15 minutes”, “on weekdays at 09:00”.</summary>
public static class ScheduleWords
{
    private const string Weekdays = "1-5";

    /// <summary>A cron expression, as words that follow “polled” or “delivered”; one that has no simple words is named as it is.</summary>
    public static string Of(Catalogue texts, string cron)
    {
        var fields = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var words = fields switch
        {
            [var second, "*", "*", "*", "*", "*"] => Every(texts, second, "schedule.seconds"),
            ["0" or "H", "*", "*", "*", "*"] => texts.Say("schedule.hours", ("count", 1)),
            [var minute, "*", "*", "*", "*"] => Every(texts, minute, "schedule.minutes"),
            ["0" or "H", var hour, "*", "*", "*"] when hour.Contains('/', StringComparison.Ordinal) => Every(texts, hour, "schedule.hours"),
            [var minute, var hours, var day, "*", var weekdays] when Times(texts, minute, hours) is { } times => At(texts, times, day, weekdays),
            _ => null,
        };
        return words ?? texts.Say("schedule.other", ("cron", cron));
    }

    /// <summary>How long, as words that follow “every”: “20 seconds”, “15 minutes”, “2 hours”; of one, the unit alone.</summary>
    public static string Of(Catalogue texts, TimeSpan span)
    {
        var (count, key) = span switch
        {
            { TotalHours: 1 or >= 2 } when span.Ticks % (TimeSpan.TicksPerHour / 2) == 0 => (span.TotalHours, "span.hours"),
            _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => (span.TotalMinutes, "span.minutes"),
            _ => (span.TotalSeconds, "span.seconds"),
        };
        return texts.Say(key, ("count", count.ToString("0.##", CultureInfo.InvariantCulture)));
    }

    /// <summary>“a”, “a and b”, “a, b and c”.</summary>
    public static string Listed(Catalogue texts, IReadOnlyList<string> parts) => parts.Count > 1
        ? texts.Say("words.and", ("first", string.Join(", ", parts.SkipLast(1))), ("last", parts[^1]))
        : parts[0];

    private static string? Every(Catalogue texts, string field, string key)
    {
        if (field == "*")
            return texts.Say(key, ("count", 1));
        return field.Split('/') is ["H" or "*" or "0", var step] && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? texts.Say(key, ("count", n))
            : null;
    }

    private static string? At(Catalogue texts, string times, string day, string weekdays) => (day, weekdays) switch
    {
        ("*", "*") => texts.Say("schedule.daily", ("times", times)),
        ("*", Weekdays) => texts.Say("schedule.weekdays", ("times", times)),
        ("*", _) when Days(texts, weekdays) is { } named => texts.Say("schedule.weekly", ("days", named), ("times", times)),
        (_, "*") when Numbers(day, 1, 31) is { } dates => texts.Say("schedule.monthly", ("days", Listed(texts, [.. dates.Select(date => date.ToString(CultureInfo.InvariantCulture))])), ("times", times)),
        _ => null,
    };

    private static string? Times(Catalogue texts, string minute, string hours) => Numbers(minute, 0, 59) is [var one] && Numbers(hours, 0, 23) is { } several
        ? Listed(texts, [.. several.Select(hour => ClockTime.Write((hour * 60) + one))])
        : null;

    private static string? Days(Catalogue texts, string weekdays) => Numbers(weekdays, 0, 7) is { } days
        ? Listed(texts, [.. days.Select(day => texts.Culture.DateTimeFormat.GetDayName((DayOfWeek)(day % 7)))])
        : null;

    private static List<int>? Numbers(string field, int least, int most)
    {
        var numbers = new List<int>();
        foreach (var part in field.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                return null;
            numbers.Add(number);
        }

        return numbers;
    }
}
