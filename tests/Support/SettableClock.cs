using Microsoft.Extensions.Time.Testing;

namespace Notifier.Tests.Support;

/// <summary>A clock that stands still, and whose hands can be set without any time passing: timers and timestamps notice nothing of that.</summary>
internal sealed class SettableClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _set;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _set;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    public void SetBy(TimeSpan by) => _set += by;
}
