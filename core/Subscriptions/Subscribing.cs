using Notifier.Model;
using Notifier.Polling;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>The rows that a subscription consists of; inside the writer's transaction.</summary>
internal static class Subscribing
{
    /// <summary>The feed of this address, made if it is new. A new one is not polled before somebody wants it.</summary>
    public static Feed FindOrAddFeed(NotifierDb db, Uri url, string? title, DateTimeOffset now)
    {
        var address = url.AbsoluteUri;
        if (db.Feeds.SingleOrDefault(f => f.Url == address && f.Credential == "") is { } known)
            return known;
        var feed = new Feed { Url = address, Title = title, Partition = Partition.Of(url.IdnHost), CreatedAt = now };
        db.Feeds.Add(feed);
        db.SaveChanges();
        return feed;
    }

    /// <summary>Makes the subscription, or revives one that ended; what an ended one was still owed is cancelled, since only what comes from now on is wanted.</summary>
    /// <returns>Null when the chat has it already.</returns>
    public static Subscription? Add(NotifierDb db, Chat chat, Feed feed, string? by, DateTimeOffset now)
    {
        var subscription = db.Subscriptions.SingleOrDefault(s => s.ChatId == chat.Id && s.FeedId == feed.Id);
        if (subscription is { EndedAt: null })
            return null;
        if (subscription is null)
        {
            subscription = new Subscription { ChatId = chat.Id, FeedId = feed.Id, Number = FreeNumber(db, chat) };
            db.Subscriptions.Add(subscription);
        }
        else
        {
            db.Connection().Execute(
                "UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason=$reason WHERE ChatId=$chat AND FeedId=$feed AND SubscriptionId=$id AND State IN ('Waiting', 'Held') AND EndedAt IS NULL",
                ("$now", now.UtcTicks),
                ("$reason", Phrase.Of("reason.ended").Text),
                ("$chat", subscription.ChatId),
                ("$feed", subscription.FeedId),
                ("$id", subscription.Id));

            // What is on its way, or may have arrived, is not waited for by anybody else.
            db.Connection().Execute(
                "UPDATE Deliveries SET DueAt=$now WHERE ChatId=$chat AND FeedId=$feed AND SubscriptionId=$id AND DueAt IS NULL AND State IN ('Sending', 'Unknown') AND EndedAt IS NULL",
                ("$now", now.UtcTicks),
                ("$reason", Phrase.Of("reason.ended").Text),
                ("$chat", subscription.ChatId),
                ("$feed", subscription.FeedId),
                ("$id", subscription.Id));
        }

        subscription.Since = now;
        (subscription.EndedAt, subscription.PausedSince, subscription.Filter) = (null, null, null);
        (subscription.Cron, subscription.Style, subscription.Template, subscription.DeletesWithdrawn) = (null, null, null, false);
        subscription.By = by;
        if (feed.PausedSince is null)
            feed.NextPoll ??= now;
        db.SaveChanges();
        return subscription;
    }

    /// <summary>The smallest number that no subscription of the chat has.</summary>
    private static int FreeNumber(NotifierDb db, Chat chat) => (int)db.Connection().Scalar<long>(
        """
        SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM Subscriptions WHERE ChatId=$chat AND Number=1) THEN 1 ELSE
          (SELECT MIN(s.Number)+1 FROM Subscriptions s WHERE s.ChatId=$chat
           AND NOT EXISTS (SELECT 1 FROM Subscriptions n WHERE n.ChatId=$chat AND n.Number=s.Number+1)) END
        """,
        ("$chat", chat.Id));

    /// <summary>How the audit names it.</summary>
    public static string Subject(Subscription subscription) => $"subscription:{subscription.Id}";
}
