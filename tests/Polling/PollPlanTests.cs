using Notifier.Feeds;
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

    [Theory]
    [InlineData(null, 15)]
    // What keeps shorter than the floor or the schedule changes nothing.
    [InlineData(0.0, 15)]
    [InlineData(4.0, 15)]
    [InlineData(15.0, 15)]
    [InlineData(20.0, 30)]
    [InlineData(60.0, 60)]
    [InlineData(90.0, 90)]
    [InlineData(375.0, 375)]
    // Six hours beyond the schedule's next time, and not more.
    [InlineData(400.0, 375)]
    [InlineData(1440.0, 375)]
    [InlineData(525_600.0, 375)]
    [InlineData(35_791_394.0, 375)]
    public void A_document_that_keeps_is_not_asked_for_before_unless_it_keeps_absurdly_long(double? minutes, int next) =>
        Assert.Equal(Noon.AddMinutes(next), Hinted("*/15 * * * *", minutes is { } keeps ? TimeSpan.FromMinutes(keeps) : null));

    [Fact]
    public void A_poll_that_began_late_does_not_cost_the_next_one_its_turn() =>
        Assert.Equal(Noon.AddHours(1), PollPlan.AfterSuccess(Read("*/15 * * * *"), Floor, TimeSpan.Zero, Noon.AddSeconds(20), 7, new PollHints(TimeSpan.FromHours(1), 0, 0)));

    [Theory]
    [InlineData("0 9 * * *", 21 * 60)]
    [InlineData("0 9,10,11 * * *", 21 * 60)]
    [InlineData("*/5 * * * *", 5 + 120)]
    public void A_hint_chooses_among_the_times_of_the_schedule(string cron, int minutes) =>
        Assert.Equal(Noon.AddMinutes(minutes), Hinted(cron, TimeSpan.FromDays(30)));

    [Fact]
    public void Who_polls_by_the_second_is_held_up_for_a_few_turns_only() => Assert.Equal(
        Noon.AddSeconds(5 + (24 * 5)),
        PollPlan.AfterSuccess(Read("*/5 * * * * *"), TimeSpan.FromSeconds(1), TimeSpan.Zero, Noon, 7, new PollHints(TimeSpan.FromHours(1), 0, 0)));

    [Theory]
    [InlineData(new[] { 12, 13 }, new DayOfWeek[0], 120)]
    [InlineData(new[] { 13 }, new DayOfWeek[0], 15)]
    [InlineData(new[] { 12, 14 }, new DayOfWeek[0], 60)]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 }, new DayOfWeek[0], 23 * 60)]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 }, new DayOfWeek[0], 15)]
    [InlineData(new int[0], new[] { DayOfWeek.Monday, DayOfWeek.Wednesday }, 15)]
    [InlineData(new int[0], new[] { DayOfWeek.Tuesday }, 12 * 60)]
    [InlineData(new[] { 0, 1 }, new[] { DayOfWeek.Tuesday }, 14 * 60)]
    // A day at most: the publisher of a weekly may have written five days too many.
    [InlineData(new int[0], new[] { DayOfWeek.Tuesday, DayOfWeek.Wednesday }, (24 * 60) + 15)]
    [InlineData(new int[0], new[] { DayOfWeek.Sunday, DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday }, 15)]
    public void Hours_and_days_that_are_to_be_skipped_are_for_a_day_at_most(int[] hours, DayOfWeek[] days, int minutes) =>
        Assert.Equal(Noon.AddMinutes(minutes), Hinted("*/15 * * * *", null, hours, days));

    [Fact]
    public void All_hints_together() => Assert.Equal(Noon.AddHours(3), Hinted("*/15 * * * *", TimeSpan.FromMinutes(70), [13, 14], []));

    [Fact]
    public void A_hint_keeps_the_feeds_own_second()
    {
        var plain = PollPlan.AfterSuccess(Read("0 * * * *"), Floor, TimeSpan.FromSeconds(90), Noon, 11);
        var hinted = PollPlan.AfterSuccess(Read("0 * * * *"), Floor, TimeSpan.FromSeconds(90), Noon, 11, new PollHints(TimeSpan.FromHours(3), 0, 0));

        Assert.NotEqual(Noon.AddHours(1), plain);
        Assert.Equal(plain.AddHours(2), hinted);
    }

    [Fact]
    public void Whatever_is_hinted_a_poll_is_neither_earlier_nor_a_day_later_than_planned()
    {
        var random = new Random(5);
        string[] crons = ["*/15 * * * *", "0 * * * *", "H/10 * * * *", "0 9 * * *", "0 9 * * 1-5", "*/20 * * * * *", "30 2 29 2 *"];
        for (var i = 0; i < 2000; i++)
        {
            var (cron, now) = (crons[i % crons.Length], Noon.AddSeconds(random.Next(0, 90 * 86_400)));
            var hints = new PollHints(random.Next(3) == 0 ? null : TimeSpan.FromSeconds(random.Next()), random.Next(1 << 24), random.Next(1 << 7));
            var plain = PollPlan.AfterSuccess(Read(cron), Floor, TimeSpan.FromSeconds(90), now, i);
            var hinted = PollPlan.AfterSuccess(Read(cron), Floor, TimeSpan.FromSeconds(90), now, i, hints);
            Assert.True(hinted >= plain && hinted <= plain.AddDays(1), $"{cron} at {now} with {hints}: {hinted} instead of {plain}");
        }
    }

    private static DateTimeOffset Hinted(string cron, TimeSpan? keeps, int[]? hours = null, DayOfWeek[]? days = null)
    {
        var document = new ParsedFeed { Family = FeedFamily.Rss, TimeToLive = keeps, SkipHours = hours ?? [], SkipDays = days ?? [] };
        return PollPlan.AfterSuccess(Read(cron), Floor, TimeSpan.Zero, Noon, 7, PollHints.Of(document));
    }

    private static DateTimeOffset Next(DateTimeOffset now, int failures, TimeSpan? retryAfter = null, long feed = 7) =>
        PollPlan.AfterFailure(Read("*/15 * * * *"), Floor, now, failures, retryAfter, feed);

    private static Schedule Read(string cron) => Schedule.TryParse(cron, TimeZoneInfo.Utc, 1, out _)!;
}
