namespace Notifier.Schedules;

/// <summary>Time zones by name.</summary>
public static class Zones
{
    /// <summary>The zone of this IANA name; UTC where this machine does not know it (any more), since nothing may be lost by it.</summary>
    public static TimeZoneInfo Named(string? name) => name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The zones that somebody may mean: by the whole name however it is written (<c>europe/berlin</c>), or by its last part (<c>Berlin</c>, <c>new york</c>).</summary>
    public static IReadOnlyList<TimeZoneInfo> Meant(string text)
    {
        var name = text.Trim().Replace(' ', '_');
        if (name.Length > 64)
            return [];
        if (name.Equals("UTC", StringComparison.OrdinalIgnoreCase))
            return [TimeZoneInfo.Utc];
        var all = TimeZoneInfo.GetSystemTimeZones();
        var exact = all.Where(zone => zone.Id.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (exact.Count > 0)
            return exact;

        // What this machine does not list it may know all the same: an older name.
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var older) && older.HasIanaId)
            return [older];
        return [.. all.Where(zone => zone.Id.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase))];
    }
}
