using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Model;

public sealed class StorageTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    private string File => _folder.File("notifier.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task J05_A_new_database_is_made_with_its_missing_folder_and_remembers()
    {
        var file = _folder.File("new/deep/notifier.db");
        using (var storage = Storage.Open(file))
            await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);
        using (var storage = Storage.Open(file))
        await using (var db = storage.Read())
            Assert.Equal("a", (await db.Chats.SingleAsync(Token)).Address);
    }

    [Fact]
    public async Task The_model_is_what_the_migrations_make()
    {
        using var storage = Storage.Open(File);
        await using var db = storage.Read();
        Assert.False(db.Database.HasPendingModelChanges(), "dotnet ef migrations add … is needed");
    }

    [Fact]
    public async Task J08_What_reads_cannot_write()
    {
        using var storage = Storage.Open(File);
        await using (var db = storage.Read())
        {
            db.Chats.Add(new Chat { Platform = "fake", Address = "a" });
            var refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Token));
            Assert.Contains("readonly", refused.InnerException!.Message, StringComparison.Ordinal);
        }

        using var connection = storage.ReadConnection();
        Assert.Throws<SqliteException>(() => connection.Execute("DELETE FROM Chats"));
    }

    [Fact]
    public async Task What_is_written_survives_a_power_cut()
    {
        using var storage = Storage.Open(File);
        var pragmas = await storage.Writer.RunAsync(
            db => (db.Connection().Scalar<string>("PRAGMA journal_mode"), db.Connection().Scalar<long>("PRAGMA synchronous"), db.Connection().Scalar<long>("PRAGMA foreign_keys")),
            Token);

        const long full = 2;
        Assert.Equal(("wal", full, 1), pragmas);
    }

    [Fact]
    public void I09_A_second_process_is_refused_and_told_who_is_there()
    {
        using (Storage.Open(File))
        {
            var refused = Refused(StorageFault.Held);
            Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        Storage.Open(File).Dispose();
    }

    [Fact]
    public void I11_A_database_of_a_newer_version_is_left_alone()
    {
        Storage.Open(File).Dispose();
        Change("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0.0')");
        var bytes = System.IO.File.ReadAllBytes(File);

        var refused = Refused(StorageFault.Newer);

        Assert.Contains("29990101000000_FromTheFuture", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public async Task I11_An_older_database_is_copied_before_it_is_changed()
    {
        using (var storage = Storage.Open(File))
            await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);

        var before = Ask("SELECT COUNT(*) FROM __EFMigrationsHistory");
        Storage.Open(File, 10, typeof(NextVersion).Assembly).Dispose();

        Assert.Equal(before + 1, Ask("SELECT COUNT(*) FROM __EFMigrationsHistory"));
        Assert.Equal(0, Ask("SELECT COUNT(*) FROM Next"));
        Assert.Equal(1, Ask("SELECT COUNT(*) FROM Chats"));
        var copy = $"{File}.before-{NextVersion.Name}";
        Assert.Equal(before, Ask("SELECT COUNT(*) FROM __EFMigrationsHistory", copy));
        Assert.Equal(1, Ask("SELECT COUNT(*) FROM Chats", copy));
        Refused(StorageFault.Newer);
    }

    /// <summary>EF waits for its own lock for ever, also when who held it was killed in mid-migration.</summary>
    [Fact]
    public void I12_A_lock_that_a_killed_migration_left_does_not_hang()
    {
        Storage.Open(File).Dispose();
        Change("DELETE FROM __EFMigrationsLock; INSERT INTO __EFMigrationsLock VALUES (1, '2026-11-24')");

        Storage.Open(File, 10, typeof(NextVersion).Assembly).Dispose();

        Assert.Equal(0, Ask("SELECT COUNT(*) FROM Next"));
        Assert.Equal(0, Ask("SELECT COUNT(*) FROM __EFMigrationsLock"));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("short text")]
    [InlineData("flipped page")]
    [InlineData("truncated")]
    public void J10_A_damaged_file_is_named_and_not_touched(string damage)
    {
        Storage.Open(File).Dispose();
        var bytes = System.IO.File.ReadAllBytes(File);
        switch (damage)
        {
            case "text":
                bytes = new byte[8192];
                bytes.AsSpan().Fill((byte)'x');
                break;
            case "short text":
                bytes = "This is no database."u8.ToArray();
                break;
            case "flipped page":
                for (var i = 4096; i < 8192; i++)
                    bytes[i] ^= 0xFF;
                break;
            case "truncated":
                bytes = bytes[..(bytes.Length / 2)];
                break;
        }

        System.IO.File.WriteAllBytes(File, bytes);

        var refused = Refused(StorageFault.Unavailable);

        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
        Refused(StorageFault.Unavailable);
    }

    [Fact]
    public void J10_A_large_file_is_looked_through_while_it_is_used_and_its_damage_is_remembered()
    {
        var whole = DamageOnePage();

        using (var storage = OpenLarge())
        {
            Assert.False(storage.IsLookedThrough);
            Assert.Throws<OperationCanceledException>(() => storage.LookThrough(new CancellationToken(canceled: true)));
            var found = Assert.Throws<StorageException>(() => storage.LookThrough(Token));
            Assert.True(found.IsDamage);
            Assert.Contains($"The database {File} is damaged", found.Message, StringComparison.Ordinal);
        }

        Assert.True(Assert.Throws<StorageException>(OpenLarge).IsDamage);
        System.IO.File.WriteAllBytes(File, whole);
        using (var restored = OpenLarge())
            Assert.True(restored.IsLookedThrough);
        using (var again = OpenLarge())
        {
            Assert.False(again.IsLookedThrough);
            again.LookThrough(Token);
        }
    }

    [Fact]
    public void J10_Damage_that_cannot_be_noted_is_told_all_the_same()
    {
        DamageOnePage();
        using var storage = OpenLarge();
        Directory.CreateDirectory($"{File}.damaged");
        var found = Assert.Throws<StorageException>(() => storage.LookThrough(Token));
        Assert.True(found.IsDamage);
        Assert.Contains("could not be noted", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void J10_A_large_file_is_looked_through_before_it_is_migrated()
    {
        DamageOnePage();
        var files = Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).ToList();

        Assert.True(Assert.Throws<StorageException>(() => Storage.Open(File, 10, typeof(NextVersion).Assembly, small: 0)).IsDamage);

        Assert.Equal(files, Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    /// <summary>Of what lies beside a damaged database the newest that is whole is named; what is newer and damaged, or no database of ours, is not.</summary>
    [Fact]
    public void J10_The_newest_whole_copy_beside_a_damaged_file_is_named()
    {
        using (var storage = Storage.Open(File))
        {
            foreach (var (name, daysAgo) in (ReadOnlySpan<(string, int)>)[("older.db", 3), ("good copy #1?.db", 2), ("broken.db", 1)])
            {
                Backup.Write(storage, _folder.File(name), withCredentials: false, Token);
                System.IO.File.SetLastWriteTimeUtc(_folder.File(name), new DateTime(2026, 11, 24, 9, 30, 0, DateTimeKind.Utc).AddDays(-daysAgo));
            }
        }

        Damage("broken.db");
        _folder.Write("notes.txt", "Nothing of ours.");
        using (var other = Other(_folder.File("another-program.db")))
            other.Execute("CREATE TABLE Songs (Id INTEGER)");
        Damage("notifier.db");
        var files = Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).ToList();

        Assert.EndsWith($"The newest whole one beside it is {_folder.File("good copy #1?.db")}, of 2026-11-22 09:30 UTC.", Refused(StorageFault.Unavailable).Cure, StringComparison.Ordinal);
        Assert.Contains("good copy", Assert.Throws<StorageException>(() => Storage.OpenReadOnly(File)).Cure, StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles(_folder.Path).Where(file => !file.Contains("notifier.db.", StringComparison.Ordinal)).Concat(files.Where(file => file.Contains("notifier.db.", StringComparison.Ordinal))).Order(StringComparer.Ordinal));

        void Damage(string name)
        {
            using var file = System.IO.File.OpenWrite(_folder.File(name));
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0x5A, 8192).ToArray());
        }
    }

    /// <summary>What all processes share of the log is made anew.</summary>
    [Fact]
    public async Task J10_Without_the_shared_memory_of_the_log_everything_is_there()
    {
        var killed = _folder.File("killed.db");
        using (var storage = Storage.Open(File))
        {
            await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);
            foreach (var end in (string[])["", "-wal"])
                System.IO.File.Copy(File + end, killed + end);
        }

        await System.IO.File.WriteAllBytesAsync(killed + "-shm", new byte[32768], Token);
        using (Storage.Open(killed))
            Assert.Equal(1, Ask("SELECT COUNT(*) FROM Chats", killed));
    }

    /// <summary>Who reads for long keeps the log from being emptied; once it has ended, the log is cut to its bound.</summary>
    [Fact]
    public async Task J09_The_log_is_bounded_again_once_a_long_reader_has_ended()
    {
        const long bound = 64 << 20;
        using var storage = Storage.Open(File);
        var log = new FileInfo(File + "-wal");
        using (var reader = Other())
        {
            reader.Execute("BEGIN");
            Assert.Equal(0, reader.Scalar<long>("SELECT COUNT(*) FROM Chats"));
            for (var n = 0; n < 9; n++)
            {
                var address = $"{n}";
                await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", address), DateTimeOffset.UnixEpoch).Title = new string('x', 8 << 20), Token);
            }

            log.Refresh();
            Assert.True(log.Length > bound, $"{log.Length} bytes");
            Assert.Equal(0, reader.Scalar<long>("SELECT COUNT(*) FROM Chats"));
        }

        // One empties it, the next begins at its start.
        for (var n = 10; n < 12; n++)
        {
            var address = $"{n}";
            await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", address), DateTimeOffset.UnixEpoch), Token);
        }

        log.Refresh();
        Assert.True(log.Length <= bound, $"{log.Length} bytes");
        Assert.Equal(11, Ask("SELECT COUNT(*) FROM Chats"));
    }

    [Fact]
    public void J05_A_folder_that_cannot_be_written_is_named()
    {
        System.IO.File.WriteAllText(_folder.File("file"), "");
        Refused(StorageFault.NotWritable, _folder.File("file/notifier.db"));
        Directory.CreateDirectory(_folder.File("folder.db"));
        Refused(StorageFault.NotWritable, _folder.File("folder.db"));
    }

    [Fact]
    public void J05_A_read_only_folder_is_named()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            Assert.Skip("root may write everywhere");
            return;
        }

        System.IO.File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains(_folder.Path, Refused(StorageFault.NotWritable).Message, StringComparison.Ordinal);
        System.IO.File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task J06_A_lock_held_for_a_while_is_waited_for()
    {
        using var storage = Storage.Open(File);
        using var other = Other();
        other.Execute("BEGIN IMMEDIATE");

        var write = storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);
        await using (var db = storage.Read())
            Assert.False(await db.Chats.AnyAsync(Token));
        other.Execute("COMMIT");

        Assert.Equal("a", (await write).Address);
    }

    [Fact]
    public async Task J07_A_lock_held_too_long_fails_the_write_and_not_the_writer()
    {
        using var storage = Storage.Open(File, patience: 1, migrations: null);
        using var other = Other();
        other.Execute("BEGIN IMMEDIATE");
        var busy = await Assert.ThrowsAsync<StorageException>(
            () => storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token));
        other.Execute("COMMIT");

        Assert.Contains("is locked by another program", busy.Message, StringComparison.Ordinal);
        Assert.Equal("b", (await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "b"), DateTimeOffset.UnixEpoch), Token)).Address);
    }

    [Fact]
    public void A_database_that_another_program_keeps_to_itself_is_said_to_be_locked()
    {
        Storage.Open(File).Dispose();
        using var other = Other();
        other.Execute("PRAGMA locking_mode=EXCLUSIVE");
        other.Execute("BEGIN EXCLUSIVE; DELETE FROM Chats; COMMIT");

        var refused = Assert.Throws<StorageException>(() => Storage.Open(File, patience: 1, migrations: null));

        Assert.Contains("is locked by another program", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A process that dies leaves its log behind; what was committed is there.</summary>
    [Fact]
    public async Task What_was_committed_before_a_kill_is_there()
    {
        var killed = _folder.File("killed.db");
        using (var storage = Storage.Open(File))
        {
            await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);
            foreach (var end in (string[])["", "-wal"])
                System.IO.File.Copy(File + end, killed + end);
        }

        using (Storage.Open(killed))
            Assert.Equal(1, Ask("SELECT COUNT(*) FROM Chats", killed));
    }

    private StorageException Refused(StorageFault fault, string? file = null)
    {
        var refused = Assert.Throws<StorageException>(() => Storage.Open(file ?? File).Dispose());
        Assert.Equal(fault, refused.Fault);
        return refused;
    }

    private Storage OpenLarge() => Storage.Open(File, 10, migrations: null, small: 0);

    /// <summary>Makes a database with a page that no start reads, and damages that. Returns how it was before.</summary>
    private byte[] DamageOnePage()
    {
        Storage.Open(File).Dispose();
        var whole = System.IO.File.ReadAllBytes(File);
        var page = Ask("SELECT rootpage FROM sqlite_master WHERE name='AuditLines'");
        var size = Ask("PRAGMA page_size");
        using var file = System.IO.File.OpenWrite(File);
        file.Position = (page - 1) * size;
        file.Write(Enumerable.Repeat((byte)0x5A, (int)size).ToArray());
        return whole;
    }

    private SqliteConnection Other(string? file = null)
    {
        var connection = new SqliteConnection($"Data Source={file ?? File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Change(string sql)
    {
        using var other = Other();
        other.Execute(sql);
    }

    private long Ask(string sql, string? file = null)
    {
        using var other = Other(file);
        return other.Scalar<long>(sql);
    }
}
