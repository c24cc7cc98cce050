using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Operating;

/// <summary>Forgets what has had its time; never what is still owed.</summary>
public sealed class Retention(Storage storage, TimeProvider time)
{
    private static readonly TimeSpan Undoable = TimeSpan.FromHours(24);
    private static readonly TimeSpan Updates = TimeSpan.FromHours(48);
    private static readonly TimeSpan Told = Entry.Kept;

    /// <summary>Sweeps subscriptions that ended a day ago, and what was delivered or listed 30 days ago. Returns how many rows went.</summary>
    public Task<int> SweepAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return storage.Writer.RunAsync(
            db =>
            {
                var connection = db.Connection();
                (string, object?) at = ("$now", now.UtcTicks);
                (string, object?) undoable = ("$undoable", (now - Undoable).UtcTicks);
                (string, object?) told = ("$told", (now - Told).UtcTicks);
                var rows = connection.Execute(
                    """
                    UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason=$reason
                    WHERE EndedAt IS NULL AND (State='Held' OR (State IN ('Waiting', 'Unknown') AND DueAt IS NULL)) AND SubscriptionId IN (SELECT Id FROM Subscriptions WHERE EndedAt<$undoable)
                    """,
                    at,
                    undoable,
                    ("$reason", Phrase.Of("reason.ended").Text));

                // Their numbers may be given again: what a notice offered may not mean another feed by then.
                rows += connection.Execute(
                    """
                    DELETE FROM OfferedActions WHERE Person='' AND Chat IN (
                      SELECT c.Platform || ':' || c.Address || CASE c.Thread WHEN '' THEN '' ELSE '/' || c.Thread END
                      FROM Subscriptions s JOIN Chats c ON c.Id=s.ChatId WHERE s.EndedAt<$undoable)
                    """,
                    undoable);
                rows += connection.Execute("DELETE FROM Subscriptions WHERE EndedAt<$undoable", undoable);
                connection.Execute("UPDATE Feeds SET NextPoll=NULL WHERE NextPoll IS NOT NULL AND Id NOT IN (SELECT FeedId FROM Subscriptions)");
                rows += connection.Execute("DELETE FROM FeedCredentials WHERE Key NOT IN (SELECT f.Credential FROM Feeds f JOIN Subscriptions s ON s.FeedId=f.Id)");
                rows += connection.Execute("DELETE FROM Deliveries WHERE EndedAt<$told", told);
                rows += connection.Execute("DELETE FROM Sendings WHERE Id NOT IN (SELECT SendingId FROM Deliveries WHERE SendingId IS NOT NULL)");
                rows += connection.Execute(
                    "DELETE FROM Entries WHERE FirstSeen<$told AND Id NOT IN (SELECT EntryId FROM Deliveries WHERE EntryId IS NOT NULL)",
                    told);
                rows += connection.Execute("DELETE FROM StoryPrints WHERE FirstSeen<$open", ("$open", (now - StoryPrint.Open).UtcTicks));
                rows += connection.Execute("DELETE FROM ProcessedUpdates WHERE At<$at", ("$at", (now - Updates).UtcTicks));
                rows += connection.Execute("DELETE FROM IncomingUpdates WHERE HandledAt<$at", ("$at", (now - Updates).UtcTicks));
                rows += connection.Execute("DELETE FROM OfferedActions WHERE Until<$now", at);
                return rows;
            },
            ct);
    }
}
