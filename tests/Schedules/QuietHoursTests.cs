using System.Globalization;
using CsCheck;
using Notifier.Schedules;

namespace Notifier.Tests.Schedules;

public class QuietHoursTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("22:00-07:00", "22:00–07:00")]
    [InlineData("22-7", "22:00–07:00")]
    [InlineData(" 22.30 – 6:15 ", "22:30–06:15")]
    [InlineData("10pm-7am", "22:00–07:00")]
    [InlineData("13:00-14:00", "13:00–14:00")]
    [InlineData("22:00-24:00", "22:00–00:00")]
    public void Hours_are_read_as_people_write_them(string text, string hours) => Assert.Equal(hours, QuietHours.TryParse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("22:00")]
    [InlineData("22:00-22:00")]
    [InlineData("00:00-24:00")]
    [InlineData("22:00-07:00-08:00")]
    [InlineData("25:00-07:00")]
    [InlineData("22:60-07:00")]
    [InlineData("night")]
    public void What_is_no_span_of_the_day_is_none(string text) => Assert.Null(QuietHours.TryParse(text));

    [Theory]
    [InlineData("22:00-07:00", "2026-11-25 20:59:59", null)]
    [InlineData("22:00-07:00", "2026-11-25 21:00:00", "2026-11-26 06:00:00")]
    [InlineData("22:00-07:00", "2026-11-26 03:00:00", "2026-11-26 06:00:00")]
    [InlineData("22:00-07:00", "2026-11-26 06:00:00", null)]
    [InlineData("13:00-14:00", "2026-11-25 12:30:00", "2026-11-25 13:00:00")]
    [InlineData("13:00-14:00", "2026-11-25 13:00:00", null)]
    [InlineData("22:00-24:00", "2026-11-25 22:30:00", "2026-11-25 23:00:00")]
    // The night that is an hour shorter, and the one that is an hour longer.
    [InlineData("22:00-07:00", "2026-03-28 22:00:00", "2026-03-29 05:00:00")]
    [InlineData("22:00-07:00", "2026-10-24 21:00:00", "2026-10-25 06:00:00")]
    // An end in the hour that is skipped, and one in the hour that comes twice.
    [InlineData("22:00-02:30", "2026-03-28 22:00:00", "2026-03-29 01:00:00")]
    [InlineData("22:00-02:30", "2026-10-24 21:00:00", "2026-10-25 00:30:00")]
    [InlineData("22:00-02:30", "2026-10-25 01:10:00", "2026-10-25 01:30:00")]
    public void Quiet_time_ends_by_the_clock_on_the_wall(string hours, string now, string? end) =>
        Assert.Equal(end is null ? null : At(end), QuietHours.TryParse(hours)!.Value.EndOf(At(now), Berlin));

    [Fact]
    public void The_end_of_quiet_time_is_later_within_a_day_and_not_quiet_itself() =>
        Gen.Select(Gen.Int[0, 1439], Gen.Int[0, 1439], Gen.Int[0, 366 * 24 * 60], (from, until, minute) => (from, until, minute))
            .Where(quiet => quiet.from != quiet.until)
            .Sample(
                quiet =>
                {
                    var hours = new QuietHours(quiet.from, quiet.until);
                    var now = At("2026-01-01 00:00:00").AddMinutes(quiet.minute);
                    if (hours.EndOf(now, Berlin) is not { } end)
                        return;
                    Assert.InRange(end - now, TimeSpan.FromTicks(1), TimeSpan.FromHours(25));

                    // The hour that comes twice may be quiet twice, and an end in the hour that is skipped may be the next beginning.
                    var local = TimeZoneInfo.ConvertTime(end, Berlin);
                    if (!Berlin.IsAmbiguousTime(end) && (local.Hour * 60) + local.Minute == quiet.until)
                        Assert.Null(hours.EndOf(end, Berlin));
                },
                iter: 50_000);

    private static DateTimeOffset At(string utc) => DateTimeOffset.ParseExact(utc, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
