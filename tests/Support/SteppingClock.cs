namespace Notifier.Tests.Support;

/// <summary>A clock that stands still, whose stopwatch is a step further at each look; the looks are counted.</summary>
internal sealed class SteppingClock(DateTimeOffset now, TimeSpan step) : TimeProvider
{
    private long _timestamp;

    public DateTimeOffset Now { get; set; } = now;

    public TimeSpan Step { get; set; } = step;

    public int Looks { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        Looks++;
        return _timestamp += Step.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => Now;
}
