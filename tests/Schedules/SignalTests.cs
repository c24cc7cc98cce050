using Microsoft.Extensions.Time.Testing;
using Notifier.Schedules;

namespace Notifier.Tests.Schedules;

public class SignalTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Signal _signal;

    public SignalTests() => _signal = new Signal(_time);

    [Fact]
    public async Task A_wake_before_the_sleep_is_kept_and_many_are_one()
    {
        _signal.Wake();
        _signal.Wake();

        await _signal.SleepAsync(null, Token);
        Assert.False(_signal.SleepAsync(null, Token).IsCompleted);
    }

    [Fact]
    public async Task A_sleeper_is_woken()
    {
        var sleep = _signal.SleepAsync(_time.GetUtcNow().AddHours(1), Token);
        Assert.False(sleep.IsCompleted);
        _signal.Wake();
        await sleep;
    }

    [Fact]
    public async Task It_sleeps_until_the_time_and_not_less()
    {
        var sleep = _signal.SleepAsync(_time.GetUtcNow().AddMinutes(1), Token);
        _time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.False(sleep.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await sleep;
    }

    [Fact]
    public async Task A_time_that_is_over_does_not_use_a_wake_up()
    {
        _signal.Wake();
        await _signal.SleepAsync(_time.GetUtcNow(), Token);
        await _signal.SleepAsync(null, Token);
    }

    /// <summary>Timers count whole milliseconds: one rounded down would end before its time, and the loop around it would spin until then.</summary>
    [Fact]
    public async Task A_fraction_of_a_millisecond_is_slept_too()
    {
        var until = _time.GetUtcNow().AddTicks(5000);
        var sleep = _signal.SleepAsync(until, Token);
        Assert.False(sleep.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await sleep;
        Assert.True(_time.GetUtcNow() >= until);
    }

    [Fact]
    public async Task A_far_time_is_looked_at_again_after_a_day()
    {
        var sleep = _signal.SleepAsync(DateTimeOffset.MaxValue, Token);
        _time.Advance(TimeSpan.FromDays(1));
        await sleep;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sleep_can_be_cancelled_and_leaves_the_next_wake_alone(bool timed)
    {
        using var cancel = new CancellationTokenSource();
        var sleep = _signal.SleepAsync(timed ? _time.GetUtcNow().AddHours(1) : null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleep);

        _signal.Wake();
        await _signal.SleepAsync(null, Token);
    }
}
