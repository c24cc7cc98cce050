using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>Records what became of a send, by the table in ARCHITECTURE.md. Each record is refused under an epoch that is over.</summary>
public sealed partial class Outcomes(Storage storage, Notices notices, Outbox outbox, DeliveryOptions options, TimeProvider time, ILogger<Outcomes> log)
{
    /// <summary>A chat that is asked to wait for longer is worth a word to the operator.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(15);

    /// <summary>When each platform last took a message, UTC ticks.</summary>
    private readonly ConcurrentDictionary<string, long> _lastTaken = new(StringComparer.Ordinal);

    /// <exception cref="PlatformClosedException">The platform refuses the token.</exception>
    /// <exception cref="LeaseLostException">Another process sends for this platform now; nothing is recorded.</exception>
    internal async Task<TurnEnd> RecordAsync(IChatPlatform platform, SenderLease lease, DueDelivery head, Sending sending, SendResult result)
    {
        var now = time.GetUtcNow();
        if (result is SendResult.Sent)
            _lastTaken[platform.Name] = now.UtcTicks;
        await storage.Writer.RunAsync(
            db =>
            {
                lease.Require(db.Statements);
                Record(db, platform, lease, head, sending, result, now);
            },
            CancellationToken.None);
        if (result is SendResult.ChatMoved or SendResult.ChatGone or SendResult.NoAccess)
            outbox.Wake();
        if (result is SendResult.RetryAfter { Delay: var delay } && delay >= LongWait)
            LogLongWait(head.Chat, delay);
        LogOutcome(head.Chat, head.Id, result.GetType().Name);
        return result switch
        {
            SendResult.Sent => TurnEnd.Done,
            SendResult.RetryAfter { WholeToken: true } wait => new TurnEnd(false, wait.Delay),
            SendResult.PlatformClosed closed => throw new PlatformClosedException(platform.Name, closed.Reason),
            _ => TurnEnd.Waits,
        };
    }

    /// <summary>It could not even be composed: the next simpler form, or quarantine.</summary>
    internal Task StepDownAsync(SenderLease lease, DueDelivery head, string reason) =>
        storage.Writer.RunAsync(db => StepDown(db, lease, head, null, reason, time.GetUtcNow()), CancellationToken.None);

    private void Record(NotifierDb db, IChatPlatform platform, SenderLease lease, DueDelivery head, Sending sending, SendResult result, DateTimeOffset now)
    {
        var statements = db.Statements;
        var pause = DeliveryPlan.Pause(head.Attempts + 1);
        switch (result)
        {
            case SendResult.Sent sent:
                DeliveryStore.Sent(statements, sending.Id, head.ChatId, head.Chat.Id, sent.MessageId, now);
                break;
            case SendResult.NotSent not:
                DeliveryStore.Back(statements, sending.Id, not.Reason);
                DeliveryStore.HoldChat(statements, head.ChatId, now + pause);
                break;
            case SendResult.RetryAfter wait:
                DeliveryStore.Uncount(statements, sending.Id);
                DeliveryStore.Back(statements, sending.Id, null);
                if (!wait.WholeToken)
                    DeliveryStore.HoldChat(statements, head.ChatId, now + wait.Delay);
                break;
            case SendResult.ChatMoved moved:
                DeliveryStore.Back(statements, sending.Id, null);
                if (moved.To.Id == head.Chat.Id)
                    DeliveryStore.HoldChat(statements, head.ChatId, now + pause);
                ChatMoves.Move(db, head.Chat, moved.To, now);
                notices.Moved(db, head.Chat, moved.To, now);
                break;
            case SendResult.ChatGone gone:
                DeliveryStore.Back(statements, sending.Id, null);
                notices.Gone(db, platform, head.ChatId, gone.Reason, now);
                ChatMoves.Gone(db.Connection(), head.ChatId, gone.Reason, now);
                break;
            case SendResult.NoAccess refused:
                DeliveryStore.Back(statements, sending.Id, refused.Reason);
                DeliveryStore.HoldChat(statements, head.ChatId, now + DeliveryPlan.NoAccessPause);
                notices.NoAccess(db, platform, head.ChatId, refused.Reason, now);
                break;
            case SendResult.Rejected rejected:
                StepDown(db, lease, head, sending.Id, rejected.Reason, now);
                break;
            case SendResult.PlatformClosed closed:
                DeliveryStore.Back(statements, sending.Id, closed.Reason);
                break;
            case SendResult.Unknown { IsAnswered: true } fault when IsPoison(db.Connection(), platform, head, sending, now):
                var why = Phrase.Of("reason.poison", ("platform", platform.Title), ("count", sending.LostAnswers + 1), ("reason", new Phrase(fault.Reason))).Text;
                DeliveryStore.End(statements, sending.Id, DeliveryState.Quarantined, why, now);
                notices.Quarantined(db, head.Id, why, now);
                break;
            case SendResult.Unknown unknown:
                // Who would rather miss one is not made to wait for the question whether it arrived.
                var isFirst = head.SendingId is null && (head.AtMostOnce || options.AtMostOnce);
                DeliveryStore.Lost(statements, sending.Id, unknown.Reason, isFirst ? now : now + pause);
                break;
            default:
                throw new InvalidOperationException($"No such result: {result}");
        }
    }

    /// <summary>
    /// Whether it is this one message that the platform fails at, again and again, while it takes others; then those behind it need not wait any more. After one
    /// such message the next is put aside only if something went through in this chat since: else it is the chat that is in trouble, and everything waits.
    /// </summary>
    private bool IsPoison(SqliteConnection connection, IChatPlatform platform, DueDelivery head, Sending sending, DateTimeOffset now) =>
        Math.Min(sending.LostAnswers, head.Attempts) + 1 >= DeliveryPlan.MostFailures
        && _lastTaken.GetValueOrDefault(platform.Name) >= (now - DeliveryPlan.Pause(head.Attempts)).UtcTicks
        && connection.Scalar<long>("SELECT COUNT(*) FROM Deliveries WHERE SendingId=$id", ("$id", sending.Id)) == 1
        && connection.Scalar<long>(
            """
            SELECT COALESCE(MAX(d.EndedAt), 0) FROM Deliveries d JOIN Sendings s ON s.Id=d.SendingId WHERE d.ChatId=$chat AND d.State='Quarantined' AND s.LostAnswers>0
              AND NOT EXISTS (SELECT 1 FROM Deliveries o WHERE o.ChatId=$chat AND o.State='Sent' AND o.EndedAt>=d.EndedAt)
            """,
            ("$chat", head.ChatId)) == 0;

    /// <summary>The platform refuses this form: the next simpler one, and after the last one quarantine for that delivery alone.</summary>
    private void StepDown(NotifierDb db, SenderLease lease, DueDelivery head, long? sendingId, string reason, DateTimeOffset now)
    {
        lease.Require(db.Statements);
        if (sendingId is { } id)
            DeliveryStore.Drop(db.Statements, id, reason);
        var state = db.Connection().Query(
            """
            UPDATE Deliveries SET Reason=$reason, Fallback=MIN(Fallback+1, 2),
              State=CASE WHEN Fallback<2 THEN 'Waiting' ELSE 'Quarantined' END, EndedAt=CASE WHEN Fallback<2 THEN NULL ELSE $now END
            WHERE Id=$id AND State='Waiting' AND EndedAt IS NULL RETURNING State
            """,
            reader => reader.GetString(0),
            ("$reason", reason),
            ("$now", now.UtcTicks),
            ("$id", head.Id)).SingleOrDefault();
        if (state == nameof(DeliveryState.Quarantined))
            notices.Quarantined(db, head.Id, reason, now);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivery {Id} to {Chat}: {Outcome}")]
    private partial void LogOutcome(ChatAddress chat, long id, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chat} has to wait {Delay} before anything more is sent there, as the platform asks; what is owed there is kept")]
    private partial void LogLongWait(ChatAddress chat, TimeSpan delay);
}
