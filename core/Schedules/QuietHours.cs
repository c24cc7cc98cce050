using System.Runtime.InteropServices;

namespace Notifier.Schedules;

/// <summary>The part of the day in which a chat gets nothing, by the clock on its wall; what falls into it comes when it is over. Pure.</summary>
/// <param name="From">Minutes after midnight, 0 to 1439: the first quiet minute.</param>
/// <param name="Until">The first minute that is not quiet any more; before <paramref name="From"/> where midnight lies between.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QuietHours(int From, int Until)
{
    private const int Day = 24 * 60;

    /// <summary>Reads <c>22:00-07:00</c>; hours may stand alone (<c>22-7</c>). Null where it is no such span, or an empty one.</summary>
    public static QuietHours? TryParse(string text)
    {
        var parts = text.Split(['-', '–', '—'], StringSplitOptions.TrimEntries);
        return parts.Length == 2 && ClockTime.TryParse(parts[0]) is { } from && ClockTime.TryParse(parts[1]) is { } until && from != until % Day
            ? new QuietHours(from, until % Day)
            : null;
    }

    /// <summary>When the quiet time that holds this moment is over, UTC; null when it is not quiet.</summary>
    public DateTimeOffset? EndOf(DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var minute = (local.Hour * 60) + local.Minute;
        var quiet = From < Until ? minute >= From && minute < Until : minute >= From || minute < Until;
        if (!quiet)
            return null;
        var end = local.Date.AddMinutes(Until).AddDays(minute < Until ? 0 : 1);

        // An end in the hour that summer time skips is when that hour would have been over.
        while (zone.IsInvalidTime(end))
            end = end.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(end) ? zone.GetAmbiguousTimeOffsets(end).Max() : zone.GetUtcOffset(end);
        var over = new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Unspecified), offset).ToUniversalTime();

        // Of the hour that comes twice the second one counts, where the first is over.
        return over > now ? over : new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Unspecified), zone.GetAmbiguousTimeOffsets(end).Min()).ToUniversalTime();
    }

    /// <summary><c>22:00–07:00</c>.</summary>
    public override string ToString() => $"{ClockTime.Write(From)}–{ClockTime.Write(Until)}";
}
