namespace Notifier.Polling.Identity;

/// <summary>
/// What the dates of a document say of when its entries came, beside the newest date that was there at the last poll. Of an entry that has
/// none, and where nothing was dated then, nothing is true but that it is silent.
/// </summary>
internal sealed class Dating(IReadOnlyList<DiffEntry> listed, DateTimeOffset? newest, DateTimeOffset now)
{
    private static readonly TimeSpan Fetching = TimeSpan.FromMinutes(1);

    private HashSet<DateTimeOffset>? _shared;

    /// <summary>Whether the entry is dated no later than what was there then.</summary>
    public bool Precedes(DiffEntry entry) => entry.Entry.Date <= newest;

    /// <summary>Whether it is dated earlier than the newest that was there then.</summary>
    public bool IsEarlier(DiffEntry entry) => entry.Entry.Date < newest;

    /// <summary>Whether it is dated later than all that was there then.</summary>
    public bool IsLater(DiffEntry entry) => entry.Entry.Date > newest;

    /// <summary>Whether the entry must have been published since: dates that several entries share, or of the very minute of the fetch, do not say so, as some publishers write the time of each request.</summary>
    public bool Follows(DiffEntry entry) => IsLater(entry) && entry.Entry.Date is { } date && date <= now - Fetching && !(_shared ??= Shared()).Contains(date);

    /// <summary>Whether nothing can be told of the entry.</summary>
    public bool IsSilent(DiffEntry entry) => newest is null || entry.Entry.Date is null;

    private HashSet<DateTimeOffset> Shared()
    {
        var (dates, shared) = (new HashSet<DateTimeOffset>(listed.Count), new HashSet<DateTimeOffset>());
        foreach (var entry in listed)
        {
            if (entry.Entry.Date is { } date && !dates.Add(date))
                shared.Add(date);
        }

        return shared;
    }
}
