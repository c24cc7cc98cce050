using Notifier.Feeds;
using Notifier.Polling.Pages;

namespace Notifier.Polling.Identity;

/// <summary>
/// Tells what a document says that the feed's memory does not know. Pure: no clock, no database; the verdicts are those of the table in
/// ARCHITECTURE.md, and where they leave a doubt the entry is new, since an entry told twice is better than one lost.
/// </summary>
internal static class EntryDiff
{
    /// <summary>Of more new entries than this in one document the oldest are known without having been told: nobody reads an archive in a chat.</summary>
    public const int MostNew = 1000;

    /// <param name="memory">Null on the first poll, which is the baseline: all is known, nothing new.</param>
    /// <param name="last">When the feed was read before, and what was its newest then; null where nobody asks whether so much that is new is likely.</param>
    public static Diff Compare(ParsedFeed document, SeenEntries? memory, DateTimeOffset now, LastLook? last = null)
    {
        var stamp = (uint)Math.Clamp(now.ToUnixTimeSeconds(), 0, uint.MaxValue);
        // What breaks off could be taken for something new, and whole the next time for something new again. (Poller believes it at the second time.)
        var listed = Listed(document.IsCut && memory is not null ? [.. document.Entries.SkipLast(1)] : document.Entries);
        var next = listed.ConvertAll(e => new SeenEntry(e.Prints.Id, e.Prints.Link, e.Prints.Title, e.Prints.Text, stamp));
        var (fresh, held, edited) = (new List<DiffEntry>(), new List<DiffEntry>(), new List<DiffEntry>());
        var gap = false;
        if (memory is not null)
        {
            var dating = new Dating(listed, last?.NewestEntry, now);
            var recognition = new Recognition(memory, listed, dating);
            for (var i = 0; i < listed.Count; i++)
            {
                if (recognition[i] == Recognition.Verdict.New)
                    fresh.Add(listed[i]);
                else if (recognition[i] == Recognition.Verdict.Edited)
                    edited.Add(listed[i]);
            }

            var lastListed = memory.LastListed;
            if (last is not null && memory.Comparable)
            {
                var guard = new FloodGuard(last, dating, now, listed.Count, fresh.Count, recognition.Unlisted().Count(entry => entry.LastListed == lastListed));
                var holds = guard.Holds(fresh);
                held = fresh.FindAll(holds);
                fresh.RemoveAll(holds);
                gap = held.Count == 0 && guard.IsGap;
            }

            Keep(recognition.Unlisted(), next, stamp, lastListed);
        }

        return new Diff(memory is null, Newest(InOrder(fresh, now)), edited, SeenEntries.Pack(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(next)))
        {
            Held = Newest(InOrder(held, now)),
            Gap = gap,
            NewestEntry = Newest(document.Entries, last?.NewestEntry, now),
        };
    }

    /// <summary>The entries with their prints and keys; a plain repetition is dropped.</summary>
    public static List<DiffEntry> Listed(IReadOnlyList<ParsedEntry> entries)
    {
        var listed = new List<DiffEntry>(entries.Count);
        var all = new HashSet<Fingerprints>(entries.Count);
        var sharing = new Dictionary<ulong, int>(entries.Count);
        foreach (var entry in entries)
        {
            var prints = Fingerprints.Of(entry);
            if (!all.Add(prints.Id == 0 ? prints : prints with { Link = 0 }))
                continue;
            listed.Add(new DiffEntry(entry, prints, prints.Key));
            sharing[prints.Id] = sharing.GetValueOrDefault(prints.Id) + 1;
        }

        for (var i = 0; i < listed.Count; i++)
        {
            if (listed[i].Prints is { Id: not 0 } prints && sharing[prints.Id] > 1)
                listed[i] = listed[i] with { Key = prints.SharedKey };
        }

        return listed;
    }

    /// <summary>
    /// Keeps what left within the last days. A document is compared only when it changed, so what the last one listed was listed until
    /// now; it is stamped a second earlier than what this one lists, to be told from it next time.
    /// </summary>
    private static void Keep(IEnumerable<SeenEntry> unlisted, List<SeenEntry> next, uint stamp, uint lastListed)
    {
        var oldest = stamp - (uint)SeenEntries.Keep.TotalSeconds;
        var listed = next.Count;
        foreach (var entry in unlisted)
        {
            if (entry.LastListed == lastListed)
                next.Add(entry with { LastListed = stamp - 1 });
            else if (entry.LastListed >= oldest)
                next.Add(entry);
        }

        // A publisher who names all of it anew for each fetch must not fill the memory: what left last is kept.
        if (next.Count - listed > SeenEntries.MostKept)
        {
            next.Sort(listed, next.Count - listed, Comparer<SeenEntry>.Create((a, b) => b.LastListed.CompareTo(a.LastListed)));
            next.RemoveRange(listed + SeenEntries.MostKept, next.Count - listed - SeenEntries.MostKept);
        }
    }

    private static List<DiffEntry> Newest(List<DiffEntry> ordered) => ordered.Count > MostNew ? ordered[^MostNew..] : ordered;

    /// <summary>The latest date so far that does not lie in the future; to be compared with, so that a mistaken one may not stand in the way for ever.</summary>
    private static DateTimeOffset? Newest(IReadOnlyList<ParsedEntry> entries, DateTimeOffset? before, DateTimeOffset now)
    {
        var newest = before;
        foreach (var entry in entries)
        {
            if (entry.Date is { } date && date <= now && (newest is null || date > newest))
                newest = date;
        }

        return newest;
    }

    /// <summary>Oldest first: by date if all have distinct sane dates, else the document's order reversed.</summary>
    private static List<DiffEntry> InOrder(List<DiffEntry> fresh, DateTimeOffset now)
    {
        if (fresh.Count < 2)
            return fresh;
        var dates = new HashSet<DateTimeOffset>(fresh.Count);
        var dated = fresh.All(f => f.Entry.Date is { Year: >= 1990 } date && date < now.AddDays(1) && dates.Add(date));
        if (dated)
            fresh.Sort((a, b) => a.Entry.Date!.Value.CompareTo(b.Entry.Date!.Value));
        else
            fresh.Reverse();
        return fresh;
    }
}

/// <summary>An entry with the fingerprints it is remembered by.</summary>
/// <param name="Key">What stands for it among the stored entries of its feed.</param>
internal sealed record DiffEntry(ParsedEntry Entry, Fingerprints Prints, long Key)
{
    /// <summary>What the page says that it links to; null where nobody asked, or nothing could be read. Prints and key are of the feed's own words.</summary>
    public Article? Article { get; init; }

    /// <summary>It has a page that was to be read and was not: the feed's own words are not all that it says.</summary>
    public bool IsPageUnread { get; init; }
}

/// <summary>What a poll found.</summary>
/// <param name="Baseline">The first poll: everything is known from now on.</param>
/// <param name="New">Oldest first.</param>
/// <param name="Edited">Known entries whose words changed.</param>
/// <param name="Memory">The feed's memory from now on, packed.</param>
internal sealed record Diff(bool Baseline, IReadOnlyList<DiffEntry> New, IReadOnlyList<DiffEntry> Edited, byte[] Memory)
{
    /// <summary>What is not known either, but in a way that looks as if the publisher had renamed all that was there before (<see cref="FloodGuard"/>). Oldest first.</summary>
    public IReadOnlyList<DiffEntry> Held { get; init; } = [];

    /// <summary>Nothing of what was known is left in the document: between two polls more was published than it lists, and some may have been missed.</summary>
    public bool Gap { get; init; }

    /// <summary>See <see cref="Model.Feed.NewestEntry"/>.</summary>
    public DateTimeOffset? NewestEntry { get; init; }
}
