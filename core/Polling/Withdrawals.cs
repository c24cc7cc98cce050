using Microsoft.Data.Sqlite;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Polling.Identity;
using Notifier.Polling.Pages;

namespace Notifier.Polling;

/// <summary>
/// Tells which entries their publisher has withdrawn soon after they were told: two polls in a row do not list them, although the document ends with older ones. What
/// merely fell out of a document's window was its last, and one document may be wrong. In doubt nothing is withdrawn.
/// </summary>
internal static class Withdrawals
{
    /// <summary>So many older entries at the document's end are proof: one or two may be kept there for ever, whatever falls out above them.</summary>
    private const int Proof = 3;

    /// <summary>So much later, at least, the second look is: a publisher who takes an entry back to put it in again gets so long for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Until a second look confirms the first, the deletion's time is that of the first look, and so much later.</summary>
    private static readonly TimeSpan Unconfirmed = TimeSpan.FromDays(365_000);

    /// <summary>A second look has confirmed it; until then this time of a message's deletion is none.</summary>
    public static bool IsConfirmed(DateTimeOffset deleteDue) => deleteDue < DateTimeOffset.UnixEpoch + Unconfirmed;

    /// <summary>Marks, confirms or unmarks the messages of subscriptions that ask for it, inside the writer's transaction and after the poll's entries were saved; returns how many are to be deleted now.</summary>
    public static int Note(SqliteConnection connection, PollOutcome.Changed poll)
    {
        var told = Told(connection, poll.Feed.Id, poll.At);
        if (told.Count == 0)
            return 0;
        var listed = EntryDiff.Listed(poll.Document.Entries);
        var all = new Listed(listed);
        var confirmed = 0;
        List<ListedDate>? dates = null;
        foreach (var message in told)
        {
            if (all.Has(message))
            {
                if (message.DeleteDue is not null)
                    Unmark(connection, message);
            }
            else if (message.DeleteDue is { } due && IsConfirmed(due))
            {
                continue;
            }
            else if (message.IsWanted && IsWhole(poll) && EndsBefore(dates ??= Dates(connection, poll, listed), message))
            {
                confirmed += Look(connection, message.Sending, message.DeleteDue, poll.At);
            }
            else if (message.DeleteDue is not null)
            {
                // An unchanged poll confirms what the last document said, so that is the one that must say it.
                Unmark(connection, message);
            }
        }

        return confirmed;
    }

    /// <summary>A poll that found the document unchanged is a second look at it; inside the writer's transaction and after the polls were recorded; returns how many messages are to be deleted now.</summary>
    public static int Confirm(SqliteConnection connection, IReadOnlyList<PollOutcome.Unchanged> polls)
    {
        var marked = connection.Query(
            """
            SELECT m.Id, m.DeleteDue, e.FeedId, f.Claim
            FROM Sendings m CROSS JOIN Deliveries d ON d.SendingId=m.Id JOIN Subscriptions w ON w.Id=d.SubscriptionId JOIN Entries e ON e.Id=d.EntryId JOIN Feeds f ON f.Id=e.FeedId
            WHERE m.DeleteDue>=$unconfirmed AND w.DeletesWithdrawn AND w.EndedAt IS NULL
            """,
            reader => (Sending: reader.GetInt64(0), DeleteDue: reader.Time(1), Poll: (reader.GetInt64(2), reader.GetInt64(3))),
            ("$unconfirmed", (DateTimeOffset.UnixEpoch + Unconfirmed).UtcTicks));
        if (marked.Count == 0)
            return 0;
        var at = polls.ToDictionary(poll => (poll.Feed.Id, poll.Feed.Claim), poll => poll.At);
        return marked.Sum(message => at.TryGetValue(message.Poll, out var second) ? Look(connection, message.Sending, message.DeleteDue, second) : 0);
    }

    /// <summary>The subscription's messages stay, also those that were about to be deleted; inside the writer's transaction.</summary>
    public static void Forget(NotifierDb db, long subscriptionId) => db.Connection().Execute(
        "UPDATE Sendings SET DeleteDue=NULL WHERE DeleteDue IS NOT NULL AND Id IN (SELECT SendingId FROM Deliveries WHERE SubscriptionId=$id)",
        ("$id", subscriptionId));

    /// <summary>
    /// The entry is not there: marks its message the first time, and has it deleted at the second look; returns how many are to be deleted. A message that has told the chat
    /// what other entries say as well stays.
    /// </summary>
    private static int Look(SqliteConnection connection, long sending, DateTimeOffset? marked, DateTimeOffset at)
    {
        var isSecond = marked - Unconfirmed <= at - Patience;
        if (marked is not null && !isSecond)
            return 0;
        var changed = connection.Execute(
            """
            UPDATE Sendings SET DeleteDue=$due
            WHERE Id=$id AND NOT EXISTS (SELECT 1 FROM Deliveries d JOIN Deliveries f ON f.ChatId=d.ChatId AND f.FoldedInto=d.Id WHERE d.SendingId=$id)
            """,
            ("$id", sending),
            ("$due", (isSecond ? at : at + Unconfirmed).UtcTicks));
        return isSecond ? changed : 0;
    }

    private static void Unmark(SqliteConnection connection, ToldEntry message) => connection.Execute("UPDATE Sendings SET DeleteDue=NULL WHERE Id=$id", ("$id", message.Sending));

    /// <summary>
    /// The document's end is older than the message's entry: three of its entries or, of a shorter one, more than half. What is pinned, moved up or put in with an earlier date
    /// stands above, and where the entry fell out of the window, what ends it now came after.
    /// </summary>
    private static bool EndsBefore(List<ListedDate> listed, ToldEntry told) =>
        listed.AsEnumerable().Reverse().TakeWhile(other => other.IsBefore(told)).Take(Proof).Count() >= Math.Min(Proof, (listed.Count / 2) + 1);

    /// <summary>The document may be believed in what it does not list.</summary>
    private static bool IsWhole(PollOutcome.Changed poll) => poll is { Document: { IsCut: false, Entries.Count: > 0 }, Diff: { Baseline: false, Gap: false, Held.Count: 0 } };

    /// <summary>The messages that were sent not long ago about one entry of the feed alone, for subscriptions that want what is withdrawn deleted.</summary>
    private static List<ToldEntry> Told(SqliteConnection connection, long feedId, DateTimeOffset at) => connection.Query(
        """
        SELECT m.Id, m.DeleteDue, w.EndedAt IS NULL, d.AskedFor, e.IdPrint, e.RawId, e.Link, e.Title, e.Content, e.Summary, COALESCE(e.Published, e.Updated), e.FirstSeen
        FROM Entries e CROSS JOIN Deliveries d ON d.EntryId=e.Id JOIN Subscriptions w ON w.Id=d.SubscriptionId JOIN Sendings m ON m.Id=d.SendingId
        WHERE e.FeedId=$feed AND d.State='Sent' AND d.EndedAt>=$recent AND w.DeletesWithdrawn AND m.MessageId IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM Deliveries o WHERE o.SendingId=m.Id AND o.Id<>d.Id)
        """,
        reader => new ToldEntry(
            reader.GetInt64(0),
            reader.IsDBNull(1) ? null : reader.Time(1),
            reader.GetBoolean(2),
            reader.GetBoolean(3),
            reader.GetInt64(4),
            // Of the feed's own words, as the document's are.
            Fingerprints.Of(new ParsedEntry { Id = reader.Text(5), Link = reader.Text(6), Title = reader.Text(7), Content = Article.IsIn(reader.Text(8)) ? null : reader.Text(8), Summary = reader.Text(9) }),
            reader.IsDBNull(10) ? null : reader.Time(10),
            reader.Time(11)),
        ("$feed", feedId),
        ("$recent", (at - Sending.Changeable).UtcTicks));

    /// <summary>When what is listed was published, and when it was first seen; what has another id now is found by its link.</summary>
    private static List<ListedDate> Dates(SqliteConnection connection, PollOutcome.Changed poll, List<DiffEntry> listed)
    {
        var (byKey, byLink) = (new Dictionary<long, DateTimeOffset>(), new Dictionary<ulong, DateTimeOffset>());
        foreach (var (key, link, at) in connection.Query(
            "SELECT IdPrint, Link, FirstSeen FROM Entries WHERE FeedId=$feed ORDER BY Id",
            reader => (reader.GetInt64(0), Fingerprints.LinkPrint(reader.Text(1)), reader.Time(2)),
            ("$feed", poll.Feed.Id)))
            (byKey[key], byLink[link]) = (at, at);
        return listed.ConvertAll(entry => new ListedDate(entry.Entry.Date, byKey.TryGetValue(entry.Key, out var at) || byLink.TryGetValue(entry.Prints.Link, out at) ? at : null));
    }

    /// <param name="IsWanted">The subscription goes on.</param>
    /// <param name="AskedFor">It may have been there long before it was stored.</param>
    private sealed record ToldEntry(long Sending, DateTimeOffset? DeleteDue, bool IsWanted, bool AskedFor, long Key, Fingerprints Prints, DateTimeOffset? Date, DateTimeOffset FirstSeen);

    /// <param name="FirstSeen">Null for what was never stored: it was there before every entry that a poll has found.</param>
    private sealed record ListedDate(DateTimeOffset? Date, DateTimeOffset? FirstSeen)
    {
        /// <summary>Surely older: it was there before, and where the message's entry has a date, its own is earlier.</summary>
        public bool IsBefore(ToldEntry told) => told.AskedFor
            ? Date < told.Date
            : (told.Date is null || Date < told.Date) && (FirstSeen is null || FirstSeen < told.FirstSeen);
    }

    /// <summary>What a document lists, by all that an entry may be known again by: a publisher may have changed its id, its link or its words.</summary>
    private sealed class Listed(List<DiffEntry> entries)
    {
        private readonly HashSet<long> _keys = [.. entries.Select(entry => entry.Key)];
        private readonly HashSet<ulong> _ids = [.. entries.Select(entry => entry.Prints.Id)];
        private readonly HashSet<ulong> _links = [.. entries.Select(entry => entry.Prints.Link)];
        private readonly HashSet<uint> _titles = [.. entries.Select(entry => entry.Prints.Title)];
        private readonly HashSet<uint> _texts = [.. entries.Select(entry => entry.Prints.Text)];

        public bool Has(ToldEntry told) => _keys.Contains(told.Key)
            || (told.Prints.Id != 0 && _ids.Contains(told.Prints.Id))
            || (told.Prints.Link != 0 && _links.Contains(told.Prints.Link))
            || (told.Prints.Title != 0 && _titles.Contains(told.Prints.Title))
            || (told.Prints.Text != 0 && _texts.Contains(told.Prints.Text));
    }
}
