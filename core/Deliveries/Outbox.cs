using System.Collections.Concurrent;
using Notifier.Schedules;

namespace Notifier.Deliveries;

/// <summary>Wakes the platforms' deliverers when something was put into the deliveries table.</summary>
public sealed class Outbox(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Signal> _signals = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Counts the wakes.</summary>
    internal long Version => Interlocked.Read(ref _version);

    public void Wake()
    {
        Interlocked.Increment(ref _version);
        foreach (var signal in _signals.Values)
            signal.Wake();
    }

    internal Signal SignalOf(string platform) => _signals.GetOrAdd(platform, _ => new Signal(time));
}
