using Microsoft.Data.Sqlite;
using Notifier.Model;

namespace Notifier.Bench;

/// <summary>
/// A database as it is after a month: feeds on a fifth as many hosts, each with a memory of twenty entries, a subscription, and two entries of a kilobyte that were
/// stored, told and kept. Nothing is due, nothing is owed.
/// </summary>
internal static class ScaleSeed
{
    /// <summary>Five feeds a host, a hundred subscriptions a chat.</summary>
    /// <param name="port">Where on each of the hosts, which are addresses of loopback (127.0.0.0/8), the feeds are.</param>
    public static void Write(string file, int feeds, int port, DateTimeOffset now)
    {
        Storage.Open(file).Dispose();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();

        // Nobody misses it if the machine stops meanwhile.
        foreach (var pragma in (ReadOnlySpan<string>)["journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-500000"])
            connection.Execute($"PRAGMA {pragma}");
        connection.Execute("BEGIN");
        foreach (var sql in Statements)
            connection.Execute(sql, ("$feeds", feeds), ("$port", port), ("$now", now.UtcTicks), ("$day", TimeSpan.TicksPerDay), ("$month", 29 * TimeSpan.TicksPerDay));
        connection.Execute("COMMIT");
        connection.Execute("PRAGMA journal_mode=WAL");
    }

    /// <summary>Makes so many feeds due at that time, spread over all of the file.</summary>
    /// <param name="skip">How many there are that come before them in that order.</param>
    public static void MakeDue(string file, int feeds, int skip, DateTimeOffset at)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        connection.Execute(
            "UPDATE Feeds SET NextPoll=$at WHERE Id IN (SELECT Id FROM Feeds ORDER BY Id * 2654435761 % 4294967296 LIMIT $feeds OFFSET $skip)",
            ("$at", at.UtcTicks),
            ("$feeds", feeds),
            ("$skip", skip));
    }

    private const string Numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<$feeds) ";

    private static readonly string[] Statements =
    [
        Numbers +
        """
        INSERT INTO Feeds (Id, Url, Credential, Title, Site, NextPoll, Claim, Partition, ETag, LastModified, BodyHash, LastPoll, LastFullPoll, LastSuccess, FailuresInARow, State,
          MovedTimes, NewestEntry, SkipHours, SkipDays, AcceptsInsecure, CreatedAt)
        SELECT i, printf('http://127.%d.%d.%d:%d/feeds/%d.xml', h/62500, h/250%250, 1+h%250, $port, i), '', 'The news of house number '||i, printf('http://127.%d.%d.%d/', h/62500, h/250%250, 1+h%250),
          $now + $day + i*$day/$feeds, 100, h%1024, printf('"%x"', i*7919), 'Mon, 23 Nov 2026 08:00:00 GMT', i*2654435761, $now, $now, $now, 0, 'Active', 0, $now-$day, 0, 0, 0, $now-$month
        FROM (SELECT i, 1+i%(1+$feeds/5) AS h FROM n)
        """,
        $"INSERT INTO FeedMemories (FeedId, Version, Packed) SELECT Id, {Polling.Identity.Fingerprints.Version}, randomblob(20*28) FROM Feeds",
        "INSERT INTO Chats (Id, Platform, Space, Address, Thread, Zone, Language, Greeted, CreatedAt, AtMostOnce, StoriesApart) SELECT 1+Id/100, 'telegram', '', CAST(-1000000-Id AS TEXT), '', 'UTC', 'en', 1, $now-$month, 0, 0 FROM Feeds GROUP BY Id/100",
        "INSERT INTO Subscriptions (Id, ChatId, FeedId, Number, Since, DeletesWithdrawn) SELECT Id, 1+Id/100, Id, 1+Id%100, $now-$month, 0 FROM Feeds",
        """
        INSERT INTO Entries (Id, FeedId, RawId, IdPrint, Link, Title, Content, Categories, Published, FirstSeen)
        SELECT 2*Id-k, Id, Site||'entries/'||(2*Id-k), (2*Id-k)*6364136223846793005, Site||'entries/'||(2*Id-k), 'What happened in house number '||Id, hex(randomblob(500)), '["news"]', $now-$day*(1+Id%28), $now-$day*(1+Id%28)
        FROM Feeds, (SELECT 0 AS k UNION ALL SELECT 1)
        """,
        "INSERT INTO Sendings (Id, ChatId, Part, Body, Nonce, Epoch, FirstAttempt, LostAnswers, MessageId) SELECT e.Id, 1+e.FeedId/100, 0, randomblob(600), hex(randomblob(12)), 1, e.FirstSeen, 0, CAST(e.Id AS TEXT) FROM Entries e",
        """
        INSERT INTO Deliveries (Id, ChatId, FeedId, SubscriptionId, EntryId, Key, State, DueAt, SendingId, Attempts, Fallback, CreatedAt, EndedAt)
        SELECT Id, 1+FeedId/100, FeedId, FeedId, Id, 'e:'||Id, 'Sent', FirstSeen, Id, 1, 0, FirstSeen, FirstSeen FROM Entries
        """,
    ];
}
