using Microsoft.Data.Sqlite;

namespace Notifier.Tests.Support.Chaos;

/// <summary>What the database says, after a kill or in the end. To be asked while the program is not running.</summary>
internal static class Aftermath
{
    private const string File = "notifier.db";

    /// <summary>The messages that stood in <c>sending</c> at a kill, by chat and entries. Looks at a copy, so that the next start finds everything as the kill left it.</summary>
    public static IReadOnlyList<Message> InSending(string data)
    {
        using var copy = new TempFolder();
        foreach (var name in new[] { File, File + "-wal" }.Where(name => System.IO.File.Exists(Path.Combine(data, name))))
            System.IO.File.Copy(Path.Combine(data, name), copy.File(name));
        using var connection = Open(copy.Path);
        return Messages(connection, "d.State='Sending'");
    }

    /// <summary>The messages to which an answer was lost, as recorded.</summary>
    public static IReadOnlyList<Message> Doubtful(string data)
    {
        using var connection = Open(data);
        return Messages(connection, "s.LostAnswers>0");
    }

    /// <summary>What SQLite finds wrong with the file; <c>ok</c> for nothing.</summary>
    public static string Integrity(string data)
    {
        using var connection = Open(data);
        return string.Join("; ", Query(connection, "PRAGMA integrity_check", reader => reader.GetString(0)).Concat(Query(connection, "PRAGMA foreign_key_check", reader => $"{reader.GetString(0)} points nowhere")));
    }

    /// <summary>How many deliveries of entries stand in each state.</summary>
    public static IReadOnlyDictionary<string, int> States(string data)
    {
        using var connection = Open(data);
        return Query(connection, "SELECT State, COUNT(*) FROM Deliveries WHERE EntryId IS NOT NULL GROUP BY State ORDER BY State", reader => (reader.GetString(0), reader.GetInt32(1))).ToDictionary();
    }

    /// <summary>How many deliveries of entries there are, and how many deliveries of any kind are not at their end. Can be asked while the program runs.</summary>
    public static (int Entries, int Unfinished) Progress(string data)
    {
        using var connection = Open(data, SqliteOpenMode.ReadOnly);
        return Query(connection, "SELECT COUNT(EntryId), COUNT(*)-COUNT(EndedAt) FROM Deliveries", reader => (reader.GetInt32(0), reader.GetInt32(1)))[0];
    }

    /// <summary>What became of an entry that was owed to a chat.</summary>
    public static string Fate(string data, string chat, EntryName entry)
    {
        using var connection = Open(data);
        var fates = Query(
            connection,
            $"SELECT d.State || COALESCE(': ' || d.Reason, '') FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId JOIN Entries e ON e.Id=d.EntryId WHERE c.Address='{chat}' AND e.Title='{entry}'",
            reader => reader.GetString(0));
        return fates.Count > 0 ? fates[0] : Query(connection, $"SELECT 1 FROM Entries WHERE Title='{entry}'", _ => "known, but never owed to it") is [var known] ? known : "never seen in a poll";
    }

    /// <summary>Lets a day go by, as far as the program's log-ins at Discord are concerned: it allows itself but a few in an hour.</summary>
    public static void ForgetLogIns(string data)
    {
        using var connection = Open(data);
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM PlatformFacts WHERE Platform='discord' AND Name='identifies'";
        command.ExecuteNonQuery();
    }

    /// <summary>Holds the write lock so long.</summary>
    public static async Task LockAsync(string data, TimeSpan length, CancellationToken ct)
    {
        await using var connection = Open(data);
        await using var transaction = connection.BeginTransaction(deferred: false);
        await Task.Delay(length, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static IReadOnlyList<Message> Messages(SqliteConnection connection, string where) =>
        [.. Query(
            connection,
            $"""
            SELECT s.Id, c.Address, s.LostAnswers, e.Title
            FROM Sendings s JOIN Deliveries d ON d.SendingId=s.Id JOIN Chats c ON c.Id=s.ChatId JOIN Entries e ON e.Id=d.EntryId WHERE {where} ORDER BY s.Id, d.Id
            """,
            reader => (Id: reader.GetInt64(0), Chat: reader.GetString(1), Lost: reader.GetInt32(2), Title: reader.GetString(3)))
            .GroupBy(row => (row.Id, row.Chat, row.Lost))
            .Select(rows => new Message(rows.Key.Chat, EntryName.In(string.Join(' ', rows.Select(row => row.Title))), rows.Key.Lost))];

    private static List<T> Query<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private static SqliteConnection Open(string folder, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, File), Pooling = false, Mode = mode }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>A composed message of the outbox.</summary>
    internal sealed record Message(string Chat, IReadOnlyList<EntryName> Entries, int LostAnswers);
}
