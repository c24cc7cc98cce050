using Microsoft.Extensions.Time.Testing;
using Notifier.Bot.Discord.Gateway;

namespace Notifier.Tests.Discord;

public sealed class IdentifyBudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(49, 1, 0)]
    [InlineData(50, 1, 10)]
    [InlineData(199, 5, 0)]
    [InlineData(200, 5, 440)]
    public void N04_Fifty_in_an_hour_or_two_hundred_in_a_day_make_the_next_wait(int past, int minutesApart, int waits)
    {
        var times = Enumerable.Range(1, past).Select(i => Now.AddMinutes(-minutesApart * i)).Reverse().ToList();
        Assert.Equal(Now.AddMinutes(waits), IdentifyBudget.Next(times, Now));
    }

    [Fact]
    public void Discord_takes_one_in_five_seconds() => Assert.Equal(Now.AddSeconds(3), IdentifyBudget.Next([Now.AddSeconds(-2)], Now));

    [Fact]
    public void N04_Times_in_the_future_count_as_now() => Assert.Equal(Now.AddHours(1), IdentifyBudget.Next([.. Enumerable.Repeat(Now.AddYears(1), 50)], Now));

    [Fact]
    public async Task N04_What_is_spent_is_kept_for_a_day()
    {
        List<DateTimeOffset> saved = [Now.AddHours(-23), Now.AddDays(-1)];
        var budget = new IdentifyBudget(_ => Task.FromResult<IReadOnlyList<DateTimeOffset>>([.. saved]), (times, _) => Task.FromResult(saved = [.. times]), new FakeTimeProvider(Now));
        await budget.SpendAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Now.AddHours(-23), Now], saved);
    }
}
