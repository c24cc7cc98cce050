namespace Notifier.Texts;

/// <summary>When something happened, as people say it: "just now", "5 minutes ago", "yesterday", else the date.</summary>
public static class RelativeTime
{
    /// <summary>A time to come, to the minute, by the clock of a zone: “Wed 25 Nov 09:00”.</summary>
    public static string Moment(Catalogue texts, DateTimeOffset then, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(then, zone).ToString(texts.Say("time.moment"), texts.Culture);

    /// <param name="then">A time to come is said as its date, except within a minute, as clocks differ.</param>
    /// <param name="zone">By its clock days begin; it may have changed between the two times.</param>
    public static string Of(Catalogue texts, DateTimeOffset now, DateTimeOffset then, TimeZoneInfo zone)
    {
        (now, then) = (TimeZoneInfo.ConvertTime(now, zone), TimeZoneInfo.ConvertTime(then, zone));
        var ago = now - then;
        var days = (now.Date - then.Date).Days;
        if (ago.Duration() < TimeSpan.FromMinutes(1))
            return texts.Say("time.now");
        if (ago > TimeSpan.Zero && ago < TimeSpan.FromHours(1))
            return texts.Say("time.minutes", ("count", (int)ago.TotalMinutes));
        if (ago > TimeSpan.Zero && (days == 0 || ago < TimeSpan.FromHours(6)))
            return texts.Say("time.hours", ("count", (int)ago.TotalHours));
        return days switch
        {
            1 => texts.Say("time.yesterday"),
            > 1 and < 7 => texts.Say("time.days", ("count", days)),
            _ => then.ToString(texts.Say(then.Year == now.Year ? "time.date" : "time.otheryear"), texts.Culture),
        };
    }
}
