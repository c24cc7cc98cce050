using Microsoft.Data.Sqlite;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Model;

/// <summary>Statements that stay prepared do what they would do prepared anew.</summary>
public sealed class StatementsTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_statement_takes_other_values_each_time_and_goes_on_after_one_that_was_refused()
    {
        await _desk.ChatAsync("a");
        const string Add = "INSERT INTO Operators (Platform, Person, Name, Since) VALUES ('fake', $person, $name, 0)";
        await Assert.ThrowsAsync<SqliteException>(() => _desk.Storage.Writer.RunAsync(
            db =>
            {
                Assert.Equal(1, db.Statements.Execute(Add, ("$person", "p"), ("$name", null)));
                db.Statements.Execute(Add, ("$person", "p"), ("$name", "again"));
            },
            Desk.Token));
        var known = await _desk.Storage.Writer.RunAsync(
            db =>
            {
                db.Statements.Execute(Add, ("$person", "q"), ("$name", "Q"));
                db.Statements.Execute(Add, ("$person", "r"), ("$name", null));
                return db.Statements.Query("SELECT Person, Name FROM Operators ORDER BY Person", reader => $"{reader.GetString(0)}={reader.Text(1)}");
            },
            Desk.Token);
        Assert.Equal(["q=Q", "r="], known);
    }

    [Fact]
    public async Task Whoever_reads_sees_what_was_written_since_and_writes_nothing()
    {
        const string Count = "SELECT COUNT(*) FROM Chats WHERE Address<>$not";
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(n, _desk.Storage.Read(statements => statements.Scalar<int>(Count, ("$not", "x"))));
            await _desk.ChatAsync($"chat-{n}");
        }

        Assert.Throws<SqliteException>(() => _desk.Storage.Read(statements => statements.Execute("DELETE FROM Chats")));
        Assert.Equal(3, _desk.Storage.Read(statements => statements.Scalar<int>(Count, ("$not", "x"))));
        Assert.Null(_desk.Storage.Read(statements => statements.Scalar<long?>("SELECT NULL")));
    }

    [Fact]
    public async Task Many_read_at_once_and_what_reads_still_when_all_ends_leaves_nothing_open()
    {
        await _desk.ChatAsync("a");
        using var folder = new TempFolder();
        var storage = Storage.Open(folder.File("other.db"));
        using var both = new Barrier(3);
        var reading = Enumerable.Range(0, 2).Select(_ => Task.Run(
            () => storage.Read(statements =>
            {
                both.SignalAndWait(Desk.Token);
                both.SignalAndWait(Desk.Token);
                return statements.Scalar<long>("SELECT 1");
            }),
            Desk.Token)).ToList();
        both.SignalAndWait(Desk.Token);
        storage.Dispose();
        both.SignalAndWait(Desk.Token);
        Assert.All(await Task.WhenAll(reading), one => Assert.Equal(1, one));
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain(new DirectoryInfo("/proc/self/fd").EnumerateFiles().Select(open => open.LinkTarget), file => file?.StartsWith(folder.File("other.db"), StringComparison.Ordinal) == true);
        using var again = Storage.Open(folder.File("other.db"));
        Assert.Equal(0, again.Read(statements => statements.Scalar<long>("SELECT COUNT(*) FROM Chats")));
    }
}
