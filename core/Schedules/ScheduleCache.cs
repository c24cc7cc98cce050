using System.Collections.Concurrent;

namespace Notifier.Schedules;

/// <summary>Schedules that were read once, by text, zone and seed; when it is full it begins anew. Safe to use concurrently.</summary>
/// <param name="read">Reads what is not there yet.</param>
internal sealed class ScheduleCache(Func<string, string, long, Schedule> read, int capacity = 2 * Schedule.Seeds)
{
    private readonly ConcurrentDictionary<(string Text, string Zone, int Seed), Schedule> _read = new();

    public Schedule Find(string text, string zone, long seed)
    {
        var key = (text, zone, Schedule.SeedFor(text, seed));
        if (_read.TryGetValue(key, out var known))
            return known;
        if (_read.Count >= capacity)
            _read.Clear();
        return _read[key] = read(text, zone, key.Item3);
    }
}
