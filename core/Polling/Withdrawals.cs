using Microsoft.Data.Sqlite;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Polling.Identity;

namespace Notifier.Polling;

/// <summary>
/// Tells which entries their publisher has withdrawn soon after they were told: they are listed no more although an older one is. What merely fell out of a
/// document's window was its oldest. In doubt nothing is withdrawn.
/// </summary>
internal static class Withdrawals
{
    /// <summary>A publisher who takes an entry back to put it in again gets so long for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Marks, or unmarks, the messages of subscriptions that ask for it, inside the writer's transaction and after the poll's entries were saved; returns how many.</summary>
    public static int Note(SqliteConnection connection, PollOutcome.Changed poll)
    {
        var told = Told(connection, poll.Feed.Id, poll.At);
        if (told.Count == 0)
            return 0;
        var listed = EntryDiff.Listed(poll.Document.Entries);
        var all = new Listed(listed);
        var changes = 0;
        List<ListedDate>? dates = null;
        foreach (var message in told)
        {
            if (all.Has(message))
            {
                if (message.IsDue)
                    changes += connection.Execute("UPDATE Sendings SET DeleteDue=NULL WHERE Id=$id", ("$id", message.Sending));
            }
            else if (message is { IsDue: false, IsWanted: true } && IsWhole(poll) && (dates ??= Dates(connection, poll, listed)).Exists(other => other.IsBefore(message)))
            {
                changes += connection.Execute("UPDATE Sendings SET DeleteDue=$due WHERE Id=$id", ("$id", message.Sending), ("$due", (poll.At + Patience).UtcTicks));
            }
        }

        return changes;
    }

    /// <summary>The subscription's messages stay, also those that were about to be deleted; inside the writer's transaction.</summary>
    public static void Forget(NotifierDb db, long subscriptionId) => db.Connection().Execute(
        "UPDATE Sendings SET DeleteDue=NULL WHERE DeleteDue IS NOT NULL AND Id IN (SELECT SendingId FROM Deliveries WHERE SubscriptionId=$id)",
        ("$id", subscriptionId));

    /// <summary>The document may be believed in what it does not list.</summary>
    private static bool IsWhole(PollOutcome.Changed poll) => poll is { Document: { IsCut: false, Entries.Count: > 0 }, Diff: { Baseline: false, Gap: false, Held.Count: 0 } };

    /// <summary>The messages that were sent not long ago about one entry of the feed alone, for subscriptions that want what is withdrawn deleted.</summary>
    private static List<ToldEntry> Told(SqliteConnection connection, long feedId, DateTimeOffset at) => connection.Query(
        """
        SELECT m.Id, m.DeleteDue IS NOT NULL, w.EndedAt IS NULL, d.AskedFor, e.IdPrint, e.RawId, e.Link, e.Title, COALESCE(e.Content, e.Summary), COALESCE(e.Published, e.Updated), e.FirstSeen
        FROM Entries e CROSS JOIN Deliveries d ON d.EntryId=e.Id JOIN Subscriptions w ON w.Id=d.SubscriptionId JOIN Sendings m ON m.Id=d.SendingId
        WHERE e.FeedId=$feed AND d.State='Sent' AND d.EndedAt>=$recent AND w.DeletesWithdrawn AND m.MessageId IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM Deliveries o WHERE o.SendingId=m.Id AND o.Id<>d.Id)
        """,
        reader => new ToldEntry(
            reader.GetInt64(0),
            reader.GetBoolean(1),
            reader.GetBoolean(2),
            reader.GetBoolean(3),
            reader.GetInt64(4),
            Fingerprints.Of(new ParsedEntry { Id = reader.Text(5), Link = reader.Text(6), Title = reader.Text(7), Content = reader.Text(8) }),
            reader.IsDBNull(9) ? null : reader.Time(9),
            reader.Time(10)),
        ("$feed", feedId),
        ("$recent", (at - Sending.Changeable).UtcTicks));

    /// <summary>When what is listed was published, and when it was first seen; what has another id now is found by its link.</summary>
    private static List<ListedDate> Dates(SqliteConnection connection, PollOutcome.Changed poll, List<DiffEntry> listed)
    {
        var (byKey, byLink) = (new Dictionary<long, DateTimeOffset>(), new Dictionary<ulong, DateTimeOffset>());
        foreach (var (key, link, at) in connection.Query(
            "SELECT IdPrint, Link, FirstSeen FROM Entries WHERE FeedId=$feed ORDER BY Id",
            reader => (reader.GetInt64(0), Fingerprints.LinkPrint(reader.Text(1)), reader.Time(2)),
            ("$feed", poll.Feed.Id)))
            (byKey[key], byLink[link]) = (at, at);
        return listed.ConvertAll(entry => new ListedDate(entry.Entry.Date, byKey.TryGetValue(entry.Key, out var at) || byLink.TryGetValue(entry.Prints.Link, out at) ? at : null));
    }

    /// <param name="IsDue">It is to be deleted.</param>
    /// <param name="IsWanted">The subscription goes on.</param>
    /// <param name="AskedFor">It may have been there long before it was stored.</param>
    private sealed record ToldEntry(long Sending, bool IsDue, bool IsWanted, bool AskedFor, long Key, Fingerprints Prints, DateTimeOffset? Date, DateTimeOffset FirstSeen);

    /// <param name="FirstSeen">Null for what was never stored: it was there before every entry that a poll has found.</param>
    private sealed record ListedDate(DateTimeOffset? Date, DateTimeOffset? FirstSeen)
    {
        /// <summary>Surely older: by the dates, or where the message's entry has none by when they were first seen.</summary>
        public bool IsBefore(ToldEntry told) => told.Date is { } date
            ? Date < date
            : FirstSeen is { } seen ? seen < told.FirstSeen : !told.AskedFor;
    }

    /// <summary>What a document lists, by all that an entry may be known again by: a publisher may have changed its id, its link or its words.</summary>
    private sealed class Listed(List<DiffEntry> entries)
    {
        private readonly HashSet<long> _keys = [.. entries.Select(entry => entry.Key)];
        private readonly HashSet<ulong> _ids = [.. entries.Select(entry => entry.Prints.Id)];
        private readonly HashSet<ulong> _links = [.. entries.Select(entry => entry.Prints.Link)];
        private readonly HashSet<uint> _titles = [.. entries.Select(entry => entry.Prints.Title)];
        private readonly HashSet<uint> _texts = [.. entries.Select(entry => entry.Prints.Text)];

        public bool Has(ToldEntry told) => _keys.Contains(told.Key)
            || (told.Prints.Id != 0 && _ids.Contains(told.Prints.Id))
            || (told.Prints.Link != 0 && _links.Contains(told.Prints.Link))
            || (told.Prints.Title != 0 && _titles.Contains(told.Prints.Title))
            || (told.Prints.Text != 0 && _texts.Contains(told.Prints.Text));
    }
}
