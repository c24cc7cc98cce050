using System.Globalization;
using System.Text.Json;
using Notifier.Feeds.Dates;
using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

public sealed class FeedDatesTests
{
    [Theory]
    [InlineData("Tue, 07 Oct 2025 12:00:00 +0200", "2025-10-07T10:00:00Z")]
    [InlineData("Tue, 07 Oct 2025 12:00:00 GMT", "2025-10-07T12:00:00Z")]
    [InlineData("Tue, 07 Oct 2025 12:00:00 -0000", "2025-10-07T12:00:00Z")]
    [InlineData("2025-10-07T12:00:00Z", "2025-10-07T12:00:00Z")]
    [InlineData("2025-10-07T12:00:00.1234567-04:00", "2025-10-07T16:00:00Z")]
    [InlineData("2025-10-07T12:00:00-0400", "2025-10-07T16:00:00Z")]
    [InlineData("2025-10-07", "2025-10-07T00:00:00Z")]
    [InlineData("2025-10", "2025-10-01T00:00:00Z")]
    [InlineData("2025", "2025-01-01T00:00:00Z")]
    [InlineData("20251007", "2025-10-07T00:00:00Z")]
    [InlineData("7 Oct 25 12:00 EST", "2025-10-07T17:00:00Z")]
    [InlineData("October 7th, 2025 at 3:04pm PDT", "2025-10-07T22:04:00Z")]
    [InlineData("Tue Oct  7 12:00:00 2025", "2025-10-07T12:00:00Z")]
    [InlineData("Tue Oct 07 12:00:00 +0000 2025", "2025-10-07T12:00:00Z")]
    [InlineData("Tue, 07 Oct 2025 24:00:00 GMT", "2025-10-08T00:00:00Z")]
    [InlineData("Tue, 07 Oct 2025 23:59:60 GMT", "2025-10-07T23:59:59Z")]
    [InlineData("Tue, 07 Oct 2025 12:00:00 America/New_York", "2025-10-07T16:00:00Z")]
    [InlineData("Tue, 07 Oct 2025 12:00:00 GMT+0100 (Central European Time)", "2025-10-07T11:00:00Z")]
    [InlineData("10/07/2025 12:00 AM", "2025-10-07T00:00:00Z")]
    [InlineData("25/12/2025", "2025-12-25T00:00:00Z")]
    [InlineData("7.10.2025 12:00", "2025-10-07T12:00:00Z")]
    [InlineData("2025년 10월 07일 12:00:00", "2025-10-07T03:00:00Z")]
    [InlineData("Di, 07 Okt 2025 12:00:00 +0000", "2025-10-07T12:00:00Z")]
    [InlineData("mar., 07 déc. 2025 12:00:00 +0000", "2025-12-07T12:00:00Z")]
    [InlineData("ter, 07 out 2025 12:00:00 +0000", "2025-10-07T12:00:00Z")]
    [InlineData("mar, 07 ene 2025 12:00:00 +0000", "2025-01-07T12:00:00Z")]
    [InlineData("Вт, 07 октября 2025 12:00:00 +0000", "2025-10-07T12:00:00Z")]
    [InlineData("Τρι, 07 Οκτ 2025 12:00:00 +0000", "2025-10-07T12:00:00Z")]
    [InlineData("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z")]
    [InlineData("1518478934", "2018-02-12T23:42:14Z")]
    public void A_date_is_read(string text, string expected) =>
        Assert.Equal(DateTimeOffset.ParseExact(expected, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture), FeedDates.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1899-12-31T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59-99:99")]
    [InlineData("2025-02-30")]
    [InlineData("2025-10-07T25:00:00Z")]
    [InlineData("2025-10-07T12:61:00Z")]
    [InlineData("Tue, 07 Foo 2025 12:00:00 GMT")]
    [InlineData("Tue, xx Oct 2025 12:00:00 GMT")]
    [InlineData("1.2.3.4.5")]
    [InlineData("99999999999999999999999999")]
    [InlineData("12:00:00")]
    [InlineData("::::----++++")]
    [InlineData("2025-10-07T12:00:00Z and so on, for longer than any date would go on, as if it were a sentence of somebody with too much to say to anyone")]
    public void What_is_no_date_is_none(string? text) => Assert.Null(FeedDates.Parse(text));

    [Fact]
    public void Of_the_collected_dates_at_least_19_in_20_are_read_right()
    {
        using var table = JsonDocument.Parse(File.ReadAllBytes(Repository.Shared("corpus", "open", "dates", "dates.json")));
        var wrong = new List<string>();
        var count = 0;
        foreach (var row in table.RootElement.EnumerateArray())
        {
            count++;
            var input = row.GetProperty("input").GetString();
            var expected = row.GetProperty("utc").GetString();
            var actual = FeedDates.Parse(input)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (expected == "ANY" ? actual is null : actual != expected) wrong.Add($"{input}: {actual ?? "none"} instead of {expected ?? "none"}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count - wrong.Count} of {count}\n{string.Join('\n', wrong)}");
        Assert.True(wrong.Count <= count * 0.05, string.Join('\n', wrong));
    }
}
