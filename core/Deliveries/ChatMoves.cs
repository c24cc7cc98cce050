using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Notifier.Model;

namespace Notifier.Deliveries;

/// <summary>What becomes of a chat's rows when the platform says that it moved or is no more.</summary>
internal static class ChatMoves
{
    /// <summary>Rewrites the address of the chat and of its threads; where the new one is known already, the two become one and nothing owed is lost.</summary>
    public static void Move(NotifierDb db, ChatAddress from, ChatAddress to, DateTimeOffset now)
    {
        var connection = db.Connection();
        var chats = connection.Query(
            "SELECT Id, Thread FROM Chats WHERE Platform=$platform AND Address=$from",
            reader => (Id: reader.GetInt64(0), Thread: reader.GetString(1)),
            ("$platform", from.Platform),
            ("$from", from.Id));
        foreach (var (id, thread) in chats)
        {
            var known = connection.Scalar<long?>(
                "SELECT Id FROM Chats WHERE Platform=$platform AND Address=$to AND Thread=$thread",
                ("$platform", to.Platform),
                ("$to", to.Id),
                ("$thread", thread));
            if (known == id)
                continue;

            // There its messages have other numbers, or none: with the old ones somebody else's would be changed.
            connection.Execute("UPDATE Sendings SET MessageId='', EditDue=NULL, DeleteDue=NULL WHERE ChatId=$id AND MessageId IS NOT NULL", ("$id", id));
            if (known is null)
                connection.Execute("UPDATE Chats SET Address=$to, NotBefore=NULL WHERE Id=$id", ("$to", to.Id), ("$id", id));
            else
                Merge(db, id, known.Value, now);
        }

        ReadOnlySpan<(string, object?)> both = [("$platform", from.Platform), ("$from", from.Id), ("$to", to.Id)];
        connection.Execute("UPDATE Chats SET Space=$to WHERE Platform=$platform AND Space=$from", both);
        connection.Execute(
            """
            UPDATE OfferedActions SET Chat=$platform || ':' || $to || SUBSTR(Chat, LENGTH($platform || ':' || $from) + 1)
            WHERE Chat=$platform || ':' || $from OR SUBSTR(Chat, 1, LENGTH($platform || ':' || $from || '/'))=$platform || ':' || $from || '/'
            """,
            both);
    }

    /// <summary>Nothing can be delivered there any more: what is owed is cancelled and its subscriptions end.</summary>
    public static void Gone(SqliteConnection connection, long chatId, string reason, DateTimeOffset now)
    {
        connection.Execute("UPDATE Chats SET GoneSince=$now WHERE Id=$chat", ("$now", now.UtcTicks), ("$chat", chatId));
        connection.Execute(
            "UPDATE Deliveries SET State='Cancelled', Reason=$reason, EndedAt=$now WHERE ChatId=$chat AND EndedAt IS NULL",
            ("$reason", reason),
            ("$now", now.UtcTicks),
            ("$chat", chatId));
        connection.Execute("UPDATE Subscriptions SET EndedAt=COALESCE(EndedAt, $now) WHERE ChatId=$chat", ("$now", now.UtcTicks), ("$chat", chatId));
    }

    private static void Merge(NotifierDb db, long from, long to, DateTimeOffset now)
    {
        var connection = db.Connection();
        (string, object?)[] both = [("$from", from), ("$to", to)];

        // Its subscriptions get other numbers, and buttons name feeds by number.
        connection.Execute(
            "DELETE FROM OfferedActions WHERE Chat=(SELECT Platform || ':' || Address || CASE WHEN Thread='' THEN '' ELSE '/' || Thread END FROM Chats WHERE Id=$from)",
            both);
        var chat = db.Chats.Single(c => c.Id == to);
        CarryOver(db, db.Chats.AsNoTracking().Single(c => c.Id == from), chat);

        // What the other chat has already (the same subscription, the same entry) is not needed twice; the rest follows, and what is
        // owed belongs to the subscription that stays. What lives is not given up for what ended.
        connection.Execute(
            "UPDATE Subscriptions SET Number=Number+(SELECT COALESCE(MAX(Number), 0) FROM Subscriptions WHERE ChatId=$to) WHERE ChatId=$from",
            both);
        var pairs = (
            from one in db.Subscriptions.AsNoTracking()
            join other in db.Subscriptions.AsNoTracking() on one.FeedId equals other.FeedId
            where one.ChatId == @from && other.ChatId == to
            select new { One = one, Other = other }).ToList();
        foreach (var pair in pairs)
        {
            var two = new SubscriptionMerge(pair.One, pair.Other);
            two.CancelKeptBack(db, now);
            two.Write(db, pair.Other.FeedId, pair.Other.Number, now);
        }

        connection.Execute("UPDATE Subscriptions SET ChatId=$to WHERE ChatId=$from", both);
        connection.Execute("UPDATE Sendings SET ChatId=$to WHERE ChatId=$from", both);

        // Of the same entry that row stays which says more: told or owed, then held, then cancelled.
        connection.Execute(
            """
            DELETE FROM Deliveries WHERE ChatId=$to AND
              (State='Held' AND Key IN (SELECT Key FROM Deliveries WHERE ChatId=$from AND State NOT IN ('Held', 'Cancelled')) OR
               State='Cancelled' AND Key IN (SELECT Key FROM Deliveries WHERE ChatId=$from AND State<>'Cancelled'))
            """,
            both);
        connection.Execute("UPDATE OR IGNORE Deliveries SET ChatId=$to WHERE ChatId=$from", both);
        connection.Execute("UPDATE AuditLines SET ChatId=$to WHERE ChatId=$from", both);
        connection.Execute("UPDATE FeedCredentials SET ChatId=$to WHERE ChatId=$from", both);
        connection.Execute("DELETE FROM Deliveries WHERE ChatId=$from", both);
        connection.Execute("DELETE FROM Sendings WHERE ChatId=$to AND NOT EXISTS (SELECT 1 FROM Deliveries d WHERE d.SendingId=Sendings.Id)", both);
        connection.Execute("DELETE FROM Chats WHERE Id=$from", both);

        // What one of them had kept back goes, if nothing keeps it back any more: else it would stop all that comes after it.
        DueTimes.Recompute(db, chat, now);
    }

    /// <summary>What the one chat has set holds for the other where that has set nothing. A pause holds only if no feed goes on in either of them.</summary>
    private static void CarryOver(NotifierDb db, Chat from, Chat to)
    {
        var isGoing = IsGoing(from) || IsGoing(to);
        to.PausedSince = isGoing ? null : to.PausedSince ?? from.PausedSince;
        if (to is { QuietFrom: null, QuietUntil: null })
        {
            if (to.Zone == "UTC")
                to.Zone = from.Zone;
            (to.QuietFrom, to.QuietUntil) = (from.QuietFrom, from.QuietUntil);
        }

        if (to.Language == "en")
            to.Language = from.Language;
        to.Style ??= from.Style;
        to.Title ??= from.Title;
        to.AtMostOnce |= from.AtMostOnce;
        to.StoriesApart |= from.StoriesApart;
        to.Greeted |= from.Greeted;
        to.GoneSince = null;
        db.SaveChanges();

        bool IsGoing(Chat chat) => chat.PausedSince is null && db.Subscriptions.Any(s => s.ChatId == chat.Id && s.EndedAt == null);
    }
}
