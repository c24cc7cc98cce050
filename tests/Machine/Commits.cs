using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Notifier.Model;

namespace Notifier.Tests.Machine;

/// <summary>What a process of its own does so that its way of writing can be recorded: commits, by the product's writer, and says of each that it was promised to be on disk.</summary>
internal static class Commits
{
    public const string Verb = "--commit";

    public const int Count = 700;

    /// <param name="database">Made already.</param>
    /// <param name="told">Where the number of the last acknowledged commit is written, a line each.</param>
    /// <param name="isFull">As the product has it; otherwise with <c>synchronous=NORMAL</c>, for comparison.</param>
    public static async Task<int> RunAsync(string database, string told, bool isFull)
    {
        var writer = isFull ? Storage.Open(database).Writer : Careless(database);
        await using var file = new FileStream(told, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (var n = 1; n <= Count;)
        {
            // Some alone, some together.
            var group = Enumerable.Range(n, 1 + (n % 3)).Select(one => writer.RunAsync(db => Add(db, one), CancellationToken.None)).ToList();
            await Task.WhenAll(group);
            n += group.Count;
            await file.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{n - 1}\n")));
        }

        // Without a good-bye, which would empty the log.
        Environment.Exit(0);
        return 0;
    }

    private static void Add(NotifierDb db, int n) =>
        db.Chats.Add(new Chat { Id = n, Platform = "fake", Address = n.ToString(CultureInfo.InvariantCulture), Title = new string('x', n * 37 % 3000) });

    private static Writer Careless(string database)
    {
        var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON");
        return new Writer(connection, new DbContextOptionsBuilder<NotifierDb>().UseSqlite(connection).Options);
    }
}
