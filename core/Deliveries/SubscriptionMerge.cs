using Microsoft.EntityFrameworkCore;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>
/// Two subscriptions that become one, since their feeds or their chats did; inside the writer's transaction. A living one stays before an ended, a going
/// before a paused, the older; and the chat gets by it whatever it got by either.
/// </summary>
internal sealed class SubscriptionMerge
{
    /// <summary>Who changes settings by it, as the audit names it.</summary>
    private const string Itself = "notifier";

    private readonly Subscription _goes;

    public SubscriptionMerge(Subscription one, Subscription other)
    {
        var order = new[] { one, other }.OrderBy(s => s.EndedAt is not null).ThenBy(s => s.PausedSince is not null).ThenBy(s => s.Since).ThenBy(s => s.Id).ToArray();
        (Stays, _goes) = (order[0], order[1]);
        Older = _goes.EndedAt is null && (_goes.Since, _goes.Id).CompareTo((Stays.Since, Stays.Id)) < 0 ? _goes : Stays;
    }

    /// <summary>With its settings of before, until <see cref="Write"/>.</summary>
    public Subscription Stays { get; }

    /// <summary>Of those that live, the one that was there first.</summary>
    public Subscription Older { get; }

    /// <summary>What a subscription that ended had kept back is not wanted; what a paused one had kept back is, since the other of them goes on.</summary>
    public void CancelKeptBack(NotifierDb db, DateTimeOffset now)
    {
        if (Stays.EndedAt is null && _goes.EndedAt is not null)
        {
            db.Connection().Execute(
                "UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason=$reason WHERE SubscriptionId=$goes AND State IN ('Waiting', 'Held') AND DueAt IS NULL AND EndedAt IS NULL",
                ("$goes", _goes.Id),
                ("$reason", Phrase.Of("reason.ended").Text),
                ("$now", now.UtcTicks));
        }
    }

    /// <summary>Leaves the one, with all that both are owed. Where its settings change by that, the chat's history says so.</summary>
    public void Write(NotifierDb db, long feedId, int number, DateTimeOffset now)
    {
        var feed = db.Feeds.AsNoTracking().Single(f => f.Id == feedId);
        var before = SubscriptionRecord.Of(feed, Stays);
        if (Stays.EndedAt is null && _goes.EndedAt is null)
        {
            Stays.Filter = Either(Stays.Filter, _goes.Filter);
            Stays.Cron = _goes.Cron is null ? null : Stays.Cron;

            if (Stays.Style is null)
                (Stays.Style, Stays.Template) = (_goes.Style, Stays.Template ?? _goes.Template);

            // In doubt a message stays.
            Stays.DeletesWithdrawn &= _goes.DeletesWithdrawn;
        }

        (Stays.Number, Stays.Since) = (number, Older.Since);
        (string, object?)[] all =
        [
            ("$stays", Stays.Id), ("$goes", _goes.Id), ("$number", Stays.Number), ("$since", Stays.Since.UtcTicks), ("$filter", Stays.Filter), ("$cron", Stays.Cron), ("$deletes", Stays.DeletesWithdrawn),
            ("$style", Stays.Style), ("$template", Stays.Template),
        ];
        db.Connection().Execute("UPDATE Deliveries SET SubscriptionId=$stays WHERE SubscriptionId=$goes", all);
        db.Connection().Execute("DELETE FROM Subscriptions WHERE Id=$goes", all);
        db.Connection().Execute("UPDATE Subscriptions SET Number=$number, Since=$since, Filter=$filter, Cron=$cron, DeletesWithdrawn=$deletes, Style=$style, Template=$template WHERE Id=$stays", all);
        if (!Stays.DeletesWithdrawn)
            db.Connection().Execute("UPDATE Sendings SET DeleteDue=NULL WHERE DeleteDue IS NOT NULL AND Id IN (SELECT SendingId FROM Deliveries WHERE SubscriptionId=$stays)", all);
        var after = SubscriptionRecord.Of(feed, Stays);
        if (after == before)
            return;
        db.AuditLines.Add(new AuditLine
        {
            At = now,
            ChatId = Stays.ChatId,
            Person = Itself,
            Command = "feed",
            Subject = $"subscription:{Stays.Id}",
            Before = before.Json,
            After = after.Json,
        });
        db.SaveChanges();
    }

    /// <summary>What either wants. Where that cannot be said in one filter it is everything: an entry too many is better than one lost.</summary>
    private static string? Either(string? one, string? other)
    {
        if (one is null || other is null || one == other)
            return one == other ? one : null;
        var both = $"({one}) or ({other})";
        return FilterParser.Read(both) is FilterReading.Understood ? both : null;
    }
}
