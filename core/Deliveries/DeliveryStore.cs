using System.Text.Json;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>The outbox's hot statements, in raw SQL. Their texts never vary, so that each is prepared once.</summary>
internal static class DeliveryStore
{
    /// <summary>Nothing older of the same chat and feed is unfinished: order holds through retries. What is held waits for a person and blocks nobody.</summary>
    private const string IsHead =
        "NOT EXISTS (SELECT 1 FROM Deliveries o WHERE o.ChatId=d.ChatId AND o.FeedId=d.FeedId AND o.Id<d.Id AND o.EndedAt IS NULL AND o.State<>'Held')";

    /// <summary>It may be left out for a story's sake: nobody asked for just this entry, and the chat does not want its stories apart.</summary>
    private const string MayFold = "NOT d.AskedFor AND NOT c.StoriesApart";

    /// <summary>Begins the question for the first other delivery to the same chat of an entry that tells the same story, and was not deleted since.</summary>
    private const string FirstTeller =
        """
        SELECT MIN(o.Id) FROM Entries oe JOIN Deliveries o ON o.ChatId=d.ChatId AND o.Key='e:' || oe.Id
        WHERE (oe.Id=COALESCE(e.StoryId, e.Id) OR oe.StoryId=COALESCE(e.StoryId, e.Id)) AND oe.Id<>e.Id
          AND NOT (o.State='Sent' AND EXISTS (SELECT 1 FROM Sendings os WHERE os.Id=o.SendingId AND os.MessageId IS NULL))
        """;

    /// <summary>A delivery that may go now. What is in sending belongs to whoever began it, until a new epoch.</summary>
    private const string MayGo =
        $"c.GoneSince IS NULL AND (c.NotBefore IS NULL OR c.NotBefore<=$now) AND d.EndedAt IS NULL AND d.DueAt<=$now AND d.State<>'Sending' AND {IsHead}";

    /// <summary>Messages that were sent, with when they are to be changed or deleted. Their chats are compared by <c>+ChatId</c>: few wait for a change, but a chat has many messages.</summary>
    public const string Changing =
        """
        SELECT s.Id, s.ChatId, s.EditDue AS At FROM Sendings s WHERE s.EditDue IS NOT NULL AND s.MessageId<>'' AND EXISTS (SELECT 1 FROM Deliveries d WHERE d.SendingId=s.Id)
        UNION ALL
        SELECT s.Id, s.ChatId, s.DeleteDue FROM Sendings s WHERE s.DeleteDue IS NOT NULL AND s.MessageId<>'' AND EXISTS (SELECT 1 FROM Deliveries d WHERE d.SendingId=s.Id)
        """;

    /// <summary>The place of a mere change among the turns: the last one (<see cref="long.MaxValue"/>).</summary>
    private const string Last = "9223372036854775807";

    private const string MayBeWrittenTo = "c.GoneSince IS NULL AND (c.NotBefore IS NULL OR c.NotBefore<=$now)";

    /// <summary>The chats of the platform in which something may go now, the oldest delivery first; changes of what was sent come last.</summary>
    public static List<ChatTurn> Due(Statements statements, string platform, DateTimeOffset now, int limit) => statements.Query(
        $"""
        SELECT * FROM (
          SELECT d.ChatId, MIN(d.Id), c.Address, c.Thread, c.Language FROM Deliveries d CROSS JOIN Chats c
          WHERE c.Id=d.ChatId AND c.Platform=$platform AND {MayGo} GROUP BY d.ChatId ORDER BY 2 LIMIT $limit)
        UNION ALL
        SELECT * FROM (
          SELECT s.ChatId, {Last}, c.Address, c.Thread, c.Language FROM ({Changing}) s CROSS JOIN Chats c
          WHERE c.Id=s.ChatId AND s.At<=$now AND c.Platform=$platform AND {MayBeWrittenTo} GROUP BY s.ChatId LIMIT $limit)
        """,
        reader => new ChatTurn(reader.GetInt64(0), reader.GetInt64(1), new ChatAddress(platform, reader.GetString(2), reader.GetString(3)), reader.GetString(4)),
        ("$platform", platform),
        ("$now", now.UtcTicks),
        ("$limit", limit));

    /// <summary>Whether something may go in this chat now, and where that is; null for nothing.</summary>
    public static ChatTurn? TurnOf(Statements statements, string platform, long chatId, DateTimeOffset now) => statements.Query(
        $"""
        SELECT * FROM (
          SELECT COALESCE(
              (SELECT MIN(d.Id) FROM Deliveries d WHERE d.ChatId=c.Id AND {MayGo}),
              (SELECT {Last} FROM ({Changing}) s WHERE +s.ChatId=c.Id AND s.At<=$now AND {MayBeWrittenTo} LIMIT 1)) AS Turn, c.Address, c.Thread, c.Language
          FROM Chats c WHERE c.Id=$chat)
        WHERE Turn IS NOT NULL
        """,
        reader => new ChatTurn(chatId, reader.GetInt64(0), new ChatAddress(platform, reader.GetString(1), reader.GetString(2)), reader.GetString(3)),
        ("$chat", chatId),
        ("$now", now.UtcTicks)).SingleOrDefault();

    /// <summary>The oldest delivery of a chat that may go now.</summary>
    public static DueDelivery? Head(Statements statements, ChatTurn turn, DateTimeOffset now) => statements.Query(
        $"""
        SELECT d.Id, d.FeedId, CASE d.State WHEN 'Unknown' THEN d.SendingId END, d.Attempts, d.Fallback, c.Address, c.Thread, c.AtMostOnce, s.Cron IS NOT NULL OR COALESCE(s.Style, c.Style, '') LIKE 'digest%', c.Zone, c.QuietFrom, c.QuietUntil, e.EditedAt
        FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId LEFT JOIN Subscriptions s ON s.Id=d.SubscriptionId LEFT JOIN Entries e ON e.Id=d.EntryId
        WHERE d.ChatId=$chat AND {MayGo} ORDER BY d.Id LIMIT 1
        """,
        reader => new DueDelivery(
            reader.GetInt64(0),
            turn.ChatId,
            reader.GetInt64(1),
            reader.Number(2),
            reader.GetInt32(3),
            reader.GetInt32(4),
            new ChatAddress(turn.Chat.Platform, reader.GetString(5), reader.GetString(6)),
            reader.GetBoolean(7),
            reader.GetBoolean(8),
            reader.IsDBNull(10) || reader.IsDBNull(11) ? null : new QuietHours(reader.GetInt32(10), reader.GetInt32(11)).EndOf(now, Zones.Named(reader.GetString(9))),
            reader.Number(12)),
        ("$chat", turn.ChatId),
        ("$now", now.UtcTicks)).SingleOrDefault();

    /// <summary>The first time after the given one at which something of the platform may go; null when nothing waits for a time.</summary>
    public static DateTimeOffset? NextDue(Statements statements, string platform, DateTimeOffset after)
    {
        // The first by its own time, and the first whose chat's wait is over: each by an index, however many wait for later. A change waits for its chat as well.
        var ticks = statements.Scalar<long>(
            $"""
            SELECT MIN(at) FROM (
              SELECT * FROM (
                SELECT d.DueAt AS at FROM Deliveries d CROSS JOIN Chats c
                WHERE c.Id=d.ChatId AND c.Platform=$platform AND c.GoneSince IS NULL AND COALESCE(c.NotBefore, 0)<=d.DueAt
                  AND d.EndedAt IS NULL AND d.DueAt IS NOT NULL AND d.DueAt>$after AND d.State<>'Sending' AND {IsHead}
                ORDER BY d.DueAt LIMIT 1)
              UNION ALL
              SELECT MIN(c.NotBefore) FROM Chats c
              WHERE c.NotBefore IS NOT NULL AND c.NotBefore>$after AND c.Platform=$platform AND c.GoneSince IS NULL
                AND EXISTS (SELECT 1 FROM Deliveries d WHERE d.ChatId=c.Id AND d.EndedAt IS NULL AND d.DueAt<c.NotBefore AND d.State<>'Sending' AND {IsHead})
              UNION ALL
              SELECT MIN(MAX(s.At, COALESCE(c.NotBefore, 0))) FROM ({Changing}) s CROSS JOIN Chats c
              WHERE c.Id=s.ChatId AND c.Platform=$platform AND c.GoneSince IS NULL AND MAX(s.At, COALESCE(c.NotBefore, 0))>$after)
            """,
            ("$platform", platform),
            ("$after", after.UtcTicks));
        return ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>The due, not yet composed entries of one chat and feed from the head on, oldest first, up to the first that is anything else.</summary>
    public static List<DueEntry> Run(Statements statements, DueDelivery head, DateTimeOffset now) => [.. statements.Query(
        $"""
        SELECT d.Id, d.State='Waiting' AND d.EntryId IS NOT NULL AND d.DueAt<=$now AND (d.Id=$id OR d.Fallback=0), d.Fallback=0,
          CASE WHEN {MayFold} THEN COALESCE(e.StoryId, e.Id) END,
          ({FirstTeller} AND o.State IN ('Sent', 'Unknown') AND o.EndedAt IS NOT NULL),
          ({FirstTeller} AND o.State='Unknown' AND o.EndedAt IS NULL AND o.DueAt IS NOT NULL)
        FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId LEFT JOIN Entries e ON e.Id=d.EntryId
        WHERE d.ChatId=$chat AND d.FeedId=$feed AND d.Id>=$id AND d.EndedAt IS NULL AND d.State<>'Held' ORDER BY d.Id LIMIT 1000
        """,
        reader => (Entry: new DueEntry(reader.GetInt64(0), reader.GetBoolean(2), reader.Number(3), !reader.IsDBNull(4), !reader.IsDBNull(5)), Due: reader.GetBoolean(1)),
        ("$chat", head.ChatId),
        ("$feed", head.FeedId),
        ("$id", head.Id),
        ("$now", now.UtcTicks)).TakeWhile(row => row.Due).Select(row => row.Entry)];

    /// <summary>Ends what the chat has been told by another entry of the same story, if it still has; what was told in doubt is waited for.</summary>
    public static void Fold(Statements statements, IReadOnlyList<long> deliveries, DateTimeOffset now)
    {
        var ids = JsonSerializer.Serialize(deliveries);
        statements.Execute(
            $"""
            UPDATE Deliveries SET State='Folded', EndedAt=$now, FoldedInto=f.Teller, Reason=$reason
            FROM (
              SELECT d.Id AS Folded, ({FirstTeller} AND o.State IN ('Sent', 'Unknown') AND o.EndedAt IS NOT NULL) AS Teller
              FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId JOIN Entries e ON e.Id=d.EntryId
              WHERE d.Id IN (SELECT value FROM json_each($ids)) AND d.State='Waiting' AND d.DueAt<=$now AND {MayFold}) AS f
            WHERE Deliveries.Id=f.Folded AND f.Teller IS NOT NULL
            """,
            ("$reason", Phrase.Of("reason.folded").Text),
            ("$ids", ids),
            ("$now", now.UtcTicks));
        statements.Execute(
            $"""
            UPDATE Deliveries SET DueAt=MAX(f.Again, $now + {TimeSpan.TicksPerSecond})
            FROM (
              SELECT d.Id AS Waiting, (SELECT o.DueAt FROM Deliveries o WHERE o.Id=({FirstTeller} AND o.State='Unknown' AND o.EndedAt IS NULL AND o.DueAt IS NOT NULL)) AS Again
              FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId JOIN Entries e ON e.Id=d.EntryId
              WHERE d.Id IN (SELECT value FROM json_each($ids)) AND d.State='Waiting' AND d.DueAt<=$now AND {MayFold}) AS f
            WHERE Deliveries.Id=f.Waiting AND f.Again IS NOT NULL
            """,
            ("$ids", ids),
            ("$now", now.UtcTicks));
    }

    /// <summary>Stores the composed message and moves what it carries to sending. Null when one of them is no longer waiting: compose anew.</summary>
    /// <param name="editedAt">The edit of the one entry that it was composed of; another one meanwhile is made up for once it is sent.</param>
    public static long? Begin(Statements statements, Sending sending, IReadOnlyList<long> deliveries, long? editedAt)
    {
        var id = statements.Scalar<long>(
            """
            INSERT INTO Sendings (ChatId, Part, Body, Look, Nonce, Epoch, FirstAttempt, LostAnswers, EditDue)
            VALUES ($chat, $part, $body, $look, $nonce, $epoch, $first, 0, (SELECT $first FROM Deliveries d JOIN Entries e ON e.Id=d.EntryId WHERE d.Id=$only AND e.EditedAt IS NOT $edited))
            RETURNING Id
            """,
            ("$chat", sending.ChatId),
            ("$part", sending.Part),
            ("$body", sending.Body),
            ("$look", sending.Look),
            ("$nonce", sending.Nonce),
            ("$epoch", sending.Epoch),
            ("$first", sending.FirstAttempt.UtcTicks),
            ("$only", deliveries is [var only] ? only : null),
            ("$edited", editedAt));
        var moved = statements.Execute(
            "UPDATE Deliveries SET State='Sending', SendingId=$sending, Attempts=Attempts+1 WHERE State='Waiting' AND DueAt<=$now AND Id IN (SELECT value FROM json_each($ids))",
            ("$sending", id),
            ("$now", sending.FirstAttempt.UtcTicks),
            ("$ids", JsonSerializer.Serialize(deliveries)));
        if (moved == deliveries.Count)
            return id;

        statements.Execute("UPDATE Deliveries SET State='Waiting', SendingId=NULL, Attempts=Attempts-1 WHERE SendingId=$sending", ("$sending", id));
        statements.Execute("DELETE FROM Sendings WHERE Id=$sending", ("$sending", id));
        return null;
    }

    /// <summary>A message whose answer was lost; null when it has ended meanwhile.</summary>
    public static Sending? Lost(Statements statements, long sendingId) => statements.Query(
        "SELECT ChatId, Body, Nonce, Epoch, FirstAttempt, LostAnswers FROM Sendings WHERE Id=$id AND EXISTS (SELECT 1 FROM Deliveries WHERE SendingId=$id AND State='Unknown' AND EndedAt IS NULL)",
        reader => new Sending
        {
            Id = sendingId,
            ChatId = reader.GetInt64(0),
            Body = reader.GetFieldValue<byte[]>(1),
            Nonce = reader.GetString(2),
            Epoch = reader.GetInt64(3),
            FirstAttempt = reader.Time(4),
            LostAnswers = reader.GetInt32(5),
        },
        ("$id", sendingId)).SingleOrDefault();

    /// <summary>Which of these messages of a chat are already known as another delivery's.</summary>
    public static HashSet<string> Known(Statements statements, long chatId, IEnumerable<string> messageIds) =>
        [.. statements.Query(
            "SELECT MessageId FROM Sendings WHERE ChatId=$chat AND MessageId IN (SELECT value FROM json_each($ids))",
            reader => reader.GetString(0),
            ("$chat", chatId),
            ("$ids", JsonSerializer.Serialize(messageIds)))];

    /// <summary>Takes a message whose answer was lost on its way again, under the present epoch. False when it has ended meanwhile.</summary>
    public static bool Again(Statements statements, long sendingId, long epoch)
    {
        statements.Execute("UPDATE Sendings SET Epoch=$epoch WHERE Id=$id", ("$epoch", epoch), ("$id", sendingId));
        return statements.Execute("UPDATE Deliveries SET State='Sending', Attempts=Attempts+1 WHERE SendingId=$id AND State='Unknown' AND EndedAt IS NULL", ("$id", sendingId)) > 0;
    }

    /// <param name="address">Where it was sent: if the chat has another address by now, nothing there has this number.</param>
    public static void Sent(Statements statements, long sendingId, long chatId, string address, string messageId, DateTimeOffset now)
    {
        End(statements, sendingId, DeliveryState.Sent, null, now);
        statements.Execute(
            "UPDATE Sendings SET MessageId=CASE WHEN EXISTS (SELECT 1 FROM Chats c WHERE c.Id=Sendings.ChatId AND c.Address=$address) THEN $message ELSE '' END WHERE Id=$id",
            ("$message", messageId),
            ("$address", address),
            ("$id", sendingId));
        statements.Execute(
            "UPDATE Chats SET NotBefore=NULL, NoAccessSince=NULL, NoAccessReason=NULL WHERE Id=$chat AND (NotBefore IS NOT NULL OR NoAccessSince IS NOT NULL)",
            ("$chat", chatId));
    }

    /// <summary>
    /// The platform certainly did not take it: what it carries waits again and will be composed anew. But where an earlier answer was lost
    /// the message may have arrived then, and composed anew it would be said twice: the same bytes go again.
    /// </summary>
    public static void Back(Statements statements, long sendingId, string? reason)
    {
        var doubtful = statements.Execute(
            "UPDATE Deliveries SET State='Unknown', Reason=$reason WHERE SendingId=$id AND EndedAt IS NULL AND (SELECT LostAnswers FROM Sendings WHERE Id=$id)>0",
            ("$reason", reason),
            ("$id", sendingId));
        if (doubtful == 0)
            Drop(statements, sendingId, reason);
    }

    /// <summary>To be asked to wait is no attempt: the pauses after faults do not grow by it.</summary>
    public static void Uncount(Statements statements, long sendingId) =>
        statements.Execute("UPDATE Deliveries SET Attempts=MAX(Attempts-1, 0) WHERE SendingId=$id AND State='Sending' AND EndedAt IS NULL", ("$id", sendingId));

    /// <summary>The platform will never take this form: what it carries waits again and will be composed anew.</summary>
    public static void Drop(Statements statements, long sendingId, string? reason)
    {
        statements.Execute(
            "UPDATE Deliveries SET State='Waiting', SendingId=NULL, Reason=$reason WHERE SendingId=$id AND EndedAt IS NULL",
            ("$reason", reason),
            ("$id", sendingId));
        statements.Execute("DELETE FROM Sendings WHERE Id=$id", ("$id", sendingId));
    }

    /// <summary>It is quiet in the chat: what is due there is due when that is over.</summary>
    public static void PutOff(Statements statements, long chatId, DateTimeOffset until, DateTimeOffset now) => statements.Execute(
        "UPDATE Deliveries SET DueAt=$until WHERE ChatId=$chat AND State IN ('Waiting', 'Unknown') AND DueAt<=$now AND EndedAt IS NULL",
        ("$until", until.UtcTicks),
        ("$chat", chatId),
        ("$now", now.UtcTicks));

    public static void HoldChat(Statements statements, long chatId, DateTimeOffset until) =>
        statements.Execute("UPDATE Chats SET NotBefore=$until WHERE Id=$id", ("$until", until.UtcTicks), ("$id", chatId));

    /// <summary>The answer was lost: at the given time it is looked for, or the same bytes go again.</summary>
    public static void Lost(Statements statements, long sendingId, string reason, DateTimeOffset again)
    {
        statements.Execute("UPDATE Sendings SET LostAnswers=LostAnswers+1 WHERE Id=$id", ("$id", sendingId));
        statements.Execute(
            "UPDATE Deliveries SET State='Unknown', Reason=$reason, DueAt=CASE WHEN DueAt IS NULL THEN NULL ELSE $again END WHERE SendingId=$id AND EndedAt IS NULL",
            ("$reason", reason),
            ("$again", again.UtcTicks),
            ("$id", sendingId));
    }

    public static void End(Statements statements, long sendingId, DeliveryState state, string? reason, DateTimeOffset now) => statements.Execute(
        "UPDATE Deliveries SET State=$state, Reason=$reason, EndedAt=$now WHERE SendingId=$id AND EndedAt IS NULL",
        ("$state", state.ToString()),
        ("$reason", reason),
        ("$now", now.UtcTicks),
        ("$id", sendingId));
}

/// <summary>A chat in which something may go now.</summary>
/// <param name="Order">The oldest delivery of it, by which chats take turns; the greatest number for a mere change of what was sent.</param>
internal sealed record ChatTurn(long ChatId, long Order, ChatAddress Chat, string Language);

/// <summary>The delivery at the head of a chat's queue.</summary>
/// <param name="SendingId">Its message, when it was sent before and the answer was lost.</param>
/// <param name="IsDigest">Its subscription has a schedule, or wants lists: already two are one.</param>
/// <param name="QuietUntil">When the chat's quiet hours are over; null while it is not quiet there.</param>
/// <param name="EditedAt">The entry's edit, UTC ticks, that the message will be composed of: a later one it lacks.</param>
internal sealed record DueDelivery(
    long Id,
    long ChatId,
    long FeedId,
    long? SendingId,
    int Attempts,
    int Fallback,
    ChatAddress Chat,
    bool AtMostOnce,
    bool IsDigest,
    DateTimeOffset? QuietUntil,
    long? EditedAt);

/// <summary>An entry's delivery that is due in the lane of one chat and feed.</summary>
/// <param name="IsAsStyled">Its form has not fallen back, so it may go in a list.</param>
/// <param name="Story">What it tells; null where it goes whatever the chat has heard.</param>
/// <param name="WasTold">The chat was told its story by another entry.</param>
/// <param name="IsInDoubt">Another entry of its story is on its way to the chat, and the answer was lost: it goes again soon.</param>
internal sealed record DueEntry(long Id, bool IsAsStyled, long? Story, bool WasTold, bool IsInDoubt);
