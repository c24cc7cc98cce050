namespace Notifier.Stories;

/// <summary>An entry as it was told.</summary>
/// <param name="Link">Its canonical link as a hash; 0 where it says nothing.</param>
internal sealed record Told(long Entry, long Feed, ulong Link, DateTimeOffset? Date, DateTimeOffset Seen, Telling Telling)
{
    /// <summary>The time to another one, by their own dates or by when they were seen: whichever is longer, since there are publishers who give all entries one date.</summary>
    public TimeSpan ApartFrom(Told other)
    {
        var seen = (Seen - other.Seen).Duration();
        var dates = Date is { } date && other.Date is { } otherDate ? (date - otherDate).Duration() : TimeSpan.Zero;
        return seen > dates ? seen : dates;
    }
}
