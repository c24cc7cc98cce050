using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Notifier.Tests.Discord;

/// <summary>A clock that stands still, and lets a test wait until somebody waits for it.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Completes when somebody has begun to wait that long; what was begun before it is forgotten.</summary>
    public async Task WaitedForAsync(TimeSpan due)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, TestContext.Current.CancellationToken);
        while (await _timers.Reader.ReadAsync(either.Token) != due)
            continue;
    }

    /// <summary>Lets that time pass once somebody waits for it.</summary>
    public async Task PassAsync(TimeSpan due)
    {
        await WaitedForAsync(due);
        Advance(due);
    }
}
