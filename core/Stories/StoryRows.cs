using System.Text.Json;
using Notifier.Model;

namespace Notifier.Stories;

/// <summary>
/// Finds of new entries the earlier ones whose story they tell again, inside the writer's transaction: a fixed number of statements a poll, however many entries it
/// brings.
/// </summary>
/// <param name="linkPrint">An entry's canonical link as a hash.</param>
internal sealed class StoryRows(Statements statements, Func<string?, ulong> linkPrint)
{
    /// <summary>Stored entries that the news of one poll are compared with at most: nobody else can write meanwhile.</summary>
    private const int MostByPoll = 1000;

    /// <summary>Words of stored entries that are held for one poll: 16 MiB.</summary>
    private const int MostWordsByPoll = 1024 * 1024;

    /// <summary>Lets entries that were stored just now join the stories they tell; those that begin one can be found from now on.</summary>
    /// <param name="shared">Links, as hashes, that several entries of the feed have: such a page says nothing of a story.</param>
    public void Join(IReadOnlyList<Entry> added, IReadOnlySet<ulong> shared, DateTimeOffset now)
    {
        if (added.Count == 0)
            return;
        var tellings = added.Select(entry => new Told(entry.Id, entry.FeedId, LinkOf(entry.Link) is var link && shared.Contains(link) ? 0 : link, entry.Date, entry.FirstSeen, Telling.Of(entry.Title, TextOf(entry.Content, entry.Summary)))).ToList();
        var prints = tellings.ConvertAll(told => StoryPrints.Of(told.Telling, told.Link));
        var leads = Find(prints.SelectMany(print => print), now);
        var known = Read(leads.Begun.Take(MostByPoll).ToHashSet());
        var (joined, fresh) = (new List<(long Entry, long Story)>(), new List<(long Print, long Entry)>());
        foreach (var told in tellings.Where(told => told.Link != 0))
        {
            // Also of those that will join a story, so that it is known later on that the page is theirs.
            leads.AddLinked((long)told.Link, told.Entry, told.Feed);
            fresh.Add(((long)told.Link, told.Entry));
        }

        for (var i = 0; i < tellings.Count; i++)
        {
            var told = tellings[i];
            var candidates = prints[i].SelectMany(leads.BegunAt).Distinct().Order().Select(id => known.GetValueOrDefault(id)).OfType<Told>();
            if (candidates.FirstOrDefault(other => IsOne(other, told, leads)) is { } first)
            {
                joined.Add((told.Entry, first.Entry));
                continue;
            }

            known[told.Entry] = told;
            foreach (var print in prints[i].Distinct())
            {
                if (leads.AddBegun(print, told.Entry) && print != (long)told.Link)
                    fresh.Add((print, told.Entry));
            }
        }

        if (joined.Count > 0)
            statements.Execute("UPDATE Entries SET StoryId=j.value->>1 FROM json_each($joined) j WHERE Entries.Id=j.value->>0", ("$joined", Json(joined)));
        if (fresh.Count > 0)
        {
            statements.Execute(
                "INSERT OR IGNORE INTO StoryPrints (Print, EntryId, FirstSeen) SELECT value->>0, value->>1, $now FROM json_each($prints)",
                ("$prints", Json(fresh)),
                ("$now", now.UtcTicks));
        }
    }

    /// <summary>Entries that were edited may tell another story now: those that joined, and those that joined them, go apart again where they are not one any more.</summary>
    public void Reconsider(IReadOnlyList<long> edited)
    {
        if (edited.Count == 0)
            return;
        var pairs = statements.Query(
            """
            SELECT e.Id, e.StoryId FROM Entries e WHERE e.StoryId IS NOT NULL AND e.Id IN (SELECT value FROM json_each($edited))
            UNION
            SELECT e.Id, e.StoryId FROM Entries e WHERE e.StoryId IN (SELECT value FROM json_each($edited))
            """,
            reader => (Entry: reader.GetInt64(0), Story: reader.GetInt64(1)),
            ("$edited", JsonSerializer.Serialize(edited)));
        if (pairs.Count == 0)
            return;
        var told = Read([.. pairs.Select(pair => pair.Entry), .. pairs.Select(pair => pair.Story)]);
        var leads = Find(told.Values.Select(one => (long)one.Link).Where(link => link != 0), DateTimeOffset.MinValue + StoryPrint.Open);
        var apart = pairs.FindAll(pair => !told.TryGetValue(pair.Story, out var first) || !told.TryGetValue(pair.Entry, out var joined) || !IsOne(first, joined, leads));
        if (apart.Count > 0)
            statements.Execute("UPDATE Entries SET StoryId=NULL WHERE Id IN (SELECT value FROM json_each($apart))", ("$apart", JsonSerializer.Serialize(apart.Select(pair => pair.Entry))));
    }

    private static bool IsOne(Told first, Told other, StoryLeads leads) => StoryMatch.IsOne(first.Telling, other.Telling, leads.Tie(first, other), first.ApartFrom(other));

    /// <summary>What each print leads to. What was edited since may have been told with other words: it begins no more stories.</summary>
    private StoryLeads Find(IEnumerable<long> prints, DateTimeOffset now)
    {
        var leads = new StoryLeads();
        var found = statements.Query(
            """
            SELECT s.Print, s.EntryId, e.FeedId, e.EditedAt IS NULL AND e.StoryId IS NULL FROM StoryPrints s JOIN Entries e ON e.Id=s.EntryId
            WHERE s.Print IN (SELECT value FROM json_each($prints)) AND s.FirstSeen>=$open
            """,
            reader => (Print: reader.GetInt64(0), Entry: reader.GetInt64(1), Feed: reader.GetInt64(2), Begins: reader.GetBoolean(3)),
            ("$prints", JsonSerializer.Serialize(prints.Distinct())),
            ("$open", (now - StoryPrint.Open).UtcTicks));
        foreach (var lead in found)
        {
            leads.AddLinked(lead.Print, lead.Entry, lead.Feed);
            if (lead.Begins)
                leads.AddBegun(lead.Print, lead.Entry);
        }

        return leads;
    }

    private Dictionary<long, Told> Read(HashSet<long> ids)
    {
        var known = new Dictionary<long, Told>(ids.Count);
        if (ids.Count == 0)
            return known;
        using var command = statements.Connection.Command(
            """
            SELECT Id, FeedId, Link, substr(Title, 1, $title), substr(COALESCE(NULLIF(Content, ''), Summary), 1, $html), COALESCE(Published, Updated), FirstSeen FROM Entries
            WHERE Id IN (SELECT value FROM json_each($ids))
            """,
            ("$ids", JsonSerializer.Serialize(ids)),
            ("$title", Telling.MostTitle + 1),
            ("$html", Telling.MostHtml + 1));
        using var reader = command.ExecuteReader();
        for (var words = 0; words < MostWordsByPoll && reader.Read();)
        {
            var telling = Telling.Of(reader.Text(3), reader.Text(4));
            words += telling.Title.Length + telling.Text.Length;
            known.Add(reader.GetInt64(0), new Told(reader.GetInt64(0), reader.GetInt64(1), LinkOf(reader.Text(2)), reader.IsDBNull(5) ? null : reader.Time(5), reader.Time(6), telling));
        }

        return known;
    }

    private static string? TextOf(string? content, string? summary) => string.IsNullOrEmpty(content) ? summary : content;

    /// <summary>A home page says nothing of the entry.</summary>
    private ulong LinkOf(string? link) =>
        !Uri.TryCreate(link, UriKind.Absolute, out var uri) || (uri.AbsolutePath.Length <= 1 && uri.Query.Length <= 1) ? 0 : linkPrint(link);

    private static string Json(List<(long, long)> pairs) => JsonSerializer.Serialize(pairs.ConvertAll(pair => new[] { pair.Item1, pair.Item2 }));
}
