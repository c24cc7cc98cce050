using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>
/// A chat's turn: its oldest delivery, from composing to recording; or, when nothing is owed, a change of what was sent. Not cancellable: between the
/// platform's yes and the record of it lies the only way to send twice.
/// </summary>
public sealed partial class Turn(Storage storage, Composer composer, Outcomes outcomes, Changes changes, Notices notices, Catalogue texts, DeliveryOptions options, TimeProvider time, ILogger<Turn> log)
{
    /// <param name="place">What the platform admitted for this turn; given back when nothing is sent.</param>
    /// <exception cref="PlatformClosedException">The platform refuses the token.</exception>
    /// <exception cref="LeaseLostException">Another process sends for this platform now.</exception>
    internal async Task<TurnEnd> TakeAsync(IChatPlatform platform, SenderLease lease, ChatTurn turn, Admission.Granted place)
    {
        using var permit = place.Permit;
        using var spoken = texts.In(turn.Language);
        var began = time.GetTimestamp();
        await RequireAsync(platform, lease);
        var head = storage.Read(statements => DeliveryStore.Head(statements, turn, time.GetUtcNow()));
        if (head is null)
        {
            await place.BeginsAsync(time, began, CancellationToken.None);
            return await changes.TakeAsync(platform, lease, turn, permit);
        }

        // Its address changed since it was admitted: the place is another chat's.
        if (head.Chat != turn.Chat)
            return TurnEnd.Done;
        if (head.QuietUntil is not null)
        {
            await storage.Writer.RunAsync(db => PutOff(db, head.ChatId, time.GetUtcNow()), CancellationToken.None);
            return TurnEnd.Waits;
        }

        var (sending, result) = head.SendingId is { } lost ? await AgainAsync(platform, lease, head, lost) : (await ComposeAsync(platform, lease, head), null);
        if (sending is null)
            return TurnEnd.Waits;
        if (result is null)
        {
            await place.BeginsAsync(time, began, CancellationToken.None);

            // Once more, right before: a process that was frozen meanwhile may have lost the right to send.
            await RequireAsync(platform, lease);
            result = await SendAsync(platform, head, sending, permit);
        }

        return await outcomes.RecordAsync(platform, lease, head, sending, result);
    }

    /// <exception cref="LeaseLostException">A request may not begin any more.</exception>
    private static async Task RequireAsync(IChatPlatform platform, SenderLease lease)
    {
        if (!await lease.HoldsForAsync(platform.SendTimeout, CancellationToken.None))
            throw new LeaseLostException(platform.Name);
    }

    /// <summary>It is quiet in the chat, unless that was changed in this moment: what is due there is due when it is over.</summary>
    private static void PutOff(NotifierDb db, long chatId, DateTimeOffset now)
    {
        if (db.Chats.Find(chatId) is { QuietFrom: { } from, QuietUntil: { } until } chat && new QuietHours(from, until).EndOf(now, Zones.Named(chat.Zone)) is { } over)
            DeliveryStore.PutOff(db.Statements, chatId, over, now);
    }

    private async Task<SendResult> SendAsync(IChatPlatform platform, DueDelivery head, Sending sending, SendPermit permit)
    {
        try
        {
            return await platform.SendAsync(head.Chat, sending.Body, sending.Nonce, permit, CancellationToken.None);
        }
        catch (Exception fault)
        {
            // A bug of the platform, met by one message: whether it went out nobody knows, and the other chats must not notice.
            LogSendBroke(fault, head.Id, head.Chat);
            return new SendResult.Unknown(Phrase.Of("reason.bug.sending").Text);
        }
    }

    /// <summary>
    /// After a lost answer: looks for the message, and sends the same bytes under the same nonce where that makes no second one. Where the platform
    /// cannot tell, the chat's wish decides.
    /// </summary>
    /// <returns>The message with what became of it; without a result it is to be sent. Null when there is nothing to do.</returns>
    private async Task<(Sending? Sending, SendResult? Result)> AgainAsync(IChatPlatform platform, SenderLease lease, DueDelivery head, long sendingId)
    {
        var sending = storage.Read(statements => DeliveryStore.Lost(statements, sendingId));
        if (sending is null)
            return (null, null);
        switch (await FindAsync(platform, head, sending))
        {
            case FindResult.Found found when Other(head.ChatId, found) is { } id:
                return (sending, new SendResult.Sent(id));
            case FindResult.NotNow later:
                return (sending, later.Result);
            case var found when Doubt(found) is { } doubt && (head.AtMostOnce || options.AtMostOnce):
                await storage.Writer.RunAsync(db => Park(db, lease, sendingId, doubt, time.GetUtcNow()), CancellationToken.None);
                return (null, null);
            case var found:
                if (Doubt(found) is { } risk)
                    LogMayRepeat(head.Id, head.Chat, risk);
                var taken = await storage.Writer.RunAsync(
                    db =>
                    {
                        lease.Require(db.Statements);
                        return DeliveryStore.Again(db.Statements, sendingId, lease.Epoch);
                    },
                    CancellationToken.None);
                return (taken ? sending : null, null);
        }
    }

    private async Task<FindResult> FindAsync(IChatPlatform platform, DueDelivery head, Sending sending)
    {
        try
        {
            return await platform.FindAsync(head.Chat, new LostMessage(sending.Body, sending.Nonce, sending.FirstAttempt), CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogSendBroke(fault, head.Id, head.Chat);
            return new FindResult.Untold("Notifier met a bug while it was looking for it; the log says more.");
        }
    }

    /// <summary>The first of the messages found that is no other delivery's; null when all are.</summary>
    private string? Other(long chatId, FindResult.Found found)
    {
        var known = storage.Read(statements => DeliveryStore.Known(statements, chatId, found.MessageIds));
        return found.MessageIds.FirstOrDefault(id => !known.Contains(id));
    }

    /// <summary>Why it may be there although it was not found; null where sending it again makes no second one.</summary>
    private static string? Doubt(FindResult found) => found switch
    {
        FindResult.Untold untold => untold.Reason,
        FindResult.Found { IsAll: false } => "Not everything that was said there since could be looked at.",
        _ => null,
    };

    private static void Park(NotifierDb db, SenderLease lease, long sendingId, string doubt, DateTimeOffset now)
    {
        lease.Require(db.Statements);
        DeliveryStore.End(db.Statements, sendingId, DeliveryState.Unknown, $"The answer was lost; it may have arrived. {doubt}", now);
    }

    /// <returns>The message, stored; null when there is nothing to send now.</returns>
    private async Task<Sending?> ComposeAsync(IChatPlatform platform, SenderLease lease, DueDelivery head)
    {
        var now = time.GetUtcNow();
        var run = storage.Read(statements => DeliveryStore.Run(statements, head, now));
        var heard = run.Where(entry => entry is { Story: not null } and ({ WasTold: true } or { IsInDoubt: true })).Select(entry => entry.Id).ToList();
        if (heard.Count > 0)
        {
            await storage.Writer.RunAsync(db => Fold(db, lease, heard, now), CancellationToken.None);
            return null;
        }

        Composed composed;
        byte[] body;
        try
        {
            (body, composed) = Fit(platform, head, OfEachStoryOne(run));
        }
        catch (Exception fault) when (fault is not SqliteException)
        {
            // A bug met by one entry's content: a simpler form is tried, then that one delivery is put aside; the chat's others go on.
            LogComposeBroke(fault, head.Id);
            await outcomes.StepDownAsync(lease, head, Phrase.Of("reason.bug.composing").Text);
            return null;
        }

        var sending = new Sending
        {
            ChatId = head.ChatId,
            Body = body,
            Look = composed.Look?.ToString(),
            Nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)),
            Epoch = lease.Epoch,
            FirstAttempt = now,
        };
        var id = await storage.Writer.RunAsync(
            db =>
            {
                lease.Require(db.Statements);
                if (composed.TemplateFault is { } fault)
                    notices.TemplateFailed(db, head.Id, fault, now);
                return DeliveryStore.Begin(db.Statements, sending, composed.Deliveries, head.EditedAt);
            },
            CancellationToken.None);
        sending.Id = id ?? 0;
        return id is null ? null : sending;
    }

    private static void Fold(NotifierDb db, SenderLease lease, List<long> heard, DateTimeOffset now)
    {
        lease.Require(db.Statements);
        DeliveryStore.Fold(db.Statements, heard, now);
    }

    /// <summary>What goes together: the others of a story wait until its first one was really told.</summary>
    private static List<long> OfEachStoryOne(List<DueEntry> run)
    {
        var stories = new HashSet<long>();
        return [.. run.TakeWhile(entry => entry.IsAsStyled).Where(entry => entry.Story is not { } story || stories.Add(story)).Select(entry => entry.Id)];
    }

    /// <summary>The bytes of the head's message and what they carry: as many entries of a burst as the plan says, or fewer where the platform has no room for so many.</summary>
    private (byte[] Body, Composed Composed) Fit(IChatPlatform platform, DueDelivery head, List<long> run)
    {
        for (var take = Math.Max(1, DeliveryPlan.Take(run.Count, head.IsDigest)); ; take /= 2)
        {
            var composed = composer.Compose(take > 1 ? run.GetRange(0, take) : [head.Id]);
            if (platform.Render(composed.Message, head.Fallback) is { } body)
                return (body, composed);
            if (take <= 1)
                throw new InvalidOperationException($"{platform.Name} has no form for the message of one delivery.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending delivery {Id} to {Chat} met a bug")]
    private partial void LogSendBroke(Exception fault, long id, ChatAddress chat);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery {Id} to {Chat} goes again although it may have arrived: {Reason}")]
    private partial void LogMayRepeat(long id, ChatAddress chat, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Composing delivery {Id} met a bug")]
    private partial void LogComposeBroke(Exception fault, long id);
}

/// <summary>How a chat's turn ended.</summary>
/// <param name="IsDone">What was to go went. Else something of the chat waits for a time, or was changed: the table knows what is next.</param>
/// <param name="TokenWait">The platform asked the whole token to wait.</param>
internal sealed record TurnEnd(bool IsDone, TimeSpan? TokenWait = null)
{
    public static TurnEnd Done { get; } = new(true);

    public static TurnEnd Waits { get; } = new(false);
}
