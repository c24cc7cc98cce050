using Microsoft.Data.Sqlite;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Polling.Identity;
using Notifier.Texts;

namespace Notifier.Polling;

/// <summary>
/// What becomes of feeds over several polls: one has failed for a day, works again, has moved for good, is gone, looks all new at once. Whoever wants it is told, once, inside
/// the transaction that records the poll. For a feed that is fine there is nothing to ask the database.
/// </summary>
internal sealed class FeedLife(NotifierDb db, FeedNotices notices)
{
    /// <summary>Who ends subscriptions to a feed that is gone, as the audit names it.</summary>
    private const string Itself = "notifier";

    /// <summary>So long without one poll that went well is told, and no host's wish for patience excuses it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>After so many polls in a row that were led to the same place for good, the feed is there.</summary>
    private const int TimesToMove = 3;

    /// <summary>So many entries of one feed are held back in a chat, the newest of them.</summary>
    private const int MostHeld = 1000;

    /// <summary>Looks at polls that have just been recorded; those whose claim was not the last any more change nothing.</summary>
    /// <returns>How many notices are owed.</returns>
    public int Go(IReadOnlyList<PollOutcome> batch)
    {
        var told = 0;
        foreach (var poll in batch)
        {
            // Before it moves, since by that the claim is not the last any more.
            if (poll is PollOutcome.Changed { Diff: var diff } && (diff.Gap || diff.Held.Count > 0) && IsLast(poll.Feed))
                told += diff.Gap ? notices.MayHaveMissed(db, poll.Feed.Id, poll.At) : Hold(poll);
            told += poll switch
            {
                PollOutcome.Failed failed when IsLongFailing(poll) && IsLast(poll.Feed) => Failing(poll, failed.Reason),
                PollOutcome.Gone { Feed.State: not FeedState.Gone } when IsLast(poll.Feed) => Gone(poll),
                PollOutcome.Unchanged unchanged when IsOfNote(poll, unchanged.MovedTo) && IsLast(poll.Feed) => Well(poll, unchanged.MovedTo, null),
                PollOutcome.Changed changed when IsOfNote(poll, changed.Fetched.MovedTo) && IsLast(poll.Feed) => Well(poll, changed.Fetched.MovedTo, changed.Document),
                _ => 0,
            };
        }

        return told;
    }

    /// <summary>Ends every subscription to a feed, as unsubscribing would: each can be taken back for a day.</summary>
    /// <param name="keepsDue">What is due already is delivered still.</param>
    /// <returns>The chats, each with the audit line of its end.</returns>
    public static IReadOnlyList<(Chat Chat, long AuditLine)> End(NotifierDb db, long feedId, string person, string? name, bool keepsDue, DateTimeOffset now)
    {
        var feed = db.Feeds.Single(f => f.Id == feedId);
        var wanting = (from s in db.Subscriptions join c in db.Chats on s.ChatId equals c.Id where s.FeedId == feedId && s.EndedAt == null select new { Subscription = s, Chat = c }).ToList();
        var lines = wanting.ConvertAll(w => new AuditLine
        {
            At = now,
            ChatId = w.Chat.Id,
            Person = person,
            PersonName = name,
            Command = "unsubscribe",
            Subject = $"subscription:{w.Subscription.Id}",
            Before = SubscriptionRecord.Of(feed, w.Subscription).Json,
        });
        db.AuditLines.AddRange(lines);
        foreach (var w in wanting)
        {
            w.Subscription.EndedAt = now;
            if (!keepsDue)
                DueTimes.Recompute(db, w.Subscription, now);
        }

        db.SaveChanges();
        return [.. wanting.Zip(lines, (w, line) => (w.Chat, line.Id))];
    }

    private static bool IsLongFailing(PollOutcome poll) => poll.Feed is { FailureToldAt: null, FirstFailure: { } first } && poll.At - first >= Patience;

    private static bool IsOfNote(PollOutcome poll, Uri? movedTo) => movedTo is not null || poll.Feed is not { FailureToldAt: null, MovedTo: null };

    /// <summary>Whether the claim is still the feed's last, so that the poll was recorded.</summary>
    private bool IsLast(ClaimedFeed feed) =>
        db.Connection().Scalar<long>("SELECT COUNT(*) FROM Feeds WHERE Id=$id AND Claim=$claim", ("$id", feed.Id), ("$claim", feed.Claim)) > 0;

    private int Failing(PollOutcome poll, Phrase reason)
    {
        Execute("UPDATE Feeds SET FailureToldAt=$at WHERE Id=$id", ("$id", poll.Feed.Id), ("$at", poll.At.UtcTicks));
        return notices.Failing(db, poll.Feed.Id, reason, poll.Feed.FirstFailure!.Value, poll.At);
    }

    private int Gone(PollOutcome poll) =>
        End(db, poll.Feed.Id, Itself, null, keepsDue: true, poll.At).Count(ended => ended.Chat.GoneSince is null && notices.HasGone(db, ended.Chat, poll.Feed.Id, ended.AuditLine, poll.At));

    private int Well(PollOutcome poll, Uri? movedTo, ParsedFeed? document)
    {
        var told = 0;
        if (poll.Feed is { FailureToldAt: { } toldAt })
        {
            Execute("UPDATE Feeds SET FailureToldAt=NULL WHERE Id=$id", ("$id", poll.Feed.Id));
            told += notices.Recovered(db, poll.Feed.Id, poll.Feed.FirstFailure ?? toldAt, poll.At);
        }

        return told + Follow(poll, movedTo, document);
    }

    /// <summary>Tells of what is held back, in each chat that is not asked already; a publisher that renames all of it again and again does not fill the database.</summary>
    private int Hold(PollOutcome poll)
    {
        Execute(
            """
            UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason=$reason
            WHERE Id IN (
              SELECT Id FROM (SELECT d.Id, ROW_NUMBER() OVER (PARTITION BY d.ChatId ORDER BY d.Id DESC) AS place
                FROM Subscriptions s JOIN Deliveries d ON d.ChatId=s.ChatId AND d.FeedId=s.FeedId AND d.EndedAt IS NULL AND d.State='Held' WHERE s.FeedId=$feed)
              WHERE place>$most)
            """,
            ("$reason", Phrase.Of("reason.heldtoomany").Text),
            ("$feed", poll.Feed.Id),
            ("$now", poll.At.UtcTicks),
            ("$most", MostHeld));
        return notices.Holds(db, poll.Feed.Id, poll.At);
    }

    private int Follow(PollOutcome poll, Uri? movedTo, ParsedFeed? document)
    {
        var feed = poll.Feed;

        // A document that was fetched for a subscriber may have been found by way of the old address.
        if (movedTo == feed.Url)
            movedTo = null;
        if (movedTo is null && feed.MovedTo is null)
            return 0;
        var times = movedTo is null ? 0 : movedTo.AbsoluteUri == feed.MovedTo ? feed.MovedTimes + 1 : 1;
        Execute(
            "UPDATE Feeds SET MovedTo=$to, MovedTimes=$times WHERE Id=$id",
            ("$id", feed.Id),
            ("$to", movedTo?.AbsoluteUri),
            ("$times", times));
        if (times < TimesToMove)
            return 0;
        var listeners = FeedNotices.Listeners(db, feed.Id);
        if (FeedMoves.Move(db, feed.Id, movedTo!, document, poll.At) is { } there)
            return notices.HasMoved(db, listeners, there, FeedUrl.Display(movedTo!, hideQuery: true), poll.At) + notices.Holds(db, there, poll.At);

        // What became one with another feed must not miss or repeat anything, and only the document tells what is in it: the next poll reads it whole.
        Execute("UPDATE Feeds SET ETag=NULL, LastModified=NULL, BodyHash=NULL WHERE Id=$id", ("$id", feed.Id));
        return 0;
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => db.Connection().Execute(sql, parameters);
}
