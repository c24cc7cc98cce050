using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Model;

/// <summary>A database that the first version wrote, with a full outbox, and what becomes of it in later ones.</summary>
public sealed class UpgradeTests : IDisposable
{
    private const string First = "20261124221001_Initial";

    private const string Outbox =
        "SELECT d.Id||' '||c.Address||' '||d.Key||' '||d.State||' '||IFNULL(d.DueAt,'-')||' '||IFNULL(d.EndedAt,'-')||' '||IFNULL(s.Nonce||hex(s.Body)||s.Epoch,'-')||' '||e.Title||length(e.Content) " +
        "FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId JOIN Entries e ON e.Id=d.EntryId LEFT JOIN Sendings s ON s.Id=d.SendingId ORDER BY d.Id";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    private string File => _folder.File("notifier.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task I11_An_upgrade_with_a_full_outbox_loses_nothing_and_can_be_taken_back()
    {
        MakeOld(entries: 40);
        var owed = Rows(File);
        Assert.Equal(40, owed.Count);
        Storage.Open(File).Dispose();
        Assert.Equal(owed, Rows(File));
        var copy = Assert.Single(Directory.GetFiles(_folder.Path, "notifier.db.before-*"));
        Assert.Equal(owed, Rows(copy));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(copy));

        // To the next version and, since that one is no good, back.
        Storage.Open(File, 10, typeof(NextVersion).Assembly).Dispose();
        Assert.Equal(StorageFault.Newer, Assert.Throws<StorageException>(() => Storage.Open(File)).Fault);
        Assert.Equal(owed, Rows(File));
        System.IO.File.Move($"{File}.before-{NextVersion.Name}", File, overwrite: true);
        using var storage = Storage.Open(File);
        Assert.Equal(owed, Rows(File));

        // And all that is owed is due: what stood in sending is in doubt, and goes as the same bytes.
        await SenderLease.TakeAsync(storage, "fake", TimeProvider.System, Token);
        await using var db = storage.Read();
        Assert.Equal(
            [(DeliveryState.Waiting, 10), (DeliveryState.Sent, 10), (DeliveryState.Unknown, 20)],
            db.Deliveries.GroupBy(d => d.State).Select(of => new { of.Key, Count = of.Count() }).AsEnumerable().Select(of => (of.Key, of.Count)).OrderBy(of => of.Key));
        Assert.Equal(30, await db.Deliveries.CountAsync(d => d.EndedAt == null && d.DueAt != null, Token));
    }

    /// <summary>The program is killed while it copies, once the copy has its name, and while it migrates; then it may go on.</summary>
    [Fact]
    public async Task I02_I12_Killed_while_it_upgrades_the_next_start_completes_it()
    {
        MakeOld(entries: 4000, size: 8000);
        var owed = Rows(File);
        (string When, Func<string, bool> Is)[] moments =
        [
            ("the copy is being made", name => name.EndsWith(".unfinished", StringComparison.Ordinal)),
            ("the copy has its name", name => name.Contains(".before-", StringComparison.Ordinal) && !name.EndsWith(".unfinished", StringComparison.Ordinal)),
            ("a step is done", name => name.EndsWith("-wal", StringComparison.Ordinal) && Applied() is > 1),
        ];
        foreach (var (when, isNow) in moments)
        {
            await KilledWhenAsync(when, isNow);
            Assert.Equal("ok", Ask<string>("PRAGMA integrity_check"));
            Assert.Equal(owed, Rows(File));
        }

        using (Storage.Open(File))
            Assert.Equal(owed, Rows(File));
        Assert.All(Directory.GetFiles(_folder.Path, "notifier.db.before-*"), copy => Assert.Equal(owed, Rows(copy)));
        Assert.NotEmpty(Directory.GetFiles(_folder.Path, "notifier.db.before-*"));
    }

    private async Task KilledWhenAsync(string when, Func<string, bool> isNow)
    {
        var now = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(_folder.Path);
        watcher.Created += Look;
        watcher.Changed += Look;
        watcher.Renamed += Look;
        watcher.EnableRaisingEvents = true;
        await using var service = NotifierProcess.Start(_folder.Path, ["poll"]);
        var ended = service.ExitCodeAsync(TimeSpan.FromSeconds(30), Token);
        await Task.WhenAny(now.Task, ended);
        Assert.True(now.Task.IsCompleted, $"It ended before {when}.\n{service.Everything()}");
        await service.KillAsync(Token);
        Assert.InRange(Applied(), 1, Migrations());

        void Look(object sender, FileSystemEventArgs change)
        {
            if (isNow(change.Name!))
                now.TrySetResult();
        }
    }

    /// <summary>Each fourth of the entries waits, is being sent, is in doubt, was sent.</summary>
    private void MakeOld(int entries, int size = 100)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using (var db = new NotifierDb(new DbContextOptionsBuilder<NotifierDb>().UseSqlite(connection).Options))
            db.GetService<IMigrator>().Migrate(First);
        connection.Execute(
            $"""
            BEGIN;
            INSERT INTO Chats (Id, Platform, Space, Address, Thread, Zone, Language, AtMostOnce, StoriesApart, Greeted, CreatedAt) VALUES (1, 'fake', '', 'a', '', 'UTC', 'en', 0, 0, 1, 1);
            INSERT INTO Feeds (Id, Url, Credential, Claim, Partition, FailuresInARow, State, MovedTimes, CreatedAt) VALUES (1, 'http://f.test/', '', 0, 0, 0, 'Active', 0, 1);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{entries})
            INSERT INTO Entries (Id, FeedId, IdPrint, Title, Content, Categories, FirstSeen) SELECT i, 1, i, 'Entry '||i, hex(zeroblob({size / 2})), '', 1 FROM n;
            INSERT INTO Sendings (Id, ChatId, Part, Body, Nonce, Epoch, FirstAttempt, LostAnswers) SELECT Id, 1, 0, CAST('Bytes '||Id AS BLOB), 'nonce'||Id, 7, 1, Id%4=2 FROM Entries WHERE Id%4>0;
            INSERT INTO Deliveries (Id, ChatId, FeedId, EntryId, Key, State, DueAt, SendingId, Attempts, Fallback, CreatedAt, EndedAt)
              SELECT Id, 1, 1, Id, 'e:'||Id, CASE Id%4 WHEN 0 THEN 'Waiting' WHEN 1 THEN 'Sending' WHEN 2 THEN 'Unknown' ELSE 'Sent' END, IIF(Id%4=3, NULL, 1), IIF(Id%4>0, Id, NULL), 0, 0, 1, IIF(Id%4=3, 2, NULL) FROM Entries;
            COMMIT;
            """);
    }

    private static List<string> Rows(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection.Query(Outbox, row => row.GetString(0));
    }

    private int Applied() => (int)Ask<long>("SELECT COUNT(*) FROM __EFMigrationsHistory");

    private static int Migrations()
    {
        using var db = new NotifierDb(new DbContextOptionsBuilder<NotifierDb>().UseSqlite().Options);
        return db.Database.GetMigrations().Count();
    }

    private T Ask<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection.Scalar<T>(sql)!;
    }
}
