using System.Globalization;
using Notifier.Texts;

namespace Notifier.Tests.Messages;

public sealed class RelativeTimeTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-05-10T14:59:40+02:00", "just now")]
    [InlineData("2026-05-10T15:00:30+02:00", "just now")]
    [InlineData("2026-05-10T14:59:00+02:00", "1 minute ago")]
    [InlineData("2026-05-10T14:55:00+02:00", "5 minutes ago")]
    [InlineData("2026-05-10T14:00:00+02:00", "1 hour ago")]
    [InlineData("2026-05-10T00:30:00+02:00", "14 hours ago")]
    [InlineData("2026-05-09T22:30:00Z", "14 hours ago")]
    [InlineData("2026-05-09T23:30:00+02:00", "yesterday")]
    [InlineData("2026-05-09T00:00:00+02:00", "yesterday")]
    [InlineData("2026-05-08T23:59:00+02:00", "2 days ago")]
    [InlineData("2026-05-03T12:00:00+02:00", "3 May")]
    [InlineData("2025-12-31T12:00:00+02:00", "31 December 2025")]
    [InlineData("2026-05-11T12:00:00+02:00", "11 May")]
    [InlineData("0001-01-01T00:00:00+00:00", "1 January 0001")]
    public void A_time_is_said_as_people_say_it(string then, string expected) =>
        Assert.Equal(expected, RelativeTime.Of(Catalogue.Load("en"), At("2026-05-10T15:00:00+02:00"), At(then), Berlin));

    [Fact]
    public void Shortly_after_midnight_an_hour_ago_is_not_yesterday() =>
        Assert.Equal("1 hour ago", RelativeTime.Of(Catalogue.Load("en"), At("2026-05-10T00:30:00+02:00"), At("2026-05-09T23:20:00+02:00"), Berlin));

    [Theory]
    [InlineData("2026-04-05T12:00:00+02:00", "2026-03-20T23:30:00+01:00", "20 March")]
    [InlineData("2026-03-30T10:00:00+02:00", "2026-03-28T23:30:00+01:00", "2 days ago")]
    [InlineData("2026-10-26T10:00:00+01:00", "2026-10-24T00:30:00+02:00", "2 days ago")]
    public void What_was_before_a_clock_change_is_told_by_the_clock_of_then(string now, string then, string expected) =>
        Assert.Equal(expected, RelativeTime.Of(Catalogue.Load("en"), At(now), At(then), Berlin));

    [Fact]
    public void The_first_moment_of_all_is_told_west_of_Greenwich() =>
        Assert.Equal("1 January 0001", RelativeTime.Of(Catalogue.Load("en"), At("2026-05-10T15:00:00+02:00"), DateTimeOffset.MinValue, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")));

    static DateTimeOffset At(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
