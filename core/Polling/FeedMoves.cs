using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Polling.Identity;
using Notifier.Polling.Pages;
using Notifier.Texts;

namespace Notifier.Polling;

/// <summary>What becomes of a feed's rows when it has another address, and of a chat's when it gets its entries by another feed; inside the writer's transaction.</summary>
internal static class FeedMoves
{
    private static readonly Phrase Told = Phrase.Of("reason.merged");

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
            Unite(db, new SubscriptionMerge(pair.One, pair.Other), from, into, now);

        // Where the number that the question names stays, it need not be asked anew.
        var renumbered = string.Join(',', pairs.Where(pair => new SubscriptionMerge(pair.One, pair.Other).Older.FeedId == into).Select(pair => pair.One.ChatId));
        connection.Execute(
            $"""
            UPDATE OR IGNORE Deliveries SET Key='held:' || $into || SUBSTR(Key, LENGTH('held:' || $from) + 1)
            WHERE ChatId IN (SELECT ChatId FROM Subscriptions WHERE FeedId=$from AND ($chat IS NULL OR ChatId=$chat)) AND ChatId NOT IN ({renumbered})
              AND Key>='held:' || $from || ':' AND Key<'held:' || $from || ';'
            """,
            both);

        connection.Execute(
            chat is null
                ? "UPDATE Deliveries SET FeedId=$into WHERE FeedId=$from AND EntryId IN (SELECT Id FROM Entries WHERE FeedId=$from)"
                : "UPDATE Deliveries SET FeedId=$into WHERE FeedId=$from AND ChatId=$chat",
            both);
        connection.Execute("UPDATE Subscriptions SET FeedId=$into WHERE FeedId=$from AND ($chat IS NULL OR ChatId=$chat)", both);
    }

    /// <summary>
    /// Lets a chat that got a feed's entries by a login get them by the open feed again. What it was told by the one is not told again by the other, what the
    /// open feed has told others meanwhile is told to this chat, too, and nobody else hears of what only the login has shown.
    /// </summary>
    /// <param name="document">What is at the open address; null where that cannot be read now.</param>
    public static void Return(NotifierDb db, long from, long into, Chat chat, ParsedFeed? document, DateTimeOffset now)
    {
        var connection = db.Connection();
        Remember(connection, from, into);
        if (document is not null)
        {
            See(db, into, document, now);
            See(db, from, document, now);
        }

        if (db.Subscriptions.AsNoTracking().SingleOrDefault(s => s.ChatId == chat.Id && s.FeedId == from) is { } subscription)
            CatchUp(db, subscription, into, chat, now);

        // Others must still hear of what the open feed has not seen; for them it may come twice here, rather than never there.
        if (!db.Subscriptions.Any(s => s.FeedId == into && s.ChatId != chat.Id))
            MergeMemory(db, from, into);
        Bring(db, from, into, chat.Id, now);

        // A poll on its way was compared with what the open feed had seen before.
        connection.Execute(
            "UPDATE Feeds SET NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $now ELSE NextPoll END, ClaimEnds=NULL, Claim=Claim+1 WHERE Id=$into",
            ("$into", into),
            ("$now", now.UtcTicks));
    }

    /// <summary>What the one feed has seen is known to the other, if that has seen nothing yet.</summary>
    public static void Remember(SqliteConnection connection, long from, long into) => connection.Execute(
        "INSERT INTO FeedMemories (FeedId, Version, Packed) SELECT $into, Version, Packed FROM FeedMemories WHERE FeedId=$from ON CONFLICT DO NOTHING",
        ("$from", from),
        ("$into", into));

    /// <summary>Compares a document with what a feed has seen, and owes or holds what is new in it, as a poll would; what is held is to be told in the end.</summary>
    private static void See(NotifierDb db, long feedId, ParsedFeed document, DateTimeOffset at)
    {
        var connection = db.Connection();
        var last = connection.Query(
            "SELECT LastSuccess, NewestEntry FROM Feeds WHERE Id=$id",
            reader => new LastLook(reader.IsDBNull(0) ? null : reader.Time(0), reader.IsDBNull(1) ? null : reader.Time(1)),
            ("$id", feedId)).Single();
        var diff = EntryDiff.Compare(document, PollStore.Memory(db.Statements, feedId), at, last);
        new PollRows(db.Statements, new FilterCache(TimeProvider.System)).Remember(feedId, diff, at);
        connection.Execute("UPDATE Feeds SET NewestEntry=$newest WHERE Id=$id", ("$newest", diff.NewestEntry?.UtcTicks), ("$id", feedId));
    }

    /// <summary>Owes a subscription what another feed has told since its own was read last, and which its own has never listed.</summary>
    private static void CatchUp(NotifierDb db, Subscription subscription, long other, Chat chat, DateTimeOffset now)
    {
        var connection = db.Connection();
        var own = db.Feeds.AsNoTracking().Single(f => f.Id == subscription.FeedId);
        var known = new HashSet<long>();
        if (PollStore.Memory(db.Statements, own.Id) is { } memory)
        {
            foreach (var entry in memory.All)
            {
                known.Add(entry.Prints.Key);
                known.Add(entry.Prints.SharedKey);
            }
        }

        var read = own.LastSuccess ?? own.CreatedAt;
        var filters = new FilterCache(TimeProvider.System);
        var filter = subscription.Filter is { } text ? filters.Begin(text, filters.Budget()) : null;
        var due = DeliveryTimes.Of(subscription, chat).FirstDue(now);
        var readsPages = db.Feeds.Any(f => f.Id == other && f.FullText);
        foreach (var entry in db.Entries.AsNoTracking().Where(e => e.FeedId == other && e.FirstSeen >= read && e.FirstSeen >= subscription.Since).OrderBy(e => e.Id))
        {
            if (known.Contains(entry.IdPrint) || filter?.Matches(FeedEntries.SubjectOf(entry, isPart: readsPages && !Article.IsIn(entry.Content))) == false)
                continue;
            connection.Execute(
                """
                INSERT INTO Deliveries (ChatId, FeedId, SubscriptionId, EntryId, Key, State, DueAt, Attempts, Fallback, CreatedAt)
                VALUES ($chat, $feed, $subscription, $entry, 'e:' || $entry, 'Waiting', $due, 0, 0, $now)
                ON CONFLICT (ChatId, Key) DO UPDATE SET State='Waiting', SubscriptionId=$subscription, DueAt=$due, Reason=NULL, EndedAt=NULL
                WHERE State='Cancelled' OR (State='Waiting' AND DueAt IS NULL)
                """,
                ("$chat", chat.Id),
                ("$feed", other),
                ("$subscription", subscription.Id),
                ("$entry", entry.Id),
                ("$due", due?.UtcTicks),
                ("$now", now.UtcTicks));
        }
    }

    private static void Merge(NotifierDb db, long from, long into, ParsedFeed document, DateTimeOffset now)
    {
        var connection = db.Connection();

        // What only one of them has seen is news to the other's chats. After this both know all that is listed, so that they can share one memory.
        See(db, from, document, now);
        See(db, into, document, now);
        MergeMemory(db, from, into);
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
    private static void MergeMemory(NotifierDb db, long from, long into)
    {
        if (PollStore.Memory(db.Statements, from) is not { Comparable: true } leaving || PollStore.Memory(db.Statements, into) is not { Comparable: true } staying)
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

        db.Connection().Execute(
            "UPDATE FeedMemories SET Packed=$packed WHERE FeedId=$id",
            ("$packed", SeenEntries.Pack(CollectionsMarshal.AsSpan(all))),
            ("$id", into));
    }

    /// <summary>One subscription of two, in a chat that has both feeds.</summary>
    private static void Unite(NotifierDb db, SubscriptionMerge two, long from, long into, DateTimeOffset now)
    {
        var connection = db.Connection();
        (string, object?)[] all = [("$chat", two.Stays.ChatId), ("$from", from), ("$into", into), ("$now", now.UtcTicks), ("$told", Told.Text)];
        two.CancelKeptBack(db, now);

        // First what the one feed's entries have told already, then what both are about to tell; what is held gives way to either, and is held once.
        Cancel("$into", "Waiting", "$from", "NOT IN ('Waiting', 'Held', 'Cancelled')");
        Cancel("$from", "Waiting", "$into", "NOT IN ('Held', 'Cancelled')");
        Cancel("$into", "Held", "$from", "NOT IN ('Held', 'Cancelled')");
        Cancel("$from", "Held", "$into", "<>'Cancelled'");
        two.Write(db, into, two.Older.Number, now);
        if (two.Stays.EndedAt is not null)
            return;
        var due = DeliveryTimes.Of(two.Stays, db.Chats.AsNoTracking().Single(c => c.Id == two.Stays.ChatId)).FirstDue(now);
        connection.Execute(
            due is null
                ? "UPDATE Deliveries SET DueAt=NULL WHERE SubscriptionId=$stays AND State IN ('Waiting', 'Sending') AND EndedAt IS NULL"
                : "UPDATE Deliveries SET DueAt=$due WHERE SubscriptionId=$stays AND (State='Waiting' AND (DueAt IS NULL OR DueAt>$now) OR State IN ('Sending', 'Unknown') AND DueAt IS NULL) AND EndedAt IS NULL",
            ("$stays", two.Stays.Id),
            ("$now", now.UtcTicks),
            ("$due", due?.UtcTicks));

        // The same entry: its fingerprint and its title. In doubt it is told twice rather than never.
        void Cancel(string feed, string state, string other, string states) => connection.Execute(
            $"""
            UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason=$told
            WHERE ChatId=$chat AND FeedId={feed} AND State='{state}' AND EndedAt IS NULL AND EXISTS (
              SELECT 1 FROM Deliveries o JOIN Entries oe ON oe.Id=o.EntryId JOIN Entries e ON e.Id=Deliveries.EntryId
              WHERE o.ChatId=$chat AND o.FeedId={other} AND oe.IdPrint=e.IdPrint AND oe.Title IS e.Title AND o.State {states})
            """,
            all);
    }
}
