using System.Globalization;

namespace Notifier.Feeds.Dates;

/// <summary>
/// Reads the dates that feeds write: exactly where they keep to RFC 822 or ISO 8601 (nine in ten), piece by piece where they do not.
/// A date without a zone is UTC. What cannot be a date, or lies before 1900, is none.
/// </summary>
public static class FeedDates
{
    private const int MaxLength = 128;

    public static DateTimeOffset? Parse(string? text)
    {
        if (text is null) return null;
        var date = text.AsSpan().Trim();
        if (date.IsEmpty || date.Length > MaxLength) return null;
        return Iso(date) ?? Rfc822(date) ?? new FeedDateReader(date).Read();
    }

    /// <summary>2006-01-02T15:04:05(.9…)(Z|±hh:mm)</summary>
    private static DateTimeOffset? Iso(ReadOnlySpan<char> text)
    {
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return null;
        var rest = text[19..];
        if (rest[0] == '.')
        {
            rest = rest[1..];
            rest = rest[Math.Max(0, rest.IndexOfAnyExceptInRange('0', '9'))..];
        }

        if (Offset(rest) is not { } offset) return null;
        return Create(Number(text[..4]), Number(text[5..7]), Number(text[8..10]), Number(text[11..13]), Number(text[14..16]), Number(text[17..19]), offset);
    }

    /// <summary>Mon, 02 Jan 2006 15:04:05 (GMT|±hhmm)</summary>
    private static DateTimeOffset? Rfc822(ReadOnlySpan<char> text)
    {
        if (text.Length is not (29 or 31) || text[3] != ',' || text[4] != ' ' || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':' || text[25] != ' ') return null;
        var month = EnglishMonth(text[8..11]);
        if (month == 0 || Offset(text[26..]) is not { } offset) return null;
        return Create(Number(text[12..16]), month, Number(text[5..7]), Number(text[17..19]), Number(text[20..22]), Number(text[23..25]), offset);
    }

    private static int EnglishMonth(ReadOnlySpan<char> name) => name switch
    {
        "Jan" => 1,
        "Feb" => 2,
        "Mar" => 3,
        "Apr" => 4,
        "May" => 5,
        "Jun" => 6,
        "Jul" => 7,
        "Aug" => 8,
        "Sep" => 9,
        "Oct" => 10,
        "Nov" => 11,
        "Dec" => 12,
        _ => 0,
    };

    private static TimeSpan? Offset(ReadOnlySpan<char> zone)
    {
        if (zone is "Z" or "GMT") return TimeSpan.Zero;
        if (zone.Length is not (5 or 6) || zone[0] is not ('+' or '-') || (zone.Length == 6 && zone[3] != ':')) return null;
        return Offset(zone[0] == '-', Number(zone[1..3]), Number(zone[^2..]));
    }

    /// <summary>No place on earth is further from Greenwich than 14 hours, but feeds have been seen at 15.</summary>
    internal static TimeSpan? Offset(bool isWest, int hours, int minutes) =>
        hours is < 0 or > 15 || minutes is < 0 or > 59 ? null : (isWest ? -1 : 1) * new TimeSpan(hours, minutes, 0);

    /// <summary>-1 if it is none.</summary>
    private static int Number(ReadOnlySpan<char> digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>Null for what no calendar has. 24:00 is the next day's midnight, a leap second the second before it.</summary>
    internal static DateTimeOffset? Create(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)
    {
        if (year is < 1900 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        if (hour is < 0 or > 24 || minute is < 0 or > 59 || second is < 0 or > 60 || (hour == 24 && (minute > 0 || second > 0))) return null;
        var local = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).AddHours(hour).AddMinutes(minute).AddSeconds(Math.Min(second, 59));
        return new DateTimeOffset(local - offset, TimeSpan.Zero);
    }
}
