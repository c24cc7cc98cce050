using Notifier.Polling;
using Notifier.Schedules;

namespace Notifier.Tests.Polling;

public class PollPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Floor = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("*/15 * * * *", 0, 15)]
    [InlineData("*/15 * * * *", 1, 15)]
    [InlineData("*/15 * * * *", 11, 30)]
    // Five minutes on a floor of five: no turn is skipped for the seconds that a poll begins late.
    [InlineData("*/5 * * * *", 0.4, 5)]
    [InlineData("* * * * *", 0, 5)]
    [InlineData("0 9 * * *", 0, 21 * 60)]
    public void After_a_success_comes_the_schedules_next_time_that_keeps_the_floor(string cron, double minutesPastNoon, int next) =>
        Assert.Equal(Noon.AddMinutes(next), PollPlan.AfterSuccess(Read(cron), Floor, TimeSpan.Zero, Noon.AddMinutes(minutesPastNoon), feedId: 7));

    [Theory]
    [InlineData(0.0)]
    [InlineData(7.3)]
    [InlineData(14.9)]
    public void Pauses_grow_with_failures_up_to_a_day(double minutesPastNoon)
    {
        var now = Noon.AddMinutes(minutesPastNoon);
        var pauses = Enumerable.Range(1, 60).Select(failures => (Next(now, failures) - now).TotalMinutes).ToList();

        Assert.InRange(pauses[0], 4.2, 20.5);
        Assert.All(pauses.Zip(pauses.Skip(1)), pair => Assert.True(pair.Second >= pair.First * 1.5 || pair.Second == 1440, $"{pair}"));
        Assert.Equal(1440, pauses[^1]);
    }

    [Fact]
    public void A_thousand_feeds_of_a_broken_host_do_not_come_back_at_once()
    {
        var times = Enumerable.Range(1, 1000).Select(id => Next(Noon, 3, feed: id)).ToList();

        Assert.True(times.Max() - times.Min() > TimeSpan.FromMinutes(5), "spread over a tenth of the pause");
        Assert.InRange(times.Distinct().Count(), 900, 1000);
    }

    [Theory]
    [InlineData(1, 60, 60)]
    [InlineData(1, 100_000, 1440)]
    public void A_host_that_says_when_is_not_asked_before(int failures, int retryAfter, int minutes) =>
        Assert.Equal(Noon.AddMinutes(minutes), Next(Noon, failures, TimeSpan.FromMinutes(retryAfter)));

    [Fact]
    public void A_host_that_says_soon_is_not_asked_sooner_than_planned() =>
        Assert.InRange(Next(Noon, 1, TimeSpan.FromSeconds(1)), Noon.AddMinutes(14), Noon.AddMinutes(16));

    [Fact]
    public void L05_A_thousand_feeds_of_one_hourly_schedule_are_spread_over_a_minute_and_more_and_each_keeps_its_second()
    {
        var hour = Noon.AddHours(1);
        var times = Enumerable.Range(1, 1000).Select(id => Hourly(Noon.AddMinutes(1), id)).ToList();
        Assert.All(times, time => Assert.InRange(time, hour, hour.AddSeconds(90)));
        Assert.InRange(times.GroupBy(time => time.Ticks / TimeSpan.TicksPerSecond).Max(second => second.Count()), 1, 30);
        Assert.True(times.Max() - times.Min() >= TimeSpan.FromSeconds(60));

        // An hour later each comes an hour later: nobody drifts, and nobody skips a turn.
        Assert.Equal(times.Select(time => time.AddHours(1)), times.Select((time, i) => Hourly(time, i + 1)));

        static DateTimeOffset Hourly(DateTimeOffset now, long feed) => PollPlan.AfterSuccess(Read("0 * * * *"), Floor, new PollOptions().Spread, now, feed);
    }

    [Fact]
    public void L05_What_is_spread_by_its_H_is_not_spread_again() =>
        Assert.Equal(
            Schedule.TryParse("H * * * *", TimeZoneInfo.Utc, 9, out _)!.Next(Noon.AddMinutes(4.5)),
            PollPlan.AfterSuccess(Schedule.TryParse("H * * * *", TimeZoneInfo.Utc, 9, out _)!, Floor, TimeSpan.FromSeconds(90), Noon, feedId: 9));

    private static DateTimeOffset Next(DateTimeOffset now, int failures, TimeSpan? retryAfter = null, long feed = 7) =>
        PollPlan.AfterFailure(Read("*/15 * * * *"), Floor, now, failures, retryAfter, feed);

    private static Schedule Read(string cron) => Schedule.TryParse(cron, TimeZoneInfo.Utc, 1, out _)!;
}
