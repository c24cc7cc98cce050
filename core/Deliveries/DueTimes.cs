using Notifier.Model;

namespace Notifier.Deliveries;

/// <summary>Sets anew when what waits is due, after the end of a subscription or a change of a subscription's or a chat's settings; inside the writer's transaction.</summary>
public static class DueTimes
{
    /// <summary>All that a subscription is owed: paused or ended it waits without a time, else its plan begins now.</summary>
    public static void Recompute(NotifierDb db, Subscription subscription, DateTimeOffset now)
    {
        var due = DeliveryTimes.Of(subscription, db.Chats.Find(subscription.ChatId)!).FirstDue(now);

        // Also what is on its way: if it comes back it is not sent again while nothing lets it go.
        db.Connection().Execute(
            due is null
                ? "UPDATE Deliveries SET DueAt=NULL WHERE ChatId=$chat AND FeedId=$feed AND SubscriptionId=$id AND State IN ('Waiting', 'Sending') AND EndedAt IS NULL"
                : "UPDATE Deliveries SET DueAt=$due WHERE ChatId=$chat AND FeedId=$feed AND SubscriptionId=$id AND (State='Waiting' OR (State IN ('Sending', 'Unknown') AND DueAt IS NULL)) AND EndedAt IS NULL",
            ("$chat", subscription.ChatId),
            ("$feed", subscription.FeedId),
            ("$id", subscription.Id),
            ("$due", due?.UtcTicks));
    }

    /// <summary>All that a chat is owed, after a change of its zone, quiet hours or pause. What was due already stays due; in quiet hours the deliverer puts it off.</summary>
    public static void Recompute(NotifierDb db, Chat chat, DateTimeOffset now)
    {
        foreach (var subscription in db.Subscriptions.Where(s => s.ChatId == chat.Id && s.EndedAt == null).ToList())
        {
            if (chat.PausedSince is not null || subscription.PausedSince is not null)
            {
                Recompute(db, subscription, now);
                continue;
            }

            db.Connection().Execute(
                """
                UPDATE Deliveries SET DueAt=$due
                WHERE ChatId=$chat AND FeedId=$feed AND SubscriptionId=$id AND (State='Waiting' AND (DueAt IS NULL OR DueAt>$now) OR State IN ('Sending', 'Unknown') AND DueAt IS NULL) AND EndedAt IS NULL
                """,
                ("$chat", chat.Id),
                ("$feed", subscription.FeedId),
                ("$id", subscription.Id),
                ("$now", now.UtcTicks),
                ("$due", DeliveryTimes.Of(subscription, chat).FirstDue(now)?.UtcTicks));
        }

        // Notices keep to the quiet hours alone.
        db.Connection().Execute(
            "UPDATE Deliveries SET DueAt=$now WHERE ChatId=$chat AND SubscriptionId IS NULL AND State='Waiting' AND DueAt>$now AND EndedAt IS NULL",
            ("$chat", chat.Id),
            ("$now", now.UtcTicks));
    }

    /// <summary>Ends a subscription. Its feed is polled and its entries are kept for it for a day more, so that Undo loses nothing.</summary>
    public static void End(NotifierDb db, Subscription subscription, DateTimeOffset now)
    {
        subscription.EndedAt = now;
        Recompute(db, subscription, now);
    }

    /// <summary>Takes the end back: what came meanwhile is owed after all.</summary>
    public static void Revive(NotifierDb db, Subscription subscription, DateTimeOffset now)
    {
        subscription.EndedAt = null;
        Recompute(db, subscription, now);
    }
}
