using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Model;

namespace Notifier.Stories;

/// <summary>
/// Finds of new entries the earlier ones whose story they tell again, inside the writer's transaction: a fixed number of statements a poll, however many entries it
/// brings. The two that each poll with news needs are prepared once for a batch.
/// </summary>
/// <param name="linkPrint">An entry's canonical link as a hash.</param>
internal sealed class StoryRows(SqliteConnection connection, Func<string?, ulong> linkPrint) : IDisposable
{
    /// <summary>Entries that one print leads to. More are never compared: what so many have in common is no story.</summary>
    private const int MostByPrint = 8;

    /// <summary>Stored entries that the news of one poll are compared with at most: nobody else can write meanwhile.</summary>
    private const int MostByPoll = 1000;

    /// <summary>Words of stored entries that are held for one poll: 16 MiB.</summary>
    private const int MostWordsByPoll = 1024 * 1024;

    private readonly SqliteCommand _find = connection.Command(
        """
        SELECT s.Print, s.EntryId FROM StoryPrints s JOIN Entries e ON e.Id=s.EntryId
        WHERE s.Print IN (SELECT value FROM json_each($prints)) AND s.FirstSeen>=$open AND e.EditedAt IS NULL
        """,
        ("$prints", null),
        ("$open", null));

    private readonly SqliteCommand _keep = connection.Command(
        "INSERT OR IGNORE INTO StoryPrints (Print, EntryId, FirstSeen) SELECT value->>0, value->>1, $now FROM json_each($prints)",
        ("$prints", null),
        ("$now", null));

    public void Dispose()
    {
        _find.Dispose();
        _keep.Dispose();
    }

    /// <summary>Lets entries that were stored just now join the stories they tell; those that begin one can be found from now on.</summary>
    /// <param name="shared">Links, as hashes, that several entries of the feed have: such a page says nothing of a story.</param>
    public void Join(IReadOnlyList<Entry> added, IReadOnlySet<ulong> shared, DateTimeOffset now)
    {
        if (added.Count == 0)
            return;
        var tellings = added.Select(entry => new Told(entry.Id, entry.FeedId, LinkOf(entry.Link) is var link && shared.Contains(link) ? 0 : link, entry.Published ?? entry.Updated, entry.FirstSeen, Telling.Of(entry.Title, TextOf(entry.Content, entry.Summary)))).ToList();
        var prints = tellings.ConvertAll(told => StoryPrints.Of(told.Telling, told.Link));
        var found = Candidates(prints, now);
        var known = Read(found.Values.SelectMany(ids => ids).Distinct().Take(MostByPoll).ToHashSet());
        var (joined, fresh) = (new List<(long Entry, long Story)>(), new List<(long Print, long Entry)>());
        for (var i = 0; i < tellings.Count; i++)
        {
            var told = tellings[i];
            var candidates = prints[i].SelectMany(print => found.GetValueOrDefault(print, [])).Distinct().Order().Select(id => known.GetValueOrDefault(id)).OfType<Told>().ToList();
            if (candidates.Find(other => StoryMatch.IsOne(other.Telling, told.Telling, Tie(other, told), Apart(told, other))) is { } first)
            {
                joined.Add((told.Entry, first.Entry));
                continue;
            }

            known[told.Entry] = told;
            foreach (var print in prints[i].Distinct())
            {
                if (!found.TryGetValue(print, out var ids))
                    found.Add(print, ids = []);
                if (ids.Count >= MostByPrint)
                    continue;
                ids.Add(told.Entry);
                fresh.Add((print, told.Entry));
            }
        }

        if (joined.Count > 0)
            connection.Execute("UPDATE Entries SET StoryId=j.value->>1 FROM json_each($joined) j WHERE Entries.Id=j.value->>0", ("$joined", Json(joined)));
        if (fresh.Count > 0)
        {
            (_keep.Parameters[0].Value, _keep.Parameters[1].Value) = (Json(fresh), now.UtcTicks);
            _keep.ExecuteNonQuery();
        }

        // A page that more than these two entries of a feed link to is a home page, or one for all changes: it says nothing of a story.
        StoryTie Tie(Told one, Told other)
        {
            if (one.Feed == other.Feed)
                return StoryTie.OneFeed;
            return one.Link != 0 && one.Link == other.Link && IsAlone(one) && IsAlone(other) ? StoryTie.TwoFeedsOneLink : StoryTie.TwoFeeds;
        }

        bool IsAlone(Told told) =>
            !tellings.Exists(other => other.Entry != told.Entry && other.Feed == told.Feed && other.Link == told.Link)
            && !found.GetValueOrDefault((long)told.Link, []).Exists(id => id != told.Entry && known.TryGetValue(id, out var other) && other.Feed == told.Feed);
    }

    /// <summary>Entries that were edited may tell another story now: those that joined, and those that joined them, go apart again where they are not one any more.</summary>
    public void Reconsider(IReadOnlyList<long> edited)
    {
        if (edited.Count == 0)
            return;
        var pairs = connection.Query(
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
        var apart = pairs.FindAll(pair => !told.TryGetValue(pair.Story, out var first) || !told.TryGetValue(pair.Entry, out var joined) || !StoryMatch.IsOne(
            first.Telling,
            joined.Telling,
            first.Feed == joined.Feed ? StoryTie.OneFeed : first.Link != 0 && first.Link == joined.Link ? StoryTie.TwoFeedsOneLink : StoryTie.TwoFeeds,
            Apart(joined, first)));
        if (apart.Count > 0)
            connection.Execute("UPDATE Entries SET StoryId=NULL WHERE Id IN (SELECT value FROM json_each($apart))", ("$apart", JsonSerializer.Serialize(apart.Select(pair => pair.Entry))));
    }

    /// <summary>The open stories that each print leads to. What was edited since may have been told with other words: it begins no more stories.</summary>
    private Dictionary<long, List<long>> Candidates(List<IReadOnlyList<long>> prints, DateTimeOffset now)
    {
        var found = new Dictionary<long, List<long>>();
        (_find.Parameters[0].Value, _find.Parameters[1].Value) = (JsonSerializer.Serialize(prints.SelectMany(print => print).Distinct()), (now - StoryPrint.Open).UtcTicks);
        using var reader = _find.ExecuteReader();
        while (reader.Read())
        {
            if (!found.TryGetValue(reader.GetInt64(0), out var ids))
                found.Add(reader.GetInt64(0), ids = []);
            ids.Add(reader.GetInt64(1));
        }

        return found;
    }

    private Dictionary<long, Told> Read(HashSet<long> ids)
    {
        var known = new Dictionary<long, Told>(ids.Count);
        if (ids.Count == 0)
            return known;
        using var command = connection.Command(
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

    /// <summary>The time between two entries, by their own dates or by when they were seen: whichever is longer, since there are publishers who give all of them one date.</summary>
    private static TimeSpan Apart(Told one, Told other)
    {
        var seen = (one.Seen - other.Seen).Duration();
        var dates = one.Date is { } date && other.Date is { } otherDate ? (date - otherDate).Duration() : TimeSpan.Zero;
        return seen > dates ? seen : dates;
    }

    /// <summary>A home page says nothing of the entry.</summary>
    private ulong LinkOf(string? link) =>
        !Uri.TryCreate(link, UriKind.Absolute, out var uri) || (uri.AbsolutePath.Length <= 1 && uri.Query.Length <= 1) ? 0 : linkPrint(link);

    private static string Json(List<(long, long)> pairs) => JsonSerializer.Serialize(pairs.ConvertAll(pair => new[] { pair.Item1, pair.Item2 }));

    /// <summary>An entry as it was told.</summary>
    private sealed record Told(long Entry, long Feed, ulong Link, DateTimeOffset? Date, DateTimeOffset Seen, Telling Telling);
}
