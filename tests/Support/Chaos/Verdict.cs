using System.Globalization;

namespace Notifier.Tests.Support.Chaos;

/// <summary>A chat of the trial, and what it follows.</summary>
/// <param name="Platform">Forums stand for themselves.</param>
/// <param name="Chat">Its id on its platform.</param>
/// <param name="MayRepeat">The platform knows no way to recognize a message that is sent again, so that one whose answer was lost may come twice.</param>
internal sealed record Place(string Name, string Platform, string Chat, bool MayRepeat, IReadOnlyList<string> Feeds);

/// <summary>What a chat was told: its messages, oldest first.</summary>
internal sealed record Ledger(Place Place, IReadOnlyList<Telling> Messages);

/// <summary>A message, by the entries that it names, in order.</summary>
/// <param name="IsCut">A kill may have cut it off, as happens in the Terminal.</param>
internal sealed record Telling(IReadOnlyList<EntryName> Entries, bool IsCut = false);

/// <summary>A message that may have come more than once, since an answer to it was lost.</summary>
/// <param name="Recorded">How many lost answers the program's database knows of.</param>
/// <param name="Kills">How many kills found it in <c>sending</c>.</param>
/// <param name="Faults">How many answers to it an injected fault took after it was stored.</param>
internal sealed record Doubtful(string Chat, IReadOnlyList<EntryName> Entries, int Recorded, int Kills, int Faults);

/// <summary>A message that came again.</summary>
/// <param name="ByFault">So many copies are due to answers that a fault took.</param>
/// <param name="ByKill">The other copies.</param>
/// <param name="Objection">Why that must not be; null where it may.</param>
internal sealed record Repeat(IReadOnlyList<EntryName> Entries, int ByFault, int ByKill, string? Objection);

/// <summary>How one feed reached one chat.</summary>
internal sealed record Lane(Place Place, string Feed, IReadOnlyList<EntryName> Lost, IReadOnlyList<Repeat> Repeats, IReadOnlyList<EntryName> Inversions, IReadOnlyList<EntryName> Invented)
{
    /// <param name="published">How many entries the feed has had.</param>
    public static Lane Judge(Ledger ledger, string feed, int published, IReadOnlyList<Doubtful> doubtful)
    {
        var (told, last) = (new HashSet<EntryName>(), 0);
        var (inversions, repeats) = (new List<EntryName>(), new List<IReadOnlyList<EntryName>>());
        var before = new Telling([]);
        foreach (var message in ledger.Messages.Select(message => message with { Entries = [.. message.Entries.Where(entry => entry.Feed == feed)] }).Where(message => message.Entries.Count > 0))
        {
            // A message that comes again comes right after itself, for the next one waits for it.
            var isAgain = IsSame(before, message);
            var again = message.Entries.Where(entry => told.Contains(entry)).ToList();
            foreach (var entry in message.Entries)
            {
                if (told.Add(entry) ? entry.Number < last : !isAgain)
                    inversions.Add(entry);
                last = Math.Max(last, entry.Number);
            }

            if (again.Count > 0)
                repeats.Add(again);
            before = message;
        }

        var all = Enumerable.Range(1, published).Select(number => new EntryName(feed, number)).ToList();
        return new Lane(
            ledger.Place,
            feed,
            [.. all.Where(entry => !told.Contains(entry))],
            [.. repeats.GroupBy(entries => Array.FindIndex([.. doubtful], doubt => doubt.Chat == ledger.Place.Chat && entries.All(doubt.Entries.Contains)))
                .SelectMany(group => group.Key < 0 ? group.Select(entries => Explain(ledger.Place, entries, 1, null)) : [Explain(ledger.Place, group.First(), group.Count(), doubtful[group.Key])])],
            inversions,
            [.. told.Where(entry => entry.Number < 1 || entry.Number > published)]);
    }

    /// <summary>Whether two messages are one, as far as a kill left them.</summary>
    private static bool IsSame(Telling one, Telling other)
    {
        var shorter = one.Entries.Count < other.Entries.Count ? one : other;
        return (one.Entries.Count == other.Entries.Count || shorter.IsCut) && shorter.Entries.Count > 0 && one.Entries.Take(shorter.Entries.Count).SequenceEqual(other.Entries.Take(shorter.Entries.Count));
    }

    private static Repeat Explain(Place place, IReadOnlyList<EntryName> entries, int copies, Doubtful? doubt)
    {
        var byFault = Math.Min(copies, doubt?.Faults ?? 0);
        var (byKill, kills, recorded) = (copies - byFault, doubt?.Kills ?? 0, doubt?.Recorded ?? 0);
        var objection = !place.MayRepeat ? string.Create(CultureInfo.InvariantCulture, $"nothing may come twice there ({kills} kills found it in sending, {doubt?.Faults ?? 0} answers were taken, {recorded} are recorded as lost)")
            : byKill > kills ? string.Create(CultureInfo.InvariantCulture, $"{copies} copies too many, but {kills} kills found it in sending and {byFault} answers were taken by faults")
            : copies > recorded ? string.Create(CultureInfo.InvariantCulture, $"{copies} copies too many, but the database records {recorded} lost answers")
            : null;
        return new Repeat(entries, byFault, byKill, objection);
    }
}

/// <summary>What was published beside what every chat was told.</summary>
internal sealed record Verdict(IReadOnlyList<Lane> Lanes, int Kills)
{
    /// <summary>Copies that kills may cost for each of them, on the platforms where a message cannot be recognized.</summary>
    private const double MostPerKill = 0.5;

    /// <summary>Of fewer kills the share says nothing.</summary>
    private const int EnoughKills = 100;

    /// <param name="published">How many entries each feed has had.</param>
    public static Verdict Of(IReadOnlyDictionary<string, int> published, IReadOnlyList<Ledger> ledgers, IReadOnlyList<Doubtful> doubtful, int kills) =>
        new([.. ledgers.SelectMany(ledger => ledger.Place.Feeds.Select(feed => Lane.Judge(ledger, feed, published[feed], doubtful)))], kills);

    public int Lost => Lanes.Sum(lane => lane.Lost.Count);

    public int Inversions => Lanes.Sum(lane => lane.Inversions.Count);

    /// <summary>How many copies too many came to some places.</summary>
    public (int ByKill, int ByFault) Copies(Func<Place, bool> where)
    {
        var repeats = Lanes.Where(lane => where(lane.Place)).SelectMany(lane => lane.Repeats).ToList();
        return (repeats.Sum(repeat => repeat.ByKill), repeats.Sum(repeat => repeat.ByFault));
    }

    /// <summary>The demands that were not met, one a line; empty where all is well.</summary>
    /// <param name="fate">What the database says of an entry that a chat was not told.</param>
    public IReadOnlyList<string> Broken(Func<Place, EntryName, string>? fate = null)
    {
        var broken = new List<string>();
        foreach (var lane in Lanes)
        {
            broken.AddRange(lane.Lost.Select(entry => $"lost: {lane.Place.Name} was never told {entry}{(fate is null ? "" : $" ({fate(lane.Place, entry)})")}"));
            broken.AddRange(lane.Repeats.Where(repeat => repeat.Objection is not null).Select(repeat => $"twice: {lane.Place.Name} was told {string.Join(", ", repeat.Entries)} again: {repeat.Objection}"));
            broken.AddRange(lane.Inversions.Select(entry => $"order: {lane.Place.Name} was told {entry} too late, or again long after it"));
            broken.AddRange(lane.Invented.Select(entry => $"invented: {lane.Place.Name} was told {entry}, which was not published"));
        }

        var byKill = Copies(place => place.MayRepeat).ByKill;
        if (Kills >= EnoughKills && byKill > MostPerKill * Kills)
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"too many: {byKill} messages came twice through {Kills} kills, more than {MostPerKill} a kill"));
        return broken;
    }
}
