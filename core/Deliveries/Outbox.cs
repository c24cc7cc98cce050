using System.Collections.Concurrent;
using Notifier.Schedules;

namespace Notifier.Deliveries;

/// <summary>Wakes the platforms' deliverers when something was put into the deliveries table.</summary>
public sealed class Outbox(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Signal> _signals = new(StringComparer.Ordinal);

    public void Wake()
    {
        foreach (var signal in _signals.Values)
            signal.Wake();
    }

    internal Signal SignalOf(string platform) => _signals.GetOrAdd(platform, _ => new Signal(time));
}
