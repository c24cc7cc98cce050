using System.Globalization;

namespace Notifier.Schedules;

/// <summary>A time of day as people write it, to the minute. Pure.</summary>
public static class ClockTime
{
    /// <summary>Minutes after midnight, 0 to 1440 (<c>24:00</c>); null where it is no time of day. Takes <c>9</c>, <c>9:30</c>, <c>09.30</c>, <c>9pm</c>.</summary>
    public static int? TryParse(string text)
    {
        text = text.Trim().ToLowerInvariant();
        var afternoon = text.EndsWith("pm", StringComparison.Ordinal);
        var half = afternoon || text.EndsWith("am", StringComparison.Ordinal);
        var parts = (half ? text[..^2].TrimEnd() : text).Split(':', '.');
        if (parts.Length > 2 || Number(parts[0], 1, 24) is not { } hour)
            return null;
        if ((parts.Length == 2 ? Number(parts[1], 2, 59) : 0) is not { } minute)
            return null;
        if (!half)
            return Minutes(hour, minute);
        return hour is >= 1 and <= 12 ? Minutes((hour % 12) + (afternoon ? 12 : 0), minute) : null;
    }

    /// <summary><c>09:05</c>.</summary>
    public static string Write(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static int? Minutes(int hour, int minute) => hour == 24 && minute > 0 ? null : (hour * 60) + minute;

    private static int? Number(string text, int fewest, int most) =>
        text.Length >= fewest && text.Length <= 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;
}
