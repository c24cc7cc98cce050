using System.Globalization;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Texts;

namespace Notifier.ChatSettings;

/// <summary>Takes a change of this chat back: the last one, or the one that a button names. Refused where the same thing was changed since.</summary>
public sealed class UndoCommand(Poller poller, FeedNotices notices, Outbox outbox) : Command("undo")
{
    private static readonly Parameter<long> Change = new("change", "commands.undo.change", ReadNumber) { IsOptional = true };

    private const string Import = "import";

    public override IReadOnlyList<Parameter> Parameters => [Change];

    public override Rights Needs => Rights.ChatAdmin;

    /// <summary>Whether a line is of a change that can be taken back.</summary>
    internal static bool IsUndoable(AuditLine line) => line.Command != "undo" && !IsSent(line)
        && (line.Subject.StartsWith("subscription:", StringComparison.Ordinal) || (line.Subject == ChatRecord.Subject && line is { Before: not null, After: not null }));

    /// <summary>What was held back and is on its way cannot be called back.</summary>
    private static bool IsSent(AuditLine line) => line is { Command: "held", After: { } after } && ChangeWords.Read<SubscriptionRecord>(after).HeldBecame == SubscriptionRecord.Sent;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var number = call.GetOr(Change);
                var line = db.AuditLines.Where(a => a.ChatId == chat.Id && (number == 0 || a.Id == number)).OrderByDescending(a => a.Id).AsEnumerable().FirstOrDefault(a => IsUndoable(a) || a.Command == Import || IsSent(a))
                    ?? throw call.Error("undo.none");
                if (line.Command == Import)
                    throw call.Error("undo.import");
                if (IsSent(line))
                    throw call.Error("undo.held");
                if (line.UndoneAt is not null)
                    throw call.Error("undo.already");

                // Lines of one time are one change.
                var lines = db.AuditLines.Where(a => a.ChatId == chat.Id && a.Command == line.Command && a.At == line.At).OrderBy(a => a.Id).AsEnumerable().Where(IsUndoable).ToList();
                var undone = lines.FindAll(part => TakeBack(db, call, chat, part));
                if (undone.Count == 0)
                    throw call.Error("undo.late");
                foreach (var part in undone)
                {
                    part.UndoneAt = call.Now;
                    call.Audit(db, chat, Name, part.Subject, part.After, part.Before);
                }

                notices.HoldsIn(db, chat.Id, call.Now);
                return Said(db, call, undone);
            },
            ct);
        poller.Wake();
        outbox.Wake();
        return reply;
    }

    private static Message Said(NotifierDb db, CommandCall call, List<AuditLine> undone)
    {
        if (undone.TrueForAll(line => line is { Before: not null, After: null }))
            return call.Reply("undo.done", ("count", undone.Count));
        var titles = db.TitlesOf([.. undone.Select(ChangeWords.FeedOf).OfType<string>()]);
        return call.Reply("undo.taken", ("what", call.SayList([.. undone.Take(3).Select(line => ChangeWords.Of(call, line, titles))])));
    }

    /// <summary>False where there is nothing left to take back.</summary>
    /// <exception cref="CommandError">It was changed since.</exception>
    private static bool TakeBack(NotifierDb db, CommandCall call, Chat chat, AuditLine line)
    {
        if (line.Subject == ChatRecord.Subject)
        {
            OweSkipped(db, chat, null, line.At, DeliveryState.Waiting);
            TakeBackChat(db, call, chat, ChangeWords.Read<ChatRecord>(line.Before!), ChangeWords.Read<ChatRecord>(line.After!));
            return true;
        }

        var id = long.Parse(line.Subject.AsSpan(line.Subject.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        if (db.Subscriptions.Find(id) is not { } subscription || subscription.ChatId != chat.Id)
            return false;
        switch (line)
        {
            case { Before: null }:
                if (subscription.EndedAt is not null)
                    return false;
                DueTimes.End(db, subscription, call.Now);
                return true;
            case { After: null }:
                if (subscription.EndedAt != line.At)
                    return false;
                DueTimes.Revive(db, subscription, call.Now);

                // One whose publisher took it away is asked once more.
                if (db.Feeds.Find(subscription.FeedId) is { PausedSince: null } feed)
                    feed.NextPoll ??= call.Now;
                return true;
            case var _ when subscription.EndedAt is not null:
                return false;
            default:
                var before = ChangeWords.Read<SubscriptionRecord>(line.Before);
                TakeBackSettings(db, call, subscription, before, ChangeWords.Read<SubscriptionRecord>(line.After));
                OweSkipped(db, chat, subscription, line.At, before.Held > 0 ? DeliveryState.Held : DeliveryState.Waiting);
                DueTimes.Recompute(db, subscription, call.Now);
                return true;
        }
    }

    /// <summary>What was skipped by the change is owed again, or held again: of one subscription, or of all in the chat.</summary>
    private static void OweSkipped(NotifierDb db, Chat chat, Subscription? only, DateTimeOffset at, DeliveryState state) => db.Connection().Execute(
        """
        UPDATE Deliveries SET State=$state, EndedAt=NULL, Reason=NULL, DueAt=NULL
        WHERE ChatId=$chat AND ($id IS NULL OR SubscriptionId=$id) AND SubscriptionId IS NOT NULL AND State='Cancelled' AND EndedAt=$at
        """,
        ("$chat", chat.Id),
        ("$id", only?.Id),
        ("$state", state.ToString()),
        ("$at", at.UtcTicks));

    private static void TakeBackSettings(NotifierDb db, CommandCall call, Subscription subscription, SubscriptionRecord before, SubscriptionRecord after)
    {
        subscription.Filter = Back(call, subscription.Filter, before.Filter, after.Filter);
        subscription.Cron = Back(call, subscription.Cron, before.Cron, after.Cron);
        subscription.Style = Back(call, subscription.Style, before.Style, after.Style);
        subscription.Template = Back(call, subscription.Template, before.Template, after.Template);
        if (subscription.Template is null && Look.Read(subscription.Style)?.Style == Style.Custom)
            throw call.Error("undo.changed");
        subscription.PausedSince = Back(call, subscription.PausedSince, before.PausedSince, after.PausedSince);
        subscription.DeletesWithdrawn = Back(call, subscription.DeletesWithdrawn, before.DeletesWithdrawn, after.DeletesWithdrawn);
        if (!subscription.DeletesWithdrawn)
            Withdrawals.Forget(db, subscription.Id);
    }

    private static void TakeBackChat(NotifierDb db, CommandCall call, Chat chat, ChatRecord before, ChatRecord after)
    {
        chat.Zone = Back(call, chat.Zone, before.Zone, after.Zone);
        chat.Language = Back(call, chat.Language, before.Language, after.Language);
        chat.QuietFrom = Back(call, chat.QuietFrom, before.QuietFrom, after.QuietFrom);
        chat.QuietUntil = Back(call, chat.QuietUntil, before.QuietUntil, after.QuietUntil);
        chat.PausedSince = Back(call, chat.PausedSince, before.PausedSince, after.PausedSince);
        chat.StoriesApart = Back(call, chat.StoriesApart, before.StoriesApart, after.StoriesApart);
        chat.AtMostOnce = Back(call, chat.AtMostOnce, before.AtMostOnce, after.AtMostOnce);
        chat.Style = Back(call, chat.Style, before.Style, after.Style);
        DueTimes.Recompute(db, chat, call.Now);
    }

    /// <summary>The value from before; one that the change left alone stays as it is.</summary>
    private static T Back<T>(CommandCall call, T now, T before, T after)
    {
        if (Equals(before, after))
            return now;
        return Equals(now, after) ? before : throw call.Error("undo.changed");
    }

    private static long ReadNumber(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new CommandError(Phrase.Of("value.change", ("text", text)));
}
