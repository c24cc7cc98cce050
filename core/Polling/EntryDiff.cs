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
        var listed = Listed(document);
        var seen = new Lookup(memory);
        var next = new List<SeenEntry>(listed.Count + seen.Count);
        var fresh = new List<DiffEntry>();
        var edited = new List<DiffEntry>();
        foreach (var entry in listed)
        {
            var prints = entry.Prints;
            next.Add(new SeenEntry(prints.Id, prints.Link, prints.Title, prints.Text, stamp));
            if (memory is null)
                continue;
            switch (seen.Judge(prints))
            {
                case Verdict.New:
                    fresh.Add(entry);
                    break;
                case Verdict.Edited:
                    edited.Add(entry);
                    break;
            }
        }

        var oldest = stamp - (uint)SeenEntries.Keep.TotalSeconds;
        seen.AddUnlisted(next, oldest);
        return new Diff(memory is null, InOrder(fresh, now), edited, SeenEntries.Pack(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(next)));
    }

    /// <summary>The entries with their prints; of two that share an id the second gets one of its own, and a plain repetition is dropped.</summary>
    private static List<DiffEntry> Listed(ParsedFeed document)
    {
        var listed = new List<DiffEntry>(document.Entries.Count);
        var byId = new Dictionary<ulong, Fingerprints>(document.Entries.Count);
        var all = new HashSet<Fingerprints>(document.Entries.Count);
        foreach (var entry in document.Entries)
        {
            var prints = Fingerprints.Of(entry);
            if (prints.Id != 0 && !byId.TryAdd(prints.Id, prints))
            {
                if (byId[prints.Id].SameWords(prints))
                    continue;
                prints = prints.Apart();
            }

            if (all.Add(prints))
                listed.Add(new DiffEntry(entry, prints));
        }

        return listed;
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

    private enum Verdict
    {
        Known,
        Edited,
        New,
    }

    /// <summary>The memory, to be found by each of the three fingerprints. Rows with equal ones are chained.</summary>
    private sealed class Lookup
    {
        private readonly SeenEntry[] _rows;
        private readonly bool[] _matched;
        private readonly bool _comparable;
        private readonly Chain _byId;
        private readonly Chain _byLink;
        private readonly Chain _byWords;

        public Lookup(SeenEntries? memory)
        {
            _rows = memory is null ? [] : memory.All.ToArray();
            _matched = new bool[_rows.Length];
            _comparable = memory?.Comparable ?? true;
            _byId = new Chain(_rows, row => row.Id);
            _byLink = new Chain(_rows, row => row.Link);
            _byWords = new Chain(_rows, row => row.Prints.Words);
        }

        public int Count => _rows.Length;

        public Verdict Judge(in Fingerprints prints)
        {
            if (prints.Id != 0)
            {
                var same = Best(_byId, prints.Id, prints);
                return same >= 0 ? SameId(same, prints) : OtherId(prints);
            }

            return NoId(prints);
        }

        public void AddUnlisted(List<SeenEntry> next, uint oldest)
        {
            for (var i = 0; i < _rows.Length; i++)
            {
                if (!_matched[i] && _rows[i].LastListed >= oldest)
                    next.Add(_rows[i]);
            }
        }

        private Verdict SameId(int row, in Fingerprints prints)
        {
            var before = _rows[row].Prints;
            if (!_comparable || before.SameWords(prints))
                return Match(row, Verdict.Known);
            var sameLink = prints.Link != 0 && before.Link == prints.Link;
            var sameTitle = prints.Title != 0 && before.Title == prints.Title;
            var sameText = prints.Text != 0 && before.Text == prints.Text;

            // The publisher reused the id for something else altogether: both stay in memory.
            return sameLink || sameTitle || sameText ? Match(row, Verdict.Edited) : Verdict.New;
        }

        private Verdict OtherId(in Fingerprints prints)
        {
            // Re-keyed: the id changed and nothing else; memory follows.
            if (_comparable && prints.Link != 0 && WithWords(_byLink, prints.Link, prints) is >= 0 and var row)
                return Match(row, Verdict.Known);
            return Verdict.New;
        }

        private Verdict NoId(in Fingerprints prints)
        {
            if (!_comparable)
                return Verdict.Known;
            if (prints.Link == 0)
                return WithWords(_byWords, prints.Words, prints) is >= 0 and var told ? Match(told, Verdict.Known) : Verdict.New;
            if (WithWords(_byLink, prints.Link, prints) is >= 0 and var same)
                return Match(same, Verdict.Known);

            // A link that several entries share (the home page) identifies none of them.
            if (_byLink.Only(prints.Link) is >= 0 and var row && !_matched[row])
            {
                var before = _rows[row].Prints;
                if ((prints.Title != 0 && before.Title == prints.Title) || (prints.Text != 0 && before.Text == prints.Text))
                    return Match(row, Verdict.Edited);
            }

            return Verdict.New;
        }

        /// <summary>Of the rows with this id: one with the same words, else one with the same link, else the first; -1 for none.</summary>
        private int Best(Chain chain, ulong key, in Fingerprints prints)
        {
            var best = -1;
            var rank = -1;
            for (var i = chain.First(key); i >= 0; i = chain.Next(i))
            {
                var now = _rows[i].Prints.SameWords(prints) ? 2 : _rows[i].Link == prints.Link ? 1 : 0;
                if (now > rank)
                    (best, rank) = (i, now);
            }

            return best;
        }

        private int WithWords(Chain chain, ulong key, in Fingerprints prints)
        {
            for (var i = chain.First(key); i >= 0; i = chain.Next(i))
            {
                if (_rows[i].Prints.SameWords(prints))
                    return i;
            }

            return -1;
        }

        private Verdict Match(int row, Verdict verdict)
        {
            _matched[row] = true;
            return verdict;
        }
    }

    /// <summary>Rows by one fingerprint, equal ones linked; the fingerprint 0 (none) finds nothing.</summary>
    private sealed class Chain
    {
        private readonly Dictionary<ulong, int> _first;
        private readonly int[] _next;

        public Chain(SeenEntry[] rows, Func<SeenEntry, ulong> key)
        {
            _first = new Dictionary<ulong, int>(rows.Length);
            _next = new int[rows.Length];
            for (var i = rows.Length - 1; i >= 0; i--)
            {
                var print = key(rows[i]);
                _next[i] = _first.GetValueOrDefault(print, -1);
                if (print != 0)
                    _first[print] = i;
            }
        }

        public int First(ulong key) => _first.GetValueOrDefault(key, -1);

        public int Next(int row) => _next[row];

        public int Only(ulong key) => First(key) is >= 0 and var row && _next[row] < 0 ? row : -1;
    }
}

/// <summary>An entry with the fingerprints it is remembered by.</summary>
internal sealed record DiffEntry(ParsedEntry Entry, Fingerprints Prints);

/// <summary>What a poll found.</summary>
/// <param name="Baseline">The first poll: everything is known from now on.</param>
/// <param name="New">Oldest first.</param>
/// <param name="Edited">Known entries whose words changed.</param>
/// <param name="Memory">The feed's memory from now on, packed.</param>
internal sealed record Diff(bool Baseline, IReadOnlyList<DiffEntry> New, IReadOnlyList<DiffEntry> Edited, byte[] Memory);
