using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Model;

namespace Notifier.Polling;

/// <summary>
/// The rows that one changed poll writes: the feed, its memory, its new and edited entries, and what each of them owes to whom.
/// Statements are prepared once for a batch.
/// </summary>
internal sealed class PollRows(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
    }

    /// <summary>False when the claim is no longer the feed's last; then nothing of the poll may be recorded.</summary>
    public bool Changed(PollOutcome.Changed poll) => Run(
        """
        UPDATE Feeds SET NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $next ELSE NextPoll END, ClaimEnds=NULL,
          LastPoll=$at, LastFullPoll=$at, LastSuccess=$at, State='Active', FailuresInARow=0, FirstFailure=NULL, LastError=NULL,
          Title=COALESCE($title, Title), Site=COALESCE($site, Site), ETag=$etag, LastModified=$modified, BodyHash=$hash,
          Hub=$hub, Topic=$topic, MinutesToLive=$ttl
        WHERE Id=$id AND Claim=$claim
        """,
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$next", poll.NextPoll?.UtcTicks),
        ("$at", poll.At.UtcTicks),
        ("$title", NullIfEmpty(poll.Document.Title)),
        ("$site", poll.Document.Link),
        ("$etag", poll.Fetched.ETag),
        ("$modified", poll.Fetched.LastModified),
        ("$hash", (long)poll.Fetched.BodyHash),
        ("$hub", poll.Document.Hub),
        ("$topic", poll.Document.Self),
        ("$ttl", poll.Document.TimeToLive is { } ttl ? (int)Math.Min(ttl.TotalMinutes, int.MaxValue) : null)) > 0;

    public bool Failed(PollOutcome.Failed poll) => Run(
        """
        UPDATE Feeds SET NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $next ELSE NextPoll END, ClaimEnds=NULL, LastPoll=$at,
          State = CASE WHEN $counts THEN 'Broken' ELSE State END,
          FailuresInARow = FailuresInARow + $counts,
          FirstFailure = CASE WHEN $counts THEN COALESCE(FirstFailure, $at) ELSE FirstFailure END,
          LastError=$reason
        WHERE Id=$id AND Claim=$claim
        """,
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$next", poll.NextPoll?.UtcTicks),
        ("$at", poll.At.UtcTicks),
        ("$counts", poll.Counts ? 1 : 0),
        ("$reason", poll.Reason)) > 0;

    public bool Gone(PollOutcome.Gone poll) => Run(
        "UPDATE Feeds SET NextPoll=NULL, ClaimEnds=NULL, LastPoll=$at, State='Gone', LastError='The publisher has taken it away for good (410).' WHERE Id=$id AND Claim=$claim",
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$at", poll.At.UtcTicks)) > 0;

    /// <summary>Saves the memory, the entries and what is owed; returns how many deliveries that made.</summary>
    public int Remember(long feedId, Diff diff, DateTimeOffset at)
    {
        SaveMemory(feedId, diff);
        foreach (var edited in diff.Edited)
            Edit(feedId, edited, at);
        if (diff.New.Count == 0)
            return 0;

        var wishes = Wishes(feedId, at);
        var owed = 0;
        foreach (var fresh in diff.New)
        {
            var entry = Insert(FeedEntries.Of(fresh.Entry, fresh.Key, feedId, at));
            foreach (var wish in wishes)
                owed += Owe(wish, feedId, entry, at);
        }

        return owed;
    }

    public void SaveMemory(long feedId, Diff diff) => Run(
        "INSERT INTO FeedMemories (FeedId, Version, Packed) VALUES ($id, $version, $packed) " +
        "ON CONFLICT (FeedId) DO UPDATE SET Version=excluded.Version, Packed=excluded.Packed",
        ("$id", feedId),
        ("$version", Fingerprints.Version),
        ("$packed", diff.Memory));

    /// <summary>Owes a subscription entries that it would not get by itself: those that were there before it. What it had already is not owed again.</summary>
    public int Backfill(Subscription subscription, IReadOnlyList<ParsedEntry> entries, DateTimeOffset at)
    {
        var owed = 0;
        foreach (var listed in EntryDiff.Listed(entries))
        {
            var entry = FeedEntries.Of(listed.Entry, listed.Key, subscription.FeedId, at);
            var known = Prepare(
                "SELECT MAX(Id) FROM Entries WHERE FeedId=$feed AND IdPrint=$print",
                ("$feed", entry.FeedId),
                ("$print", entry.IdPrint)).ExecuteScalar();
            owed += Owe(new Wish(subscription.Id, subscription.ChatId, subscription.PausedSince is not null), entry.FeedId, known as long? ?? Insert(entry), at);
        }

        return owed;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>The subscriptions that get entries first seen at this time; for one that ended they are kept until it is swept, in case of Undo.</summary>
    private List<Wish> Wishes(long feedId, DateTimeOffset at)
    {
        var command = Prepare(
            "SELECT s.Id, s.ChatId, s.PausedSince IS NOT NULL OR c.PausedSince IS NOT NULL OR s.EndedAt IS NOT NULL FROM Subscriptions s JOIN Chats c ON c.Id=s.ChatId " +
            "WHERE s.FeedId=$feed AND s.Since<=$at AND c.GoneSince IS NULL",
            ("$feed", feedId),
            ("$at", at.UtcTicks));
        using var reader = command.ExecuteReader();
        var wishes = new List<Wish>();
        while (reader.Read())
            wishes.Add(new Wish(reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2)));
        return wishes;
    }

    private long Insert(Entry entry) => (long)Prepare(
        """
        INSERT INTO Entries (FeedId, RawId, IdPrint, Link, Title, Author, Summary, Content, Base, Categories, Image, Comments, Enclosures, Published, Updated, FirstSeen)
        VALUES ($feed, $raw, $print, $link, $title, $author, $summary, $content, $base, $categories, $image, $comments, $enclosures, $published, $updated, $at)
        RETURNING Id
        """,
        ("$feed", entry.FeedId),
        ("$raw", entry.RawId),
        ("$print", entry.IdPrint),
        ("$link", entry.Link),
        ("$title", entry.Title),
        ("$author", entry.Author),
        ("$summary", entry.Summary),
        ("$content", entry.Content),
        ("$base", entry.Base),
        ("$categories", JsonSerializer.Serialize(entry.Categories)),
        ("$image", entry.Image),
        ("$comments", entry.Comments),
        ("$enclosures", entry.Enclosures),
        ("$published", entry.Published?.UtcTicks),
        ("$updated", entry.Updated?.UtcTicks),
        ("$at", entry.FirstSeen.UtcTicks)).ExecuteScalar()!;

    /// <summary>Words that changed reach what is not composed yet; an entry that was only ever known is not stored, so nothing changes.</summary>
    private void Edit(long feedId, DiffEntry edited, DateTimeOffset at)
    {
        var entry = edited.Entry;
        Run(
            """
            UPDATE Entries SET Title=$title, Summary=$summary, Content=$content, Link=$link, Updated=$updated, EditedAt=$at
            WHERE Id = (SELECT MAX(Id) FROM Entries WHERE FeedId=$feed AND IdPrint=$print)
            """,
            ("$feed", feedId),
            ("$print", edited.Key),
            ("$title", entry.Title),
            ("$summary", entry.Summary),
            ("$content", entry.Content),
            ("$link", entry.Link),
            ("$updated", entry.Updated?.UtcTicks),
            ("$at", at.UtcTicks));
    }

    private int Owe(Wish wish, long feedId, long entryId, DateTimeOffset at) => Run(
        """
        INSERT INTO Deliveries (ChatId, FeedId, SubscriptionId, EntryId, Key, State, DueAt, Attempts, Fallback, CreatedAt)
        VALUES ($chat, $feed, $subscription, $entry, 'e:' || $entry, 'Waiting', $due, 0, 0, $at)
        ON CONFLICT (ChatId, Key) DO UPDATE SET State='Waiting', SubscriptionId=$subscription, DueAt=$due, Reason=NULL, EndedAt=NULL
        WHERE State='Cancelled'
        """,
        ("$chat", wish.ChatId),
        ("$feed", feedId),
        ("$subscription", wish.SubscriptionId),
        ("$entry", entryId),
        ("$due", DeliveryPlan.FirstDue(wish.Paused, at)?.UtcTicks),
        ("$at", at.UtcTicks));

    private int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (i < command.Parameters.Count)
                command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
            else
                command.Parameters.AddWithValue(parameters[i].Name, parameters[i].Value ?? DBNull.Value);
        }

        return command;
    }

    private readonly record struct Wish(long SubscriptionId, long ChatId, bool Paused);
}
