using Notifier.Schedules;

namespace Notifier.Tests.Schedules;

public sealed class ScheduleCacheTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly List<string> _read = [];

    [Theory]
    [InlineData("0 9 * * *", "UTC", 1)]
    [InlineData("0 9 * * *", "Europe/Berlin", 1)]
    [InlineData("H H * * *", "UTC", 1)]
    [InlineData("H H * * *", "UTC", 2)]
    [InlineData("H H * * *", "Europe/Berlin", 20_000_000_000)]
    public void What_is_remembered_is_what_would_be_read(string text, string zone, long seed)
    {
        var cache = Cache(100);
        foreach (var (otherText, otherZone, otherSeed) in new[] { ("0 9 * * *", "UTC", 3L), ("0 9 * * *", "Europe/Berlin", 3), ("H H * * *", "UTC", 3), ("H H * * *", "Europe/Berlin", 3), (text, zone, seed) })
            cache.Find(otherText, otherZone, otherSeed);

        Assert.Equal(Schedule.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(zone), seed, out _)!.Next(Now), cache.Find(text, zone, seed).Next(Now));
    }

    [Fact]
    public void A_schedule_without_H_is_read_once_for_all_and_what_is_too_much_is_forgotten()
    {
        var cache = Cache(2);
        for (var id = 0; id < 1000; id++)
            cache.Find("0 9 * * *", "UTC", id);
        Assert.Equal(["0 9 * * *"], _read);

        cache.Find("0 10 * * *", "UTC", 1);
        cache.Find("0 11 * * *", "UTC", 1);
        cache.Find("0 9 * * *", "UTC", 1);
        Assert.Equal(["0 9 * * *", "0 10 * * *", "0 11 * * *", "0 9 * * *"], _read);
    }

    private ScheduleCache Cache(int capacity) => new(
        (text, zone, seed) =>
        {
            _read.Add(text);
            return Schedule.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(zone), seed, out _)!;
        },
        capacity);
}
