namespace Notifier.Stories;

/// <summary>What a poll's prints lead to: the entries that have begun open stories, and whoever else links to the same pages.</summary>
internal sealed class StoryLeads
{
    /// <summary>Entries that one print leads to. More are never compared: what so many have in common is no story.</summary>
    private const int MostByPrint = 8;

    private readonly Dictionary<long, List<long>> _begun = [];
    private readonly Dictionary<long, List<(long Entry, long Feed)>> _linked = [];

    /// <summary>Entries that have begun a story.</summary>
    public IEnumerable<long> Begun => _begun.Values.SelectMany(entries => entries).Distinct();

    public IEnumerable<long> BegunAt(long print) => _begun.GetValueOrDefault(print, []);

    public void AddLinked(long print, long entry, long feed)
    {
        if (!_linked.TryGetValue(print, out var all))
            _linked.Add(print, all = []);
        all.Add((entry, feed));
    }

    /// <summary>False where so many have it in common that it leads to no more.</summary>
    public bool AddBegun(long print, long entry)
    {
        if (!_begun.TryGetValue(print, out var entries))
            _begun.Add(print, entries = []);
        if (entries.Count >= MostByPrint)
            return false;
        entries.Add(entry);
        return true;
    }

    public StoryTie Tie(Told one, Told other)
    {
        if (one.Feed == other.Feed)
            return StoryTie.OneFeed;
        return one.Link != 0 && one.Link == other.Link && IsAlone(one) && IsAlone(other) ? StoryTie.TwoFeedsOneLink : StoryTie.TwoFeeds;
    }

    /// <summary>A page that other entries of a feed link to as well is a home page, or one for all changes: it says nothing of a story.</summary>
    private bool IsAlone(Told told) =>
        _linked.TryGetValue((long)told.Link, out var all) && all.FindAll(linked => linked.Feed == told.Feed) is [var only] && only.Entry == told.Entry;
}
