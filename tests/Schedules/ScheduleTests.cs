using System.Globalization;
using Notifier.Schedules;
using Notifier.Tests.Support;

namespace Notifier.Tests.Schedules;

public class ScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DateTimeOffset Noon = At("2026-11-24 12:00:00");

    [Fact]
    public void A_thousand_feeds_are_spread_over_the_quarter_of_an_hour()
    {
        var times = Enumerable.Range(1, 1000).Select(id => Read("H/15 * * * *", seed: id).Next(Noon)!.Value).ToList();

        Assert.All(times, time => Assert.InRange(time, Noon, Noon.AddMinutes(15)));
        var perMinute = times.GroupBy(time => time).Select(group => group.Count()).ToList();
        Assert.Equal(15, perMinute.Count);
        Assert.InRange(perMinute.Max(), 67, 120);
    }

    [Fact]
    public void A_seed_always_draws_the_same_minute() =>
        Assert.All(
            new long[] { 1, 77, int.MaxValue, int.MaxValue + 1L, long.MaxValue },
            id => Assert.Equal(Read("H * * * *", seed: id).Next(Noon), Read("H * * * *", seed: id).Next(Noon)));

    [Theory]
    [InlineData("0 9 * * *", "2026-11-24 12:00:00", "2026-11-25 08:00:00")]
    [InlineData("0 9 * * *", "2026-07-01 12:00:00", "2026-07-02 07:00:00")]
    [InlineData("*/10 * * * *", "2026-11-24 12:00:00", "2026-11-24 12:00:00")]
    [InlineData("*/10 * * * *", "2026-11-24 12:00:01", "2026-11-24 12:10:00")]
    [InlineData("*/5 * * * * *", "2026-11-24 12:00:01", "2026-11-24 12:00:05")]
    // The hour that summer time takes away: what would ring in it rings when it is over.
    [InlineData("30 2 * * *", "2026-03-29 00:30:00", "2026-03-29 01:00:00")]
    // The hour that comes twice: once by the clock on the wall, but what repeats within the hour goes on.
    [InlineData("30 2 * * *", "2026-10-24 23:00:00", "2026-10-25 00:30:00")]
    [InlineData("30 2 * * *", "2026-10-25 00:30:01", "2026-10-26 01:30:00")]
    [InlineData("*/30 * * * *", "2026-10-25 00:30:01", "2026-10-25 01:00:00")]
    public void L02_The_next_time_is_told_in_UTC_and_reckoned_in_the_zone(string cron, string from, string next) =>
        Assert.Equal(At(next), Read(cron, Berlin).Next(At(from)));

    [Fact]
    public void Midnight_that_does_not_exist_rings_an_hour_later() =>
        // In Santiago summer time begins at midnight.
        Assert.Equal(At("2026-09-06 04:00:00"), Read("0 0 * * *", TimeZoneInfo.FindSystemTimeZoneById("America/Santiago")).Next(At("2026-09-06 00:00:00")));

    [Theory]
    [InlineData("0 0 31 2 *", "never comes")]
    [InlineData("every day", "not a cron expression")]
    [InlineData("* * * *", "not a cron expression")]
    [InlineData("61 * * * *", "not a cron expression")]
    [InlineData("", "not a cron expression")]
    public void What_cannot_be_used_is_explained(string cron, string why)
    {
        Assert.Null(Schedule.TryParse(cron, TimeZoneInfo.Utc, 1, out var error));
        Assert.Contains(why, error!.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_expression_is_not_repeated_in_full()
    {
        Assert.Null(Schedule.TryParse(new string('1', 5000), TimeZoneInfo.Utc, 1, out var error));
        Assert.InRange(error!.Said().Length, 1, 250);
    }

    private static Schedule Read(string cron, TimeZoneInfo? zone = null, long seed = 1)
    {
        var schedule = Schedule.TryParse(cron, zone ?? TimeZoneInfo.Utc, seed, out var error);
        Assert.Null(error);
        return schedule!;
    }

    private static DateTimeOffset At(string utc) => DateTimeOffset.ParseExact(utc, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
