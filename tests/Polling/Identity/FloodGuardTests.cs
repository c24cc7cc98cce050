using Notifier.Feeds;
using Notifier.Polling;
using Notifier.Polling.Identity;

namespace Notifier.Tests.Polling.Identity;

/// <summary>Which documents look renamed and which have turned over, told by their dates; days are counted from the newest entry that was there before.</summary>
public sealed class FloodGuardTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly Publisher _feed = new();

    [Theory]
    [InlineData("all of it as before: renamed", 20, 20, "-19..0", 0, "held 20")]
    [InlineData("two have come since", 20, 20, "-17..2", 0, "new 2, held 18")]
    [InlineData("all of it has come since: turned over", 20, 20, "1..20", 0, "new 20, gap")]
    [InlineData("most of it has come since, some only became popular", 20, 20, "-8..11", 0, "new 20, gap")]
    [InlineData("at midnight, all on the day of the newest", 20, 20, "0", 0, "new 20, gap")]
    [InlineData("a small feed, all of it as before", 5, 5, "-4..0", 0, "held 5")]
    [InlineData("too few to tell", 2, 2, "-1..0", 0, "new 2")]
    [InlineData("undated, more than a burst", 20, 20, "", 0, "held 20")]
    [InlineData("undated, a burst", 10, 10, "", 0, "new 10, gap")]
    [InlineData("undated, two days after the last look", 20, 20, "", 2, "new 20, gap")]
    [InlineData("it grew: nothing has gone", 1, 20, "-19..0", 0, "new 20")]
    [InlineData("there was nothing before", 0, 20, "-19..0", 0, "new 20")]
    public void What_looks_new_at_once(string rule, int before, int after, string days, int later, string verdict)
    {
        _feed.Poll([.. Enumerable.Range(0, before).Select(i => Entry($"old{i}", days.Length == 0 ? null : Noon.AddDays(-i)))]);
        _feed.Last = new LastLook(Noon, days.Length == 0 ? null : Noon);
        _feed.Time = Noon.AddDays(later).AddMinutes(15);
        var first = days.Contains("..", StringComparison.Ordinal) ? int.Parse(days.Split("..")[0], System.Globalization.CultureInfo.InvariantCulture) : 0;

        var diff = _feed.Poll([.. Enumerable.Range(0, after).Select(i => Entry($"new{i}", days.Length == 0 ? null : Noon.AddDays(days == "0" ? 0 : first + i)))]);

        var parts = new List<string>();
        if (diff.New.Count > 0)
            parts.Add($"new {diff.New.Count}");
        if (diff.Held.Count > 0)
            parts.Add($"held {diff.Held.Count}");
        if (diff.Gap)
            parts.Add("gap");
        Assert.True(verdict == string.Join(", ", parts), $"{rule}: {string.Join(", ", parts)}");
    }

    [Fact]
    public void What_is_held_is_known_from_then_on()
    {
        _feed.Poll([.. Enumerable.Range(0, 20).Select(i => Entry($"old{i}", null))]);
        ParsedEntry[] renamed = [.. Enumerable.Range(0, 20).Select(i => Entry($"new{i}", null))];
        Assert.Equal(20, _feed.Poll(renamed).Held.Count);

        Assert.True(_feed.Poll([Entry("fresh", null), .. renamed]) is { New: [_], Held: [], Gap: false });
    }

    [Fact]
    public void The_newest_date_does_not_lie_in_the_future_and_does_not_go_back()
    {
        Assert.Equal(Noon.AddDays(-1), _feed.Poll(Entry("a", Noon.AddDays(-1)), Entry("b", Noon.AddYears(10)), Entry("c", null)).NewestEntry);
        Assert.Equal(Noon.AddDays(-1), _feed.Poll(Entry("d", Noon.AddDays(-2))).NewestEntry);
    }

    private static ParsedEntry Entry(string name, DateTimeOffset? published) => new() { Id = name, Link = $"http://a.test/{name}", Title = name, Content = $"What {name} tells.", Published = published };
}
