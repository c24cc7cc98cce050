using CsCheck;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Tests.Schedules;

public class ScheduleReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("hourly", "0 * * * *")]
    [InlineData("Daily", "0 9 * * *")]
    [InlineData("morning", "0 9 * * *")]
    [InlineData("noon", "0 12 * * *")]
    [InlineData("evening", "0 18 * * *")]
    [InlineData("weekdays", "0 9 * * 1-5")]
    [InlineData("weekends", "0 9 * * 6,0")]
    [InlineData("weekly", "0 9 * * 1")]
    [InlineData("monthly", "0 9 1 * *")]
    [InlineData("9:00", "0 9 * * *")]
    [InlineData("7.30", "30 7 * * *")]
    [InlineData("9pm", "0 21 * * *")]
    [InlineData("12am", "0 0 * * *")]
    [InlineData("daily 18:30", "30 18 * * *")]
    [InlineData("every day", "0 9 * * *")]
    [InlineData("every day at 9:15", "15 9 * * *")]
    [InlineData("9:00 18:00", "0 9,18 * * *")]
    [InlineData("18:30, 9:30", "30 9,18 * * *")]
    [InlineData("weekdays 7:30", "30 7 * * 1-5")]
    [InlineData("weekends at 10:00", "0 10 * * 0,6")]
    [InlineData("mon 18:00", "0 18 * * 1")]
    [InlineData("Mondays and Thursdays at 18:00", "0 18 * * 1,4")]
    [InlineData("tue, thu", "0 9 * * 2,4")]
    [InlineData("every 30 minutes", "*/30 * * * *")]
    [InlineData("every 5 min", "*/5 * * * *")]
    [InlineData("every 60 minutes", "0 * * * *")]
    [InlineData("every hour", "0 * * * *")]
    [InlineData("every 2 hours", "0 */2 * * *")]
    [InlineData("every 24 hours", "0 0 * * *")]
    [InlineData("0 9 * * MON-FRI", "0 9 * * MON-FRI")]
    [InlineData("  0   9 * * *  ", "0 9 * * *")]
    [InlineData("H 9 * * *", "H 9 * * *")]
    public void What_people_write_is_a_cron_expression(string text, string cron) => Assert.Equal(new ScheduleChoice.Cron(cron), Read(text));

    [Theory]
    [InlineData("now")]
    [InlineData("Off")]
    [InlineData("at once")]
    public void No_schedule_is_at_once(string text) => Assert.Equal(new ScheduleChoice.AtOnce(), Read(text));

    [Theory]
    [InlineData("* * * * *", "schedule.often")]
    [InlineData("*/4 * * * *", "schedule.often")]
    [InlineData("0,3 9 * * *", "schedule.often")]
    [InlineData("59,0 * * * *", "schedule.often")]
    [InlineData("every 1 minute", "schedule.often")]
    [InlineData("every 4 min", "schedule.often")]
    [InlineData("*/5 * * * * *", "schedule.withseconds")]
    [InlineData("0 0 9 * * *", "schedule.withseconds")]
    [InlineData("0 0 31 2 *", "schedule.refused")]
    [InlineData("61 * * * *", "schedule.refused")]
    [InlineData("every 7 hours", "schedule.uneven")]
    [InlineData("every 25 hours", "schedule.uneven")]
    [InlineData("every 45 minutes", "schedule.uneven")]
    [InlineData("9:00 18:30", "schedule.minutesdiffer")]
    [InlineData("tomorrow", "schedule.unknown")]
    [InlineData("every", "schedule.unknown")]
    [InlineData("25:00", "schedule.unknown")]
    [InlineData("13pm", "schedule.unknown")]
    [InlineData("9:60", "schedule.unknown")]
    [InlineData("* * * *", "schedule.unknown")]
    [InlineData("", "schedule.unknown")]
    public void What_cannot_be_used_is_refused_with_the_reason(string text, string key)
    {
        var refused = Assert.IsType<ScheduleChoice.Refused>(Read(text));
        Assert.Equal(key, refused.Key);
        Assert.NotEqual("", Catalogue.Load("en").Say(refused.Key, refused.Values));
    }

    [Fact]
    public void A_schedule_of_minutes_is_judged_by_the_floor_that_is_asked_for() =>
        Assert.IsType<ScheduleChoice.Refused>(ScheduleReader.Read("*/30 * * * *", TimeZoneInfo.Utc, 1, TimeSpan.FromHours(1), Now));

    [Fact]
    public void Whatever_is_written_has_an_answer_and_what_is_taken_comes()
    {
        string[] words = ["every", "mon", "daily", "9:00", "9:30", "*/5", "*", "0", "30", "at", "hours", "min", "H", "L", "W", "1#3", "?", "1-5", "99999999999", "-1", "\u0000", "ßé"];
        Gen.Int[0, words.Length - 1].Array[0, 7].Select(picked => string.Join(' ', picked.Select(n => words[n]))).Sample(Judge, iter: 20_000);
        Gen.String.Sample(Judge, iter: 5000);

        static void Judge(string text)
        {
            if (Read(text) is ScheduleChoice.Cron cron)
                Assert.True(Schedule.TryParse(cron.Expression, TimeZoneInfo.Utc, 1, out _)!.ShortestGap(Now, 100) >= ScheduleReader.Floor, text);
        }
    }

    private static ScheduleChoice Read(string text) => ScheduleReader.Read(text, TimeZoneInfo.Utc, 1, ScheduleReader.Floor, Now);
}
