using System.Globalization;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Tests.Schedules;

public class ScheduleWordsTests
{
    private static readonly Catalogue Texts = Catalogue.Load("en");

    [Theory]
    [InlineData("H/15 * * * *", "every 15 minutes")]
    [InlineData("*/1 * * * *", "every minute")]
    [InlineData("* * * * *", "every minute")]
    [InlineData("H * * * *", "every hour")]
    [InlineData("0 * * * *", "every hour")]
    [InlineData("0 */2 * * *", "every 2 hours")]
    [InlineData("*/2 * * * * *", "every 2 seconds")]
    [InlineData("0 9 * * *", "every day at 09:00")]
    [InlineData("30 7,12,18 * * *", "every day at 07:30, 12:30 and 18:30")]
    [InlineData("0 9 * * 1-5", "on weekdays at 09:00")]
    [InlineData("15 18 * * 1,4", "on Monday and Thursday at 18:15")]
    [InlineData("0 9 * * 7", "on Sunday at 09:00")]
    [InlineData("0 9 1,15 * *", "on day 1 and 15 of the month at 09:00")]
    [InlineData("5,35 * * * *", "by the schedule 5,35 * * * *")]
    [InlineData("0 9 1 * 1", "by the schedule 0 9 1 * 1")]
    [InlineData("0 9 * 6 *", "by the schedule 0 9 * 6 *")]
    [InlineData("0 9 * * MON", "by the schedule 0 9 * * MON")]
    public void A_schedule_is_said_in_words(string cron, string words) => Assert.Equal(words, ScheduleWords.Of(Texts, cron));

    [Theory]
    [InlineData("0:00:01", "second")]
    [InlineData("0:00:20", "20 seconds")]
    [InlineData("0:01:00", "minute")]
    [InlineData("0:15:00", "15 minutes")]
    [InlineData("1:00:00", "hour")]
    [InlineData("1:30:00", "90 minutes")]
    [InlineData("2:30:00", "2.5 hours")]
    public void A_span_is_said_in_words(string span, string words) => Assert.Equal(words, ScheduleWords.Of(Texts, TimeSpan.Parse(span, CultureInfo.InvariantCulture)));
}
