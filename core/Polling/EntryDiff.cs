using Notifier.Feeds;

namespace Notifier.Polling;

/// <summary>
/// Tells what a document says that the feed's memory does not know. Pure: no clock, no database; the verdicts are those of the table in
/// ARCHITECTURE.md, and where they leave a doubt the entry is new, since an entry told twice is better than one lost.
/// </summary>
internal static class EntryDiff
{
    /// <param name="memory">Null on the first poll, which is the baseline: all is known, nothing new.</param>
    public static Diff Compare(ParsedFeed document, SeenEntries? memory, DateTimeOffset now)
    {
        var stamp = (uint)Math.Clamp(now.ToUnixTimeSeconds(), 0, uint.MaxValue);
        var listed = Listed(document.Entries);
        var next = listed.ConvertAll(e => new SeenEntry(e.Prints.Id, e.Prints.Link, e.Prints.Title, e.Prints.Text, stamp));
        var fresh = new List<DiffEntry>();
        var edited = new List<DiffEntry>();
        if (memory is not null)
        {
            var recognition = new Recognition(memory, listed);
            for (var i = 0; i < listed.Count; i++)
            {
                if (recognition[i] == Recognition.Verdict.New)
                    fresh.Add(listed[i]);
                else if (recognition[i] == Recognition.Verdict.Edited)
                    edited.Add(listed[i]);
            }

            Keep(recognition.Unlisted(), next, stamp, memory.LastListed);
        }

        return new Diff(memory is null, InOrder(fresh, now), edited, SeenEntries.Pack(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(next)));
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
        foreach (var entry in unlisted)
        {
            if (entry.LastListed == lastListed)
                next.Add(entry with { LastListed = stamp - 1 });
            else if (entry.LastListed >= oldest)
                next.Add(entry);
        }
    }

    /// <summary>Oldest first: by date if all have distinct sane dates, else the document's order reversed.</summary>
    private static List<DiffEntry> InOrder(List<DiffEntry> fresh, DateTimeOffset now)
    {
        if (fresh.Count < 2)
            return fresh;
        var dates = new HashSet<DateTimeOffset>(fresh.Count);
        var dated = fresh.All(f => (f.Entry.Published ?? f.Entry.Updated) is { Year: >= 1990 } date && date < now.AddDays(1) && dates.Add(date));
        if (dated)
            fresh.Sort((a, b) => (a.Entry.Published ?? a.Entry.Updated)!.Value.CompareTo((b.Entry.Published ?? b.Entry.Updated)!.Value));
        else
            fresh.Reverse();
        return fresh;
    }
}

/// <summary>An entry with the fingerprints it is remembered by.</summary>
/// <param name="Key">What stands for it among the stored entries of its feed.</param>
internal sealed record DiffEntry(ParsedEntry Entry, Fingerprints Prints, long Key);

/// <summary>What a poll found.</summary>
/// <param name="Baseline">The first poll: everything is known from now on.</param>
/// <param name="New">Oldest first.</param>
/// <param name="Edited">Known entries whose words changed.</param>
/// <param name="Memory">The feed's memory from now on, packed.</param>
internal sealed record Diff(bool Baseline, IReadOnlyList<DiffEntry> New, IReadOnlyList<DiffEntry> Edited, byte[] Memory);
