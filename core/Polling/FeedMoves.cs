using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Model;

namespace Notifier.Polling;

/// <summary>What becomes of a feed's rows when it has another address, and of a chat's when it gets its entries by another feed; inside the writer's transaction.</summary>
internal static class FeedMoves
{
    private const string Told = "It is the same as one that this chat was told, or will be told, by the feed that is one with it now.";

    /// <summary>
    /// Gives the feed another address, with all that it remembers. Where a feed is known there already they become one: nothing is announced anew, and
    /// nothing that is owed is lost. A poll on its way is refused.
    /// </summary>
    /// <param name="document">What is at the new address.</param>
    /// <returns>The feed that is there now; null where one is known there and no document is given: then nothing has changed.</returns>
    public static long? Move(NotifierDb db, long feedId, Uri to, ParsedFeed? document, DateTimeOffset now)
    {
        var connection = db.Connection();
        var known = connection.Scalar<long?>(
            "SELECT k.Id FROM Feeds k JOIN Feeds f ON f.Credential=k.Credential WHERE f.Id=$id AND k.Url=$to",
            ("$id", feedId),
            ("$to", to.AbsoluteUri));
        if (known == feedId)
            return feedId;
        if (known is null)
        {
            connection.Execute(
                """
                UPDATE Feeds SET Url=$to, Partition=$partition, ETag=NULL, LastModified=NULL, BodyHash=NULL, MovedTo=NULL, MovedTimes=0,
                  NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $now ELSE NextPoll END, ClaimEnds=NULL, Claim=Claim+1
                WHERE Id=$id
                """,
                ("$id", feedId),
                ("$to", to.AbsoluteUri),
                ("$partition", Partition.Of(to.IdnHost)),
                ("$now", now.UtcTicks));
            return feedId;
        }

        if (document is null)
            return null;
        Merge(db, feedId, known.Value, document, now);
        return known;
    }

    /// <summary>Lets a feed's subscriptions, or that of one chat alone, get their entries by another feed from now on. A chat with both keeps one: a living before an ended, a going before a paused, the older.</summary>
    public static void Bring(NotifierDb db, long from, long into, long? chat, DateTimeOffset now)
    {
        var connection = db.Connection();
        (string, object?)[] both = [("$from", from), ("$into", into), ("$chat", chat), ("$now", now.UtcTicks)];
        var pairs = (
            from one in db.Subscriptions.AsNoTracking()
            join other in db.Subscriptions.AsNoTracking() on one.ChatId equals other.ChatId
            where one.FeedId == @from && other.FeedId == @into && (chat == null || one.ChatId == chat)
            select new { One = one, Other = other }).ToList();
        foreach (var pair in pairs)
            Unite(connection, [pair.One, pair.Other], from, into, now);

        connection.Execute(
            chat is null
                ? "UPDATE Deliveries SET FeedId=$into WHERE FeedId=$from AND EntryId IN (SELECT Id FROM Entries WHERE FeedId=$from)"
                : "UPDATE Deliveries SET FeedId=$into WHERE FeedId=$from AND ChatId=$chat",
            both);
        connection.Execute("UPDATE Subscriptions SET FeedId=$into WHERE FeedId=$from AND ($chat IS NULL OR ChatId=$chat)", both);
    }

    /// <summary>Compares a document with what a feed has seen, and owes what is new in it, as a poll would.</summary>
    public static void See(SqliteConnection connection, long feedId, ParsedFeed document, DateTimeOffset at)
    {
        using var rows = new PollRows(connection, new FilterCache(TimeProvider.System));
        rows.Remember(feedId, EntryDiff.Compare(document, PollStore.Memory(connection, feedId), at), at);
    }

    private static void Merge(NotifierDb db, long from, long into, ParsedFeed document, DateTimeOffset now)
    {
        var connection = db.Connection();

        // What only one of them has seen is news to the other's chats. After this both know all that is listed, so that they can share one memory.
        See(connection, from, document, now);
        See(connection, into, document, now);
        MergeMemory(connection, from, into);
        Bring(db, from, into, null, now);
        (string, object?)[] both = [("$from", from), ("$into", into), ("$now", now.UtcTicks)];
        connection.Execute("UPDATE Entries SET FeedId=$into WHERE FeedId=$from", both);
        connection.Execute(
            """
            UPDATE Feeds SET Cron=COALESCE(Feeds.Cron, f.Cron), Zone=CASE WHEN Feeds.Cron IS NULL THEN f.Zone ELSE Feeds.Zone END,
              NextPoll=CASE WHEN Feeds.PausedSince IS NULL AND EXISTS (SELECT 1 FROM Subscriptions s WHERE s.FeedId=$into) THEN $now END,
              ClaimEnds=NULL, Claim=Feeds.Claim+1
            FROM (SELECT Cron, Zone FROM Feeds WHERE Id=$from) AS f WHERE Feeds.Id=$into
            """,
            both);
        connection.Execute("DELETE FROM FeedMemories WHERE FeedId=$from", both);
        connection.Execute("DELETE FROM Feeds WHERE Id=$from", both);
    }

    /// <summary>What the one feed remembers and does not list any more is known to the other from now on, should it come back.</summary>
    private static void MergeMemory(SqliteConnection connection, long from, long into)
    {
        if (PollStore.Memory(connection, from) is not { Comparable: true } leaving || PollStore.Memory(connection, into) is not { Comparable: true } staying)
            return;
        var all = new List<SeenEntry>(staying.All.Length + leaving.All.Length);
        var keys = new HashSet<long>();
        foreach (var entry in staying.All)
        {
            all.Add(entry);
            keys.Add(entry.Prints.Key);
        }

        foreach (var entry in leaving.All)
        {
            if (keys.Add(entry.Prints.Key))
                all.Add(entry);
        }

        connection.Execute(
            "UPDATE FeedMemories SET Packed=$packed WHERE FeedId=$id",
            ("$packed", SeenEntries.Pack(CollectionsMarshal.AsSpan(all))),
            ("$id", into));
    }

    /// <summary>One subscription of two, in a chat that has both feeds.</summary>
    private static void Unite(SqliteConnection connection, Subscription[] two, long from, long into, DateTimeOffset now)
    {
        var order = two.OrderBy(s => s.EndedAt is not null).ThenBy(s => s.PausedSince is not null).ThenBy(s => s.Since).ThenBy(s => s.Id).ToArray();
        var (stays, goes) = (order[0], order[1]);
        var older = goes.EndedAt is null && (goes.Since, goes.Id).CompareTo((stays.Since, stays.Id)) < 0 ? goes : stays;
        (string, object?)[] all =
        [
            ("$chat", stays.ChatId), ("$stays", stays.Id), ("$goes", goes.Id), ("$from", from), ("$into", into), ("$now", now.UtcTicks), ("$told", Told),
            ("$number", older.Number), ("$since", older.Since.UtcTicks),
        ];

        // What a subscription that ended had kept back is not wanted; what a paused one had kept back is, since the other of them goes on.
        if (stays.EndedAt is null && goes.EndedAt is not null)
        {
            connection.Execute(
                "UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason='The subscription had ended.' WHERE SubscriptionId=$goes AND State='Waiting' AND DueAt IS NULL AND EndedAt IS NULL",
                all);
        }

        // First what the one feed's entries have told already, then what both are about to tell.
        Cancel("$into", "$from", "NOT IN ('Waiting', 'Held', 'Cancelled')");
        Cancel("$from", "$into", "<>'Cancelled'");
        connection.Execute("UPDATE Deliveries SET SubscriptionId=$stays WHERE SubscriptionId=$goes", all);
        if (stays is { EndedAt: null, PausedSince: null })
        {
            connection.Execute(
                "UPDATE Deliveries SET DueAt=$now WHERE SubscriptionId=$stays AND DueAt IS NULL AND State IN ('Waiting', 'Sending', 'Unknown') AND EndedAt IS NULL AND (SELECT PausedSince FROM Chats WHERE Id=$chat) IS NULL",
                all);
        }

        connection.Execute("DELETE FROM Subscriptions WHERE Id=$goes", all);
        connection.Execute("UPDATE Subscriptions SET Number=$number, Since=$since WHERE Id=$stays", all);

        // The same entry: its fingerprint and its title. In doubt it is told twice rather than never.
        void Cancel(string waits, string other, string states) => connection.Execute(
            $"""
            UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason=$told
            WHERE ChatId=$chat AND FeedId={waits} AND State='Waiting' AND EndedAt IS NULL AND EXISTS (
              SELECT 1 FROM Deliveries o JOIN Entries oe ON oe.Id=o.EntryId JOIN Entries e ON e.Id=Deliveries.EntryId
              WHERE o.ChatId=$chat AND o.FeedId={other} AND oe.IdPrint=e.IdPrint AND oe.Title IS e.Title AND o.State {states})
            """,
            all);
    }
}
