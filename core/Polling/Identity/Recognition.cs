using System.Runtime.InteropServices;

namespace Notifier.Polling.Identity;

/// <summary>
/// Recognises a document's entries in the feed's memory. What is the same is found first, so that it cannot be mistaken for the former
/// form of something else; then what changed, where one fingerprint points to one remembered entry alone. What several entries share
/// (an id, the home page as link, “Update” as title) identifies none of them.
/// </summary>
internal sealed class Recognition
{
    private const int None = -1;

    private readonly IReadOnlyList<DiffEntry> _listed;
    private readonly SeenEntry[] _rows;
    private readonly bool _comparable;
    private readonly bool[] _matched;
    private readonly Verdict[] _verdicts;
    private readonly Index _seen;
    private readonly Index _open;

    public Recognition(SeenEntries memory, IReadOnlyList<DiffEntry> listed, Dating dating)
    {
        _listed = listed;
        _rows = memory.All.ToArray();
        _comparable = memory.Comparable;
        _matched = new bool[_rows.Length];
        _verdicts = new Verdict[listed.Count];
        _seen = new Index([.. _rows.Select((row, place) => (row.Prints, place))]);

        for (var i = 0; i < listed.Count; i++)
            _verdicts[i] = _comparable ? Same(listed[i].Prints) : UnderOtherRules(listed[i].Prints);

        _open = new Index([.. listed.Select((entry, place) => (entry.Prints, place)).Where(entry => _verdicts[entry.place] == Verdict.Unknown)]);

        for (var i = 0; i < listed.Count; i++)
        {
            if (_verdicts[i] == Verdict.Unknown)
                _verdicts[i] = _comparable ? Changed(listed[i], dating) : Verdict.New;
        }

        if (_comparable)
            Repair(dating);
        else
            BelieveWords();
    }

    public enum Verdict
    {
        Unknown,
        Known,
        Edited,
        New,
    }

    /// <summary>What the entry at this place of the document is.</summary>
    public Verdict this[int listed] => _verdicts[listed];

    /// <summary>The remembered entries that the document does not list.</summary>
    public IEnumerable<SeenEntry> Unlisted()
    {
        for (var row = 0; row < _rows.Length; row++)
        {
            if (_matched[row])
                continue;

            // Of prints under other rules only the id still means something.
            if (_comparable)
                yield return _rows[row];
            else if (_rows[row].Id != 0)
                yield return _rows[row] with { Link = 0, Title = 0, Text = 0 };
        }
    }

    private Verdict Same(in Fingerprints prints)
    {
        if (prints.Id != 0)
            return Match(_seen.Any(By.IdAndWords, prints), Verdict.Known);
        return Match(prints.Link != 0 ? _seen.Any(By.LinkAndWords, prints) : _seen.Any(By.Words, prints), Verdict.Known);
    }

    private Verdict UnderOtherRules(in Fingerprints prints) => Match(_seen.Any(prints.Id == 0 ? By.Words : By.Id, prints), Verdict.Known);

    /// <summary>Without an id only the words are left. Where those of no entry are known, the rules of words have changed as well: then all count as known, or an upgrade would say them again.</summary>
    private void BelieveWords()
    {
        var without = Enumerable.Range(0, _verdicts.Length).Where(i => _listed[i].Prints.Id == 0).ToList();
        if (without.TrueForAll(i => _verdicts[i] == Verdict.New))
            without.ForEach(i => _verdicts[i] = Verdict.Known);
    }

    private Verdict Changed(DiffEntry entry, Dating dating)
    {
        var prints = entry.Prints;
        if (prints.Id == 0)
        {
            // Without an id the link leads, and the title or the text must confirm it.
            var row = Only(By.Link, prints);
            return row != None && (Agree(_rows[row].Title, prints.Title) || Agree(_rows[row].Text, prints.Text)) ? Match(row, Verdict.Edited) : Verdict.New;
        }

        if (_seen.Count(By.Id, prints) > 0)
        {
            foreach (var by in (ReadOnlySpan<By>)[By.IdAndLink, By.IdAndTitle, By.IdAndText])
            {
                if (Only(by, prints) is var row and not None)
                    return Match(row, Verdict.Edited);
            }

            // Neither has a link or a title by which to tell that it is something else.
            if (Only(By.Id, prints) is var alone and not None && Lacking(_rows[alone].Link, prints.Link) && Lacking(_rows[alone].Title, prints.Title))
                return Match(alone, Verdict.Edited);

            // The publisher reused the id for something else altogether: both stay in memory.
            return Verdict.New;
        }

        // Re-keyed: the id changed and nothing else; memory follows. But the same words once more, published since, are news: a warning, a column.
        var former = Only(prints.Link != 0 ? By.LinkAndWords : By.Words, prints);
        return former != None && (prints.Link != 0 || _rows[former].Link == 0) && !dating.Follows(entry) ? Match(former, Verdict.Known) : Verdict.New;
    }

    /// <summary>
    /// When most of a known feed looks new at once, and one fingerprint of most of that is known, then the publisher has changed the others of the whole feed: its ids, its
    /// host, its titles or its texts. Equal words are proof enough for what does not say that it was published since; a single fingerprint only for what is dated no later than what was listed before.
    /// </summary>
    private void Repair(Dating dating)
    {
        foreach (var by in (ReadOnlySpan<By>)[By.Words, By.Id, By.Link, By.Text, By.Title])
        {
            var fresh = Enumerable.Range(0, _verdicts.Length).Where(i => _verdicts[i] == Verdict.New).ToList();
            if (fresh.Count < 2 || fresh.Count * 2 <= _verdicts.Length)
                return;
            var told = fresh.FindAll(i => Only(by, _listed[i].Prints) != None && (by == By.Words ? !dating.Follows(_listed[i]) : dating.Precedes(_listed[i])));
            if (told.Count < 2 || told.Count * 2 <= fresh.Count)
                continue;
            foreach (var i in told)
                _verdicts[i] = Match(Only(by, _listed[i].Prints), Verdict.Known);
        }
    }

    /// <summary>The one remembered entry with this fingerprint, not recognised yet; none if another, remembered or listed, has the same.</summary>
    private int Only(By by, in Fingerprints prints) =>
        _seen.Count(by, prints) == 1 && _open.Count(by, prints) == 1 && _seen.Any(by, prints) is var row && !_matched[row] ? row : None;

    private Verdict Match(int row, Verdict verdict)
    {
        if (row == None)
            return Verdict.Unknown;
        _matched[row] = true;
        return verdict;
    }

    private static bool Agree(uint a, uint b) => a != 0 && a == b;

    private static bool Lacking(ulong a, ulong b) => a == 0 || b == 0;

    private enum By
    {
        Id,
        Link,
        Title,
        Text,
        Words,
        IdAndWords,
        IdAndLink,
        IdAndTitle,
        IdAndText,
        LinkAndWords,
    }

    /// <summary>Entries by their fingerprints: one of those that have it, and how many there are. Each is made when it is first asked for.</summary>
    private sealed class Index(IReadOnlyList<(Fingerprints Prints, int Place)> entries)
    {
        private readonly Dictionary<(ulong, ulong), (int First, int Count)>?[] _made = new Dictionary<(ulong, ulong), (int, int)>?[Enum.GetValues<By>().Length];

        public int Any(By by, in Fingerprints prints) => Find(by, prints) is { Count: > 0 } found ? found.First : None;

        public int Count(By by, in Fingerprints prints) => Find(by, prints).Count;

        private (int First, int Count) Find(By by, in Fingerprints prints) =>
            Key(by, prints) is { } key && (_made[(int)by] ??= Make(by)).TryGetValue(key, out var found) ? found : default;

        private Dictionary<(ulong, ulong), (int First, int Count)> Make(By by)
        {
            var made = new Dictionary<(ulong, ulong), (int First, int Count)>(entries.Count);
            foreach (var (prints, place) in entries)
            {
                if (Key(by, prints) is not { } key)
                    continue;
                ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(made, key, out var known);
                found = known ? (found.First, found.Count + 1) : (place, 1);
            }

            return made;
        }

        /// <summary>Null where the entry lacks what it would be found by.</summary>
        private static (ulong, ulong)? Key(By by, in Fingerprints prints) => by switch
        {
            By.Id => Of(prints.Id, 1),
            By.Link => Of(prints.Link, 1),
            By.Title => Of(prints.Title, 1),
            By.Text => Of(prints.Text, 1),
            By.Words => Of(prints.Words, 1),
            By.IdAndWords => prints.Id == 0 ? null : (prints.Id, prints.Words),
            By.IdAndLink => Of(prints.Id, prints.Link),
            By.IdAndTitle => Of(prints.Id, prints.Title),
            By.IdAndText => Of(prints.Id, prints.Text),
            By.LinkAndWords => prints.Link == 0 ? null : (prints.Link, prints.Words),
            _ => throw new InvalidOperationException($"No such fingerprint: {by}"),
        };

        private static (ulong, ulong)? Of(ulong first, ulong second) => first == 0 || second == 0 ? null : (first, second);
    }
}
