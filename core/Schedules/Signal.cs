using System.Threading.Channels;

namespace Notifier.Schedules;

/// <summary>Lets a worker sleep until its next due time, and lets others wake it earlier. One sleeper at a time; a wake is never lost.</summary>
public sealed class Signal(TimeProvider clock)
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something may be due now. Wakes the sleeper, or makes the next sleep return at once.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Sleeps until woken or until the given time, whichever comes first; with no time, until woken.</summary>
    public async Task SleepAsync(DateTimeOffset? until, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var left = until is { } time ? time - clock.GetUtcNow() : Timeout.InfiniteTimeSpan;
        if (until is not null && left <= TimeSpan.Zero)
            return;
        if (_wakes.Reader.TryRead(out _))
            return;

        // A day at most: the wall clock may be set meanwhile, and a timer takes no more than 49 days.
        if (left > TimeSpan.FromDays(1))
            left = TimeSpan.FromDays(1);

        // Timers count whole milliseconds: rounded down it would end too early, and its caller would spin.
        using var alarm = until is null ? null : clock.CreateTimer(static signal => ((Signal)signal!).Wake(), this, TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        await _wakes.Reader.ReadAsync(ct);
    }
}
