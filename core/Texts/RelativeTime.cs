using System.Globalization;

namespace Notifier.Texts;

/// <summary>When something happened, as people say it: "just now", "5 minutes ago", "yesterday", else the date.</summary>
public static class RelativeTime
{
    /// <param name="now">Its offset decides where days begin.</param>
    /// <param name="then">A time to come is said as its date, except within a minute, as clocks differ.</param>
    public static string Of(DateTimeOffset now, DateTimeOffset then, RelativeTimeWords? words = null)
    {
        words ??= RelativeTimeWords.English;
        then = then.ToOffset(now.Offset);
        var ago = now - then;
        var days = (now.Date - then.Date).Days;
        if (ago.Duration() < TimeSpan.FromMinutes(1))
            return words.JustNow;
        if (ago > TimeSpan.Zero && ago < TimeSpan.FromHours(1))
            return Count((int)ago.TotalMinutes, words.Minute, words.Minutes);
        if (ago > TimeSpan.Zero && (days == 0 || ago < TimeSpan.FromHours(6)))
            return Count((int)ago.TotalHours, words.Hour, words.Hours);
        return days switch
        {
            1 => words.Yesterday,
            > 1 and < 7 => Count(days, "", words.Days),
            _ => then.ToString(then.Year == now.Year ? words.Date : words.DateOfOtherYear, words.Culture),
        };
    }

    static string Count(int count, string one, string many) => count == 1 ? one : string.Format(CultureInfo.InvariantCulture, many, count);
}

/// <summary>The words of <see cref="RelativeTime"/>; {0} is the count. The defaults are English.</summary>
public sealed record RelativeTimeWords
{
    public static RelativeTimeWords English { get; } = new();

    public string JustNow { get; init; } = "just now";

    public string Minute { get; init; } = "1 minute ago";

    public string Minutes { get; init; } = "{0} minutes ago";

    public string Hour { get; init; } = "1 hour ago";

    public string Hours { get; init; } = "{0} hours ago";

    public string Yesterday { get; init; } = "yesterday";

    public string Days { get; init; } = "{0} days ago";

    public string Date { get; init; } = "d MMMM";

    public string DateOfOtherYear { get; init; } = "d MMMM yyyy";

    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;
}
