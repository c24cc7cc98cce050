using System.Globalization;

namespace Notifier.Schedules;

/// <summary>What a person may write for when something is to happen: a preset, days and times in words, or a cron expression of five fields. Pure.</summary>
public static class ScheduleReader
{
    /// <summary>How close together two times may be that somebody asks for in a chat.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMinutes(5);

    /// <summary>How many times ahead the floor is looked for.</summary>
    private const int Ahead = 400;

    /// <summary>The presets, for whoever completes what is typed.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["now", "hourly", "daily", "weekdays", "weekends", "weekly", "monthly", "morning", "noon", "evening"];

    /// <summary>Reads it for a zone; what never comes, comes too often, or is not understood is refused with the reason.</summary>
    /// <param name="seed">What <c>H</c> is drawn from.</param>
    /// <param name="floor">How close together two of its times may be.</param>
    public static ScheduleChoice Read(string text, TimeZoneInfo zone, long seed, TimeSpan floor, DateTimeOffset now)
    {
        var words = text.Trim().ToLowerInvariant();
        if (words is "now" or "at once" or "off" or "none" or "immediately")
            return new ScheduleChoice.AtOnce();
        var fields = words.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0)
            return Refused("schedule.unknown", ("text", text.Trim()));
        return (Preset(fields) ?? Every(fields) ?? Times(fields)) switch
        {
            ScheduleChoice.Cron cron => Check(cron.Expression, zone, seed, floor, now),
            { } refused => refused,
            null => Check(text.Trim(), zone, seed, floor, now),
        };
    }

    private static ScheduleChoice Check(string cron, TimeZoneInfo zone, long seed, TimeSpan floor, DateTimeOffset now)
    {
        var fields = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 6 && Schedule.TryParse(cron, zone, seed, out _) is not null)
            return Refused("schedule.withseconds", ("cron", cron));
        if (fields.Length != 5 && !cron.StartsWith('@'))
            return Refused("schedule.unknown", ("text", cron.Length > 60 ? cron[..60] + "…" : cron));
        if (Schedule.TryParse(cron, zone, seed, out var error) is not { } schedule)
            return Refused("schedule.refused", ("reason", error!));
        return schedule.ShortestGap(now, Ahead) < floor
            ? Refused("schedule.often", ("minutes", (int)floor.TotalMinutes))
            : new ScheduleChoice.Cron(string.Join(' ', fields));
    }

    private static ScheduleChoice.Cron? Preset(string[] words) => words switch
    {
        ["hourly"] => Cron("0 * * * *"),
        ["daily"] or ["morning"] => Cron("0 9 * * *"),
        ["noon"] => Cron("0 12 * * *"),
        ["evening"] => Cron("0 18 * * *"),
        ["weekdays"] => Cron("0 9 * * 1-5"),
        ["weekends"] => Cron("0 9 * * 6,0"),
        ["weekly"] => Cron("0 9 * * 1"),
        ["monthly"] => Cron("0 9 1 * *"),
        _ => null,
    };

    /// <summary>“every 30 minutes”, “every 2 hours”, “every hour”. What does not divide the hour or the day evenly is refused.</summary>
    private static ScheduleChoice? Every(string[] words)
    {
        if (words is not ["every", ..] || words is ["every", "day", ..])
            return null;
        if (words is ["every", "hour"])
            return Cron("0 * * * *");
        if (words is not ["every", var number, var unit] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n == 0)
            return null;
        var hours = unit is "hours" or "hour" or "h";
        if (!hours && unit is not ("minutes" or "minute" or "min"))
            return null;
        if (!hours && n < Floor.TotalMinutes)
            return Refused("schedule.often", ("minutes", (int)Floor.TotalMinutes));
        if ((hours ? 24 : 60) % n != 0)
            return Refused("schedule.uneven", ("count", n));
        if (hours)
            return Cron(n == 24 ? "0 0 * * *" : string.Create(CultureInfo.InvariantCulture, $"0 */{n} * * *"));
        return Cron(n == 60 ? "0 * * * *" : string.Create(CultureInfo.InvariantCulture, $"*/{n} * * * *"));
    }

    /// <summary>“9:00”, “daily 9:00 18:00”, “weekdays at 7:30”, “mon, thu 18:00”; null where it is no such thing.</summary>
    private static ScheduleChoice? Times(string[] words)
    {
        var days = new SortedSet<int>();
        var (minute, hours) = (-1, new SortedSet<int>());
        foreach (var word in words)
        {
            if (hours.Count == 0 && Days(word) is { } named)
            {
                days.UnionWith(named);
            }
            else if (word.IndexOfAny([':', '.', 'm']) > 0 && ClockTime.TryParse(word) is { } time)
            {
                if (minute >= 0 && time % 60 != minute)
                    return Refused("schedule.minutesdiffer", ("text", string.Join(' ', words)));
                (minute, _) = (time % 60, hours.Add(time / 60 % 24));
            }
            else if (word is not ("at" or "and" or "on" or "every"))
            {
                return null;
            }
        }

        if (hours.Count == 0)
            return days.Count > 0 ? Cron($"0 9 * * {Written(days)}") : null;
        return Cron(string.Create(CultureInfo.InvariantCulture, $"{minute} {string.Join(',', hours)} * * {Written(days)}"));
    }

    private static string Written(SortedSet<int> days) => days.Count is 0 or 7 ? "*" : days.SetEquals([1, 2, 3, 4, 5]) ? "1-5" : string.Join(',', days);

    private static int[]? Days(string word) => word switch
    {
        "daily" or "day" => [0, 1, 2, 3, 4, 5, 6],
        "weekdays" => [1, 2, 3, 4, 5],
        "weekends" => [0, 6],
        _ when word.Length >= 3 => Array.FindIndex(DayNames, name => name.StartsWith(word.TrimEnd('s'), StringComparison.Ordinal) || name == word) is >= 0 and var day ? [day] : null,
        _ => null,
    };

    private static readonly string[] DayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static ScheduleChoice.Cron Cron(string expression) => new(expression);

    private static ScheduleChoice.Refused Refused(string key, params (string Name, object Value)[] values) => new(key, values);
}

/// <summary>What came of reading a schedule.</summary>
public abstract record ScheduleChoice
{
    private ScheduleChoice()
    {
    }

    /// <summary>No schedule: as soon as something is there.</summary>
    public sealed record AtOnce : ScheduleChoice;

    /// <param name="Expression">Five fields that <see cref="Schedule"/> reads.</param>
    public sealed record Cron(string Expression) : ScheduleChoice;

    /// <summary>Why not, as a text of the catalogue.</summary>
    public sealed record Refused(string Key, (string Name, object Value)[] Values) : ScheduleChoice;
}
