using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>
/// Changes what was sent: a message becomes what its entry says now, or is deleted when its publisher withdrew the entry and the subscription wants it so. To
/// change a message twice does no harm, so a lost answer is no doubt. What cannot be changed stays as it is: it was told.
/// </summary>
public sealed partial class Changes(Storage storage, Composer composer, Notices notices, TimeProvider time, ILogger<Changes> log)
{
    /// <exception cref="PlatformClosedException">The platform refuses the token.</exception>
    /// <exception cref="LeaseLostException">Another process sends for this platform now.</exception>
    internal async Task<TurnEnd> TakeAsync(IChatPlatform platform, SenderLease lease, ChatTurn turn, SendPermit permit)
    {
        var now = time.GetUtcNow();
        Change? change;
        using (var connection = storage.ReadConnection())
            change = Next(connection, turn, now);
        if (change is null)
            return TurnEnd.Done;

        var (result, body, fault) = change.SentAt < now - Sending.Changeable ? (new SendResult.Rejected("It was sent too long ago."), null, null)
            : change is { IsDeletion: true, TellsOthers: true } ? (new SendResult.Rejected("It tells a story for other entries as well."), null, null)
            : change.IsDeletion ? (await AskAsync(change, () => platform.DeleteAsync(turn.Chat, change.MessageId, CancellationToken.None)), null, null)
            : await EditAsync(platform, turn, change, permit);
        var isDone = await storage.Writer.RunAsync(
            db =>
            {
                lease.Require(db.Statements);
                if (fault is not null)
                    notices.TemplateFailed(db, change.DeliveryId, fault, time.GetUtcNow());
                return Record(db.Connection(), change, result, body, time.GetUtcNow());
            },
            CancellationToken.None);
        if (result is not SendResult.Sent || body is null || !body.AsSpan().SequenceEqual(change.Body))
            LogChange(turn.Chat, change.DeliveryId, change.IsDeletion ? "deletion" : "change", result.GetType().Name);
        return result switch
        {
            SendResult.RetryAfter { WholeToken: true } wait => new TurnEnd(false, wait.Delay),
            SendResult.PlatformClosed closed => throw new PlatformClosedException(platform.Name, closed.Reason),
            _ => isDone ? TurnEnd.Done : TurnEnd.Waits,
        };
    }

    private static Change? Next(SqliteConnection connection, ChatTurn turn, DateTimeOffset now) => connection.Query(
        $"""
        SELECT s.Id, s.MessageId, s.Body, s.Edits, s.DeleteDue<=$now, d.Id, d.Fallback, COALESCE(d.EndedAt, $now), e.EditedAt,
          EXISTS (SELECT 1 FROM Deliveries f WHERE f.ChatId=d.ChatId AND f.FoldedInto=d.Id)
        FROM Sendings s JOIN Deliveries d ON d.SendingId=s.Id LEFT JOIN Entries e ON e.Id=d.EntryId
        WHERE s.Id=(SELECT MIN(c.Id) FROM ({DeliveryStore.Changing}) c WHERE +c.ChatId=$chat AND c.At<=$now)
        ORDER BY d.Id LIMIT 1
        """,
        reader => new Change(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetFieldValue<byte[]>(2),
            reader.GetInt32(3),
            reader.Number(4) == 1,
            reader.GetInt64(5),
            reader.GetInt32(6),
            reader.Time(7),
            reader.Number(8),
            reader.GetBoolean(9)),
        ("$chat", turn.ChatId),
        ("$now", now.UtcTicks)).SingleOrDefault();

    /// <returns>The result, what the message says if it is <c>Sent</c>, and why the subscription's template could not be used.</returns>
    private async Task<(SendResult Result, byte[]? Body, Phrase? Fault)> EditAsync(IChatPlatform platform, ChatTurn turn, Change change, SendPermit permit)
    {
        byte[]? body = null;
        Phrase? fault = null;
        var result = await AskAsync(change, async () =>
        {
            var composed = composer.Compose([change.DeliveryId]);
            fault = composed.TemplateFault;
            body = platform.Render(composed.Message, change.Fallback);
            return body is null ? new SendResult.Rejected("There is no form for it.")
                : body.AsSpan().SequenceEqual(change.Body) ? new SendResult.Sent(change.MessageId)
                : await platform.EditAsync(turn.Chat, change.MessageId, body, permit, CancellationToken.None);
        });
        return (result, body, fault);
    }

    private async Task<SendResult> AskAsync(Change change, Func<Task<SendResult>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception fault) when (fault is not SqliteException)
        {
            // A bug met by one message: it stays as it was sent, and the others must not notice.
            LogBroke(fault, change.DeliveryId);
            return new SendResult.Rejected("Notifier met a bug while it was changing it; the log says more.");
        }
    }

    /// <returns>False when the message is to be changed once more, later.</returns>
    private static bool Record(SqliteConnection connection, Change change, SendResult result, byte[]? body, DateTimeOffset now)
    {
        (string, object?) id = ("$id", change.SendingId);
        DateTimeOffset? again = result switch
        {
            SendResult.RetryAfter wait => now + wait.Delay,
            SendResult.NotSent or SendResult.Unknown => now + DeliveryPlan.Pause(change.Edits + 1),
            SendResult.NoAccess => now + DeliveryPlan.NoAccessPause,
            SendResult.PlatformClosed => now,
            _ => null,
        };
        if (again is { } due)
        {
            connection.Execute(
                "UPDATE Sendings SET EditDue=MAX(EditDue, $due), DeleteDue=MAX(DeleteDue, $due), Edits=Edits+$tried WHERE Id=$id",
                ("$due", due.UtcTicks),
                ("$tried", result is SendResult.NotSent or SendResult.Unknown ? 1 : 0),
                id);
            return false;
        }

        if (change.IsDeletion && result is SendResult.Sent)
        {
            connection.Execute("UPDATE Sendings SET MessageId=NULL, EditDue=NULL, DeleteDue=NULL WHERE Id=$id", id);
            connection.Execute("UPDATE Deliveries SET Reason=$reason WHERE SendingId=$id", id, ("$reason", Phrase.Of("reason.withdrawn").Text));
            return true;
        }

        if (change.IsDeletion)
        {
            connection.Execute("UPDATE Sendings SET DeleteDue=NULL WHERE Id=$id", id);
            return true;
        }

        // An edit that was found meanwhile is not in it yet.
        return connection.Scalar<long?>(
            """
            UPDATE Sendings SET Body=COALESCE($body, Body), Edits=Edits+1,
              EditDue=CASE WHEN EXISTS (SELECT 1 FROM Deliveries d JOIN Entries e ON e.Id=d.EntryId WHERE d.SendingId=$id AND e.EditedAt IS NOT $edited) THEN $next END
            WHERE Id=$id RETURNING EditDue
            """,
            ("$body", result is SendResult.Sent ? body : null),
            ("$edited", change.EditedAt),
            ("$next", (now + TimeSpan.FromMinutes(1)).UtcTicks),
            id) is null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivery {Id} to {Chat}, {What}: {Outcome}")]
    private partial void LogChange(ChatAddress chat, long id, string what, string outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "Changing the message of delivery {Id} met a bug")]
    private partial void LogBroke(Exception fault, long id);

    /// <param name="Edits">How often it was changed or tried.</param>
    /// <param name="SentAt">When it was sent.</param>
    /// <param name="EditedAt">The entry's edit, UTC ticks, that the message will say.</param>
    /// <param name="TellsOthers">Other entries were folded into it: without it the chat would have their story in no form.</param>
    private sealed record Change(
        long SendingId,
        string MessageId,
        byte[] Body,
        int Edits,
        bool IsDeletion,
        long DeliveryId,
        int Fallback,
        DateTimeOffset SentAt,
        long? EditedAt,
        bool TellsOthers);
}
