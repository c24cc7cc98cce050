using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;

namespace Notifier.Deliveries;

/// <summary>
/// Sends what is owed: takes the oldest unfinished delivery of a chat, composes and stores its message, sends it, records the outcome.
/// A chat has one message on its way at a time, so its order holds; one chat's trouble never delays another's.
/// </summary>
public sealed partial class Deliverer(Storage storage, Composer composer, Outbox outbox, Notices notices, TimeProvider time, ILogger<Deliverer> log)
{
    private const int ChatsAtOnce = 64;

    /// <summary>Until when a platform's whole token has to wait; by the timer, since the clock on the wall may be set meanwhile.</summary>
    private readonly ConcurrentDictionary<string, long> _tokenHolds = new(StringComparer.Ordinal);

    /// <summary>Delivers what is due on a platform until nothing is.</summary>
    /// <exception cref="PlatformClosedException">The platform refuses the token: nothing more can be sent there.</exception>
    /// <exception cref="LeaseLostException">Another process sends for this platform now.</exception>
    public async Task DeliverDueAsync(IChatPlatform platform, SenderLease lease, CancellationToken ct)
    {
        var signal = outbox.SignalOf(platform.Name);
        var running = new Dictionary<long, Task>();
        try
        {
            while (true)
            {
                foreach (var (chat, task) in running.Where(r => r.Value.IsCompleted).ToList())
                {
                    await task;
                    running.Remove(chat);
                }

                var now = time.GetUtcNow();
                var stop = ct.IsCancellationRequested || HeldFor(platform.Name) > TimeSpan.Zero;
                var (due, next) = stop ? ([], null) : Look(platform.Name, now, running.Count);
                foreach (var head in due.Where(head => !running.ContainsKey(head.ChatId)).Take(ChatsAtOnce - running.Count).ToList())
                {
                    var task = DeliverAsync(platform, lease, head);
                    running.Add(head.ChatId, task);
                    _ = task.ContinueWith(_ => signal.Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }

                if (running.Count == 0)
                    return;
                await (stop ? Task.WhenAny(running.Values) : signal.SleepAsync(next, ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            // What is on its way is finished, also when the process is asked to stop or one of them failed.
            await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sleeps until a delivery of the platform is due, or until woken.</summary>
    public async Task SleepUntilDueAsync(string platform, CancellationToken ct)
    {
        DateTimeOffset? next;
        using (var connection = storage.ReadConnection())
            next = DeliveryStore.NextDue(connection, platform, DateTimeOffset.MinValue);
        if (next is not null && time.GetUtcNow() + HeldFor(platform) is var held && held > next)
            next = held;
        await outbox.SignalOf(platform).SleepAsync(next, ct);
    }

    private TimeSpan HeldFor(string platform) => _tokenHolds.TryGetValue(platform, out var until) ? time.GetElapsedTime(time.GetTimestamp(), until) : TimeSpan.Zero;

    private void Hold(string platform, TimeSpan delay)
    {
        var until = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        _tokenHolds.AddOrUpdate(platform, until, (_, before) => Math.Max(before, until));
    }

    private (List<DueDelivery> Due, DateTimeOffset? Next) Look(string platform, DateTimeOffset now, int busy)
    {
        using var connection = storage.ReadConnection();
        var due = DeliveryStore.Due(connection, platform, now, ChatsAtOnce + busy);

        // With something to send there will be another look soon; the next time matters only before a sleep.
        return (due, due.Count > busy ? now : DeliveryStore.NextDue(connection, platform, now));
    }

    /// <summary>One message from compose to record. Not cancellable: between the platform's yes and the record of it lies the only way to send twice.</summary>
    private async Task DeliverAsync(IChatPlatform platform, SenderLease lease, DueDelivery head)
    {
        if (!await lease.HoldsForAsync(platform.SendTimeout, CancellationToken.None))
            throw new LeaseLostException(platform.Name);
        if (head.QuietUntil is not null)
        {
            await storage.Writer.RunAsync(db => PutOff(db, head.ChatId, time.GetUtcNow()), CancellationToken.None);
            return;
        }

        var sending = head.SendingId is { } earlier ? await AgainAsync(lease, head, earlier) : await ComposeAsync(platform, lease, head);
        if (sending is null)
            return;
        await RecordAsync(platform, lease, head, sending, await SendAsync(platform, head, sending));
    }

    /// <summary>It is quiet in the chat, unless that was changed in this moment: what is due there is due when it is over.</summary>
    private static void PutOff(NotifierDb db, long chatId, DateTimeOffset now)
    {
        if (db.Chats.Find(chatId) is { QuietFrom: { } from, QuietUntil: { } until } chat && new QuietHours(from, until).EndOf(now, Zones.Named(chat.Zone)) is { } over)
            DeliveryStore.PutOff(db.Connection(), chatId, over, now);
    }

    private async Task<SendResult> SendAsync(IChatPlatform platform, DueDelivery head, Sending sending)
    {
        try
        {
            return await platform.SendAsync(head.Chat, sending.Body, sending.Nonce, SendPermit.Unlimited, CancellationToken.None);
        }
        catch (Exception fault)
        {
            // A bug of the platform, met by one message: whether it went out nobody knows, and the other chats must not notice.
            LogSendBroke(fault, head.Id, head.Chat);
            return new SendResult.Unknown("Notifier met a bug while it was sending; the log says more.");
        }
    }

    /// <summary>The same bytes under the same nonce, after a lost answer; nothing where the chat would rather miss one than get it twice.</summary>
    private Task<Sending?> AgainAsync(SenderLease lease, DueDelivery head, long sendingId)
    {
        var now = time.GetUtcNow();
        return storage.Writer.RunAsync(
            db =>
            {
                lease.Require(db.Connection());
                if (!head.AtMostOnce)
                    return DeliveryStore.Again(db.Connection(), sendingId, lease.Epoch);
                DeliveryStore.End(db.Connection(), sendingId, DeliveryState.Unknown, "The answer was lost; it may have arrived.", now);
                return null;
            },
            CancellationToken.None);
    }

    private async Task<Sending?> ComposeAsync(IChatPlatform platform, SenderLease lease, DueDelivery head)
    {
        var now = time.GetUtcNow();
        List<DueEntry> run;
        using (var connection = storage.ReadConnection())
            run = DeliveryStore.Run(connection, head, now);
        var heard = run.Where(entry => entry is { Story: not null } and ({ WasTold: true } or { IsInDoubt: true })).Select(entry => entry.Id).ToList();
        if (heard.Count > 0)
        {
            await storage.Writer.RunAsync(db => Fold(db, lease, heard, now), CancellationToken.None);
            return null;
        }

        IReadOnlyList<long> carried = [head.Id];
        byte[] body;
        try
        {
            (body, carried) = await FitAsync(platform, head, OfEachStoryOne(run));
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or Microsoft.Data.Sqlite.SqliteException))
        {
            // A bug met by one entry's content: a simpler form is tried, then that one delivery is put aside; the chat's others go on.
            LogComposeBroke(fault, head.Id);
            await storage.Writer.RunAsync(db => StepDown(db, lease, head, null, "Notifier could not compose it; the log says more.", now), CancellationToken.None);
            return null;
        }

        var sending = new Sending
        {
            ChatId = head.ChatId,
            Body = body,
            Nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)),
            Epoch = lease.Epoch,
            FirstAttempt = now,
        };
        var id = await storage.Writer.RunAsync(
            db =>
            {
                lease.Require(db.Connection());
                return DeliveryStore.Begin(db.Connection(), sending, carried);
            },
            CancellationToken.None);
        if (id is null)
            return null;
        sending.Id = id.Value;
        return sending;
    }

    private static void Fold(NotifierDb db, SenderLease lease, List<long> heard, DateTimeOffset now)
    {
        lease.Require(db.Connection());
        DeliveryStore.Fold(db.Connection(), heard, now);
    }

    /// <summary>What goes together: the others of a story wait until its first one was really told.</summary>
    private static List<long> OfEachStoryOne(List<DueEntry> run)
    {
        var stories = new HashSet<long>();
        return [.. run.TakeWhile(entry => entry.IsAsStyled).Where(entry => entry.Story is not { } story || stories.Add(story)).Select(entry => entry.Id)];
    }

    /// <summary>The bytes of the head's message and what they carry: as many entries of a burst as the plan says, or fewer where the platform has no room for so many.</summary>
    private async Task<(byte[] Body, IReadOnlyList<long> Carried)> FitAsync(IChatPlatform platform, DueDelivery head, List<long> run)
    {
        for (var take = Math.Max(1, DeliveryPlan.Take(run.Count, head.IsDigest)); ; take /= 2)
        {
            var (message, carried) = await composer.ComposeAsync(take > 1 ? run.GetRange(0, take) : [head.Id], CancellationToken.None);
            if (platform.Render(message, head.Fallback) is { } body)
                return (body, carried);
            if (take <= 1)
                throw new InvalidOperationException($"{platform.Name} has no form for the message of one delivery.");
        }
    }

    private async Task RecordAsync(IChatPlatform platform, SenderLease lease, DueDelivery head, Sending sending, SendResult result)
    {
        var now = time.GetUtcNow();
        if (result is SendResult.RetryAfter { WholeToken: true } wait)
            Hold(platform.Name, wait.Delay);
        await storage.Writer.RunAsync(
            db =>
            {
                lease.Require(db.Connection());
                Record(db, platform, lease, head, sending, result, now);
            },
            CancellationToken.None);
        if (result is SendResult.ChatMoved or SendResult.ChatGone or SendResult.NoAccess)
            outbox.Wake();
        LogOutcome(head.Chat, head.Id, result.GetType().Name);
        if (result is SendResult.PlatformClosed closed)
            throw new PlatformClosedException(platform.Name, closed.Reason);
    }

    private void Record(NotifierDb db, IChatPlatform platform, SenderLease lease, DueDelivery head, Sending sending, SendResult result, DateTimeOffset now)
    {
        var connection = db.Connection();
        var pause = DeliveryPlan.Pause(head.Attempts + 1);
        switch (result)
        {
            case SendResult.Sent sent:
                DeliveryStore.Sent(connection, sending.Id, head.ChatId, sent.MessageId, now);
                break;
            case SendResult.NotSent not:
                DeliveryStore.Back(connection, sending.Id, not.Reason);
                DeliveryStore.HoldChat(connection, head.ChatId, now + pause);
                break;
            case SendResult.RetryAfter wait:
                DeliveryStore.Uncount(connection, sending.Id);
                DeliveryStore.Back(connection, sending.Id, null);
                if (!wait.WholeToken)
                    DeliveryStore.HoldChat(connection, head.ChatId, now + wait.Delay);
                break;
            case SendResult.ChatMoved moved:
                DeliveryStore.Back(connection, sending.Id, null);
                if (moved.To.Id == head.Chat.Id)
                    DeliveryStore.HoldChat(connection, head.ChatId, now + pause);
                ChatMoves.Move(db, head.Chat, moved.To, now);
                notices.Moved(db, head.Chat, moved.To, now);
                break;
            case SendResult.ChatGone gone:
                DeliveryStore.Back(connection, sending.Id, null);
                notices.Gone(db, platform, head.ChatId, gone.Reason, now);
                ChatMoves.Gone(connection, head.ChatId, gone.Reason, now);
                break;
            case SendResult.NoAccess refused:
                DeliveryStore.Back(connection, sending.Id, refused.Reason);
                DeliveryStore.HoldChat(connection, head.ChatId, now + DeliveryPlan.NoAccessPause);
                notices.NoAccess(db, platform, head.ChatId, refused.Reason, now);
                break;
            case SendResult.Rejected rejected:
                StepDown(db, lease, head, sending.Id, rejected.Reason, now);
                break;
            case SendResult.PlatformClosed closed:
                DeliveryStore.Back(connection, sending.Id, closed.Reason);
                break;
            case SendResult.Unknown unknown:
                DeliveryStore.Lost(connection, sending.Id, unknown.Reason, head.AtMostOnce ? null : now + pause, now);
                break;
            default:
                throw new InvalidOperationException($"No such result: {result}");
        }
    }

    /// <summary>The platform refuses this form: the next simpler one, and after the last one quarantine for that delivery alone.</summary>
    private static void StepDown(NotifierDb db, SenderLease lease, DueDelivery head, long? sendingId, string reason, DateTimeOffset now)
    {
        lease.Require(db.Connection());
        if (sendingId is { } id)
            DeliveryStore.Drop(db.Connection(), id, reason);
        db.Connection().Execute(
            """
            UPDATE Deliveries SET Reason=$reason, Fallback=MIN(Fallback+1, 2),
              State=CASE WHEN Fallback<2 THEN 'Waiting' ELSE 'Quarantined' END, EndedAt=CASE WHEN Fallback<2 THEN NULL ELSE $now END
            WHERE Id=$id AND State='Waiting' AND EndedAt IS NULL
            """,
            ("$reason", reason),
            ("$now", now.UtcTicks),
            ("$id", head.Id));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivery {Id} to {Chat}: {Outcome}")]
    private partial void LogOutcome(ChatAddress chat, long id, string outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending delivery {Id} to {Chat} met a bug")]
    private partial void LogSendBroke(Exception fault, long id, ChatAddress chat);

    [LoggerMessage(Level = LogLevel.Error, Message = "Composing delivery {Id} met a bug")]
    private partial void LogComposeBroke(Exception fault, long id);
}
