using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Model;

/// <summary>The database as doctor, backup and the like see it: beside whoever uses it, and untouched.</summary>
public sealed class OpenReadOnlyTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    private string File => _folder.File("notifier.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_read_beside_whoever_uses_it()
    {
        using var own = Storage.Open(File);
        using var beside = Storage.OpenReadOnly(File);
        await own.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);

        await using var db = beside.Read();
        Assert.Equal("a", db.Chats.Single().Address);
        Assert.Equal($"process {Environment.ProcessId}", Storage.HolderOf(File));
        Assert.Throws<InvalidOperationException>(() => beside.Writer);
        using var connection = beside.ReadConnection();
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => connection.Execute("DELETE FROM Chats"));
    }

    [Fact]
    public void It_takes_makes_and_leaves_nothing()
    {
        Storage.Open(File).Dispose();
        var before = Files();
        using (var storage = Storage.OpenReadOnly(File))
        {
            Assert.Null(Storage.HolderOf(File));
            using (Storage.Open(File))
                Assert.NotNull(Storage.HolderOf(File));
            using var db = storage.Read();
            Assert.Empty(db.Chats);
        }

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task What_a_kill_left_in_the_log_is_read_and_stays_there()
    {
        var killed = _folder.File("killed.db");
        using (var storage = Storage.Open(File))
        {
            await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);
            foreach (var end in (string[])["", "-wal"])
                System.IO.File.Copy(File + end, killed + end);
        }

        var bytes = await System.IO.File.ReadAllBytesAsync(killed, Token);
        using (var storage = Storage.OpenReadOnly(killed))
        await using (var db = storage.Read())
            Assert.Equal("a", db.Chats.Single().Address);
        Assert.Equal(bytes, await System.IO.File.ReadAllBytesAsync(killed, Token));
        Assert.True(System.IO.File.Exists(killed + "-wal"));
    }

    [Fact]
    public void A_holder_that_was_killed_holds_nothing()
    {
        Storage.Open(File).Dispose();
        System.IO.File.WriteAllText(File + ".holder", "process 4711");
        Assert.Null(Storage.HolderOf(File));
    }

    [Fact]
    public void A_missing_one_is_named_and_not_made()
    {
        Refused(StorageFault.Missing, $"There is no database {File}.");
        Assert.Empty(Files());
    }

    [Fact]
    public void An_older_one_is_named_and_not_brought_up_to_date()
    {
        Storage.Open(File).Dispose();
        Change("DELETE FROM __EFMigrationsHistory WHERE MigrationId=(SELECT MAX(MigrationId) FROM __EFMigrationsHistory)");
        var bytes = System.IO.File.ReadAllBytes(File);
        Refused(StorageFault.Older, $"The database {File} was written by an older Notifier.");
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void An_empty_one_counts_as_older()
    {
        System.IO.File.WriteAllBytes(File, []);
        Refused(StorageFault.Older, $"The database {File} was written by an older Notifier.");
        Assert.Empty(System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_newer_one_is_named()
    {
        Storage.Open(File).Dispose();
        Change("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0.0')");
        Refused(StorageFault.Newer, $"The database {File} was written by a newer Notifier (it has “29990101000000_FromTheFuture”).");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_one_is_named(bool page)
    {
        Storage.Open(File).Dispose();
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes.AsSpan(page ? 4096 : 0, 4096).Fill(0x5A);
        System.IO.File.WriteAllBytes(File, bytes);
        Refused(StorageFault.Unavailable, $"The database {File} is damaged (");
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
    }

    private List<string> Files() => [.. Directory.EnumerateFiles(_folder.Path).Order(StringComparer.Ordinal)];

    private void Refused(StorageFault fault, string said)
    {
        var refused = Assert.Throws<StorageException>(() => Storage.OpenReadOnly(File));
        Assert.Equal(fault, refused.Fault);
        Assert.StartsWith(said, refused.What, StringComparison.Ordinal);
        Assert.NotEqual("", refused.Cure);
        Assert.Equal($"{refused.What} {refused.Cure}", refused.Message);
    }

    private void Change(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
