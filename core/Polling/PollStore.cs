using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Polling.Identity;

namespace Notifier.Polling;

/// <summary>The polls' hot statements, in raw SQL: claim what is due, remember what was seen, record a batch in one transaction.</summary>
internal static class PollStore
{
    private const string Claimed =
        " RETURNING Id, Url, Title, Cron, Zone, ETag, LastModified, BodyHash, LastFullPoll, FailuresInARow, State, Claim, " +
        "(SELECT COUNT(*) FROM Subscriptions s WHERE s.FeedId=Feeds.Id AND s.EndedAt IS NULL), Credential, FirstFailure, FailureToldAt, MovedTo, MovedTimes, LastSuccess, NewestEntry, MinutesToLive, SkipHours, SkipDays, AcceptsInsecure, " +
        "EXISTS (SELECT 1 FROM Subscriptions s WHERE s.FeedId=Feeds.Id AND s.DeletesWithdrawn), FullText";

    /// <summary>Claims the feeds that are due, earliest first, by moving their next poll to the end of the claim: a crash means tried again then.</summary>
    public static List<ClaimedFeed> ClaimDue(SqliteConnection connection, DateTimeOffset now, DateTimeOffset claimEnds, PartitionRange partitions, int limit) =>
        connection.Query(
            "UPDATE Feeds SET NextPoll=$ends, ClaimEnds=$ends, Claim=Claim+1 WHERE Id IN " +
            "(SELECT Id FROM Feeds WHERE NextPoll<=$now AND Partition BETWEEN $first AND $last ORDER BY NextPoll LIMIT $limit)" + Claimed,
            reader => Read(reader, claimEnds),
            ("$ends", claimEnds.UtcTicks),
            ("$now", now.UtcTicks),
            ("$first", partitions.First),
            ("$last", partitions.Last),
            ("$limit", limit));

    /// <summary>Claims one feed whether due or not; null when there is none of that id, or the operator paused it.</summary>
    public static ClaimedFeed? Claim(SqliteConnection connection, long feedId, DateTimeOffset claimEnds) =>
        connection.Query(
            "UPDATE Feeds SET NextPoll=$ends, ClaimEnds=$ends, Claim=Claim+1 WHERE Id=$id AND PausedSince IS NULL" + Claimed,
            reader => Read(reader, claimEnds),
            ("$ends", claimEnds.UtcTicks),
            ("$id", feedId)).SingleOrDefault();

    /// <summary>Ends every claim, so that what a process that is no more was polling is due now; for whoever holds the process lock, before its first poll.</summary>
    public static int Release(SqliteConnection connection, DateTimeOffset now) => connection.Execute(
        "UPDATE Feeds SET NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $now ELSE NextPoll END, ClaimEnds=NULL WHERE ClaimEnds IS NOT NULL",
        ("$now", now.UtcTicks));

    /// <summary>The earliest time at which a feed is due; null when none is ever.</summary>
    public static DateTimeOffset? NextDue(SqliteConnection connection, PartitionRange partitions) =>
        connection.Query(
            "SELECT NextPoll FROM Feeds WHERE NextPoll IS NOT NULL AND Partition BETWEEN $first AND $last ORDER BY NextPoll LIMIT 1",
            reader => reader.Time(0),
            ("$first", partitions.First),
            ("$last", partitions.Last)) is [var next] ? next : null;

    public static SeenEntries? Memory(Statements statements, long feedId) =>
        statements.Query(
            "SELECT Version, Packed FROM FeedMemories WHERE FeedId=$id",
            reader => SeenEntries.Unpack(reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)),
            ("$id", feedId)).SingleOrDefault();

    /// <summary>Of the entries of these keys those that were first seen since then: title and link, as they were stored last.</summary>
    public static Dictionary<long, (string? Title, string? Link)> Stored(Statements statements, long feedId, IEnumerable<long> keys, DateTimeOffset since) =>
        statements.Query(
            "SELECT IdPrint, Title, Link, MAX(Id) FROM Entries WHERE FeedId=$feed AND IdPrint IN (SELECT value FROM json_each($keys)) AND FirstSeen>=$since GROUP BY IdPrint",
            reader => (Key: reader.GetInt64(0), Title: reader.Text(1), Link: reader.Text(2)),
            ("$feed", feedId),
            ("$keys", JsonSerializer.Serialize(keys)),
            ("$since", since.UtcTicks)).ToDictionary(stored => stored.Key, stored => (stored.Title, stored.Link));

    /// <summary>To what the entries of a feed link, the thousand that were stored last.</summary>
    public static List<(long Key, string? Link)> Links(Statements statements, long feedId) =>
        statements.Query("SELECT IdPrint, Link FROM Entries WHERE FeedId=$feed ORDER BY Id DESC LIMIT 1000", reader => (reader.GetInt64(0), reader.Text(1)), ("$feed", feedId));

    /// <summary>Records a batch, inside the writer's transaction. What came under a claim that is no longer the feed's last is refused.</summary>
    /// <returns>The outcomes that were recorded.</returns>
    public static PollRecord Record(NotifierDb db, IReadOnlyList<PollOutcome> batch, FeedNotices notices, FilterCache filters)
    {
        var connection = db.Connection();
        var unchanged = batch.OfType<PollOutcome.Unchanged>().ToList();
        var recorded = unchanged.Count == 0 ? 0 : RecordUnchanged(connection, unchanged);
        var confirmed = unchanged.Count == 0 ? 0 : Withdrawals.Confirm(connection, unchanged);
        var (entries, deliveries) = (0, 0);
        var rows = new PollRows(db.Statements, filters);
        foreach (var outcome in batch)
        {
            switch (outcome)
            {
                case PollOutcome.Changed changed when rows.Changed(changed):
                    recorded++;
                    entries += changed.Diff.New.Count + changed.Diff.Held.Count;
                    deliveries += rows.Remember(changed.Feed.Id, changed.Diff, changed.At);
                    rows.Withdraw(changed);
                    break;
                case PollOutcome.Failed failed when rows.Failed(failed):
                case PollOutcome.Gone gone when rows.Gone(gone):
                    recorded++;
                    break;
            }
        }

        return new PollRecord(recorded, entries, deliveries, new FeedLife(db, notices).Go(batch), rows.Changes + confirmed);
    }

    private static int RecordUnchanged(SqliteConnection connection, List<PollOutcome.Unchanged> unchanged)
    {
        var json = new System.Buffers.ArrayBufferWriter<byte>(unchanged.Count * 96);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            foreach (var poll in unchanged)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(poll.Feed.Id);
                writer.WriteNumberValue(poll.Feed.Claim);
                if (poll.NextPoll is { } next)
                    writer.WriteNumberValue(next.UtcTicks);
                else
                    writer.WriteNullValue();
                writer.WriteNumberValue(poll.At.UtcTicks);
                writer.WriteStringValue(poll.ETag);
                writer.WriteStringValue(poll.LastModified);
                writer.WriteNumberValue(poll.Full ? 1 : 0);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        // A next poll that is no longer the end of the claim was moved meanwhile (a nudge, the last unsubscribe): it stays.
        return connection.Execute(
            """
            UPDATE Feeds SET
              NextPoll = CASE WHEN Feeds.NextPoll=Feeds.ClaimEnds THEN p.next ELSE Feeds.NextPoll END, ClaimEnds = NULL,
              LastPoll = p.at, LastSuccess = p.at,
              LastFullPoll = CASE WHEN p.full THEN p.at ELSE Feeds.LastFullPoll END,
              ETag = COALESCE(p.etag, Feeds.ETag), LastModified = COALESCE(p.modified, Feeds.LastModified),
              State = 'Active', FailuresInARow = 0, FirstFailure = NULL, LastError = NULL
            FROM (SELECT value->>0 AS id, value->>1 AS claim, value->>2 AS next, value->>3 AS at,
                         value->>4 AS etag, value->>5 AS modified, value->>6 AS full FROM json_each($polls)) AS p
            WHERE Feeds.Id=p.id AND Feeds.Claim=p.claim
            """,
            ("$polls", System.Text.Encoding.UTF8.GetString(json.WrittenSpan)));
    }

    private static ClaimedFeed Read(SqliteDataReader reader, DateTimeOffset claimEnds) => new(
        reader.GetInt64(0),
        new Uri(reader.GetString(1)),
        reader.Text(2),
        reader.Text(3),
        reader.Text(4),
        reader.Text(5),
        reader.Text(6),
        reader.Number(7),
        reader.IsDBNull(8) ? null : reader.Time(8),
        reader.GetInt32(9),
        Enum.Parse<FeedState>(reader.GetString(10)),
        reader.GetInt64(11),
        reader.GetInt32(12),
        claimEnds)
    {
        Credential = reader.GetString(13),
        FirstFailure = reader.IsDBNull(14) ? null : reader.Time(14),
        FailureToldAt = reader.IsDBNull(15) ? null : reader.Time(15),
        MovedTo = reader.Text(16),
        MovedTimes = reader.GetInt32(17),
        Last = new LastLook(reader.IsDBNull(18) ? null : reader.Time(18), reader.IsDBNull(19) ? null : reader.Time(19)),
        Hints = new PollHints(reader.IsDBNull(20) ? null : TimeSpan.FromMinutes(reader.GetInt32(20)), reader.GetInt32(21), reader.GetInt32(22)),
        AcceptsInsecure = reader.GetBoolean(23),
        DeletesWithdrawn = reader.GetBoolean(24),
        FullText = reader.GetBoolean(25),
    };
}

/// <summary>What a batch left behind.</summary>
/// <param name="Deliveries">Of entries.</param>
/// <param name="Changes">Messages that were sent and are to be changed or deleted.</param>
internal sealed record PollRecord(int Polls, int Entries, int Deliveries, int Notices, int Changes)
{
    public static PollRecord Nothing { get; } = new(0, 0, 0, 0, 0);

    /// <summary>There is something for the deliverers to do.</summary>
    public bool Wakes => Deliveries + Notices + Changes > 0;
}
