using Microsoft.Data.Sqlite;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>A message that stood in <c>sending</c> when the process was killed: it may come once more.</summary>
/// <param name="Titles">Of its entries, in order.</param>
internal sealed record Doubt(string Feed, IReadOnlyList<string> Titles)
{
    /// <summary>What a kill left in doubt. Looks at a copy, so that the next start finds everything as the kill left it.</summary>
    public static IReadOnlyList<Doubt> In(string data)
    {
        using var copy = new TempFolder();
        foreach (var name in new[] { "notifier.db", "notifier.db-wal" }.Where(name => File.Exists(Path.Combine(data, name))))
            File.Copy(Path.Combine(data, name), copy.File(name));
        using var connection = Open(copy.Path);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT d.SendingId, f.Title, e.Title FROM Deliveries d JOIN Entries e ON e.Id=d.EntryId JOIN Feeds f ON f.Id=d.FeedId WHERE d.State='Sending' ORDER BY d.Id";
        using var reader = command.ExecuteReader();
        var rows = new List<(long Message, string Feed, string Title)>();
        while (reader.Read())
            rows.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));

        // A chat has one message on its way at a time, so a kill leaves one in doubt at most.
        var doubts = rows.GroupBy(row => (row.Message, row.Feed)).Select(message => new Doubt(message.Key.Feed, [.. message.Select(row => row.Title)])).ToList();
        Assert.InRange(doubts.Count, 0, 1);
        return doubts;
    }

    /// <summary>How many deliveries were not sent in the end.</summary>
    public static long Unfinished(string data)
    {
        using var connection = Open(data);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM Deliveries WHERE State<>'Sent'";
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string folder)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "notifier.db"), Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
