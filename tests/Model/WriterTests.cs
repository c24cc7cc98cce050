using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Model;

public sealed class WriterTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();
    private readonly Storage _storage;

    public WriterTests() => _storage = Storage.Open(_folder.File("notifier.db"));

    private Writer Writer => _storage.Writer;

    public void Dispose()
    {
        _storage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Closures_run_one_at_a_time_in_order_on_one_thread()
    {
        var ran = new List<int>();
        var threads = new HashSet<int>();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Writer.RunAsync(
            _ =>
            {
                ran.Add(i);
                threads.Add(Environment.CurrentManagedThreadId);
            },
            Token)));

        Assert.Equal(Enumerable.Range(0, 1000), ran);
        Assert.Single(threads);
    }

    [Fact]
    public async Task A_closure_runs_in_the_context_of_who_gave_it()
    {
        var spoken = new AsyncLocal<string?>();
        var heard = await Task.WhenAll(new[] { "de", null, "en" }.Select(async language =>
        {
            spoken.Value = language;
            return await Writer.RunAsync(_ => spoken.Value, Token);
        }));
        Assert.Equal(["de", null, "en"], heard);
    }

    [Fact]
    public async Task What_waits_together_is_committed_together()
    {
        using var gate = Gate(out var first);
        var before = Commits();
        var writes = Enumerable.Range(0, 200).Select(i => Writer.RunAsync(db => Add(db, i), Token)).ToList();
        gate.Set();
        await Task.WhenAll([first, .. writes]);

        Assert.Equal(200, await CountAsync());
        Assert.Equal(before + 1, Commits());
    }

    [Fact]
    public async Task A_result_is_told_once_it_is_on_disk()
    {
        await Writer.RunAsync(db => Add(db, 1), Token);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_closure_that_throws_is_undone_alone()
    {
        using var gate = Gate(out var first);
        var good = Writer.RunAsync(db => Add(db, 1), Token);
        var bad = Writer.RunAsync(
            db =>
            {
                Add(db, 2);
                throw new InvalidOperationException("on purpose");
            },
            Token);
        var twice = Writer.RunAsync(
            db =>
            {
                Add(db, 3);
                Add(db, 1);
            },
            Token);
        var after = Writer.RunAsync(db => Add(db, 4), Token);
        gate.Set();

        await Task.WhenAll(first, good, after);
        Assert.Equal("on purpose", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        await Assert.ThrowsAsync<DbUpdateException>(() => twice);
        Assert.Equal(["1", "4"], await AddressesAsync());
    }

    [Fact]
    public async Task What_a_closure_only_tracks_is_saved_at_its_end()
    {
        await Writer.RunAsync(db => Add(db, 1), Token);
        await Writer.RunAsync(db => db.Chats.Single().Title = "renamed", Token);
        await using var db = _storage.Read();
        Assert.Equal("renamed", (await db.Chats.SingleAsync(Token)).Title);
    }

    [Fact]
    public async Task Cancelling_prevents_only_what_has_not_begun()
    {
        using var cancel = new CancellationTokenSource();
        using var gate = Gate(out var first, cancel.Token);
        var waiting = Writer.RunAsync(db => Add(db, 1), cancel.Token);
        await cancel.CancelAsync();
        gate.Set();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Disposing_finishes_what_was_given_and_refuses_the_rest()
    {
        using var gate = Gate(out var first);
        var writes = Enumerable.Range(0, 600).Select(i => Writer.RunAsync(db => Add(db, i), Token)).ToList();
        var disposing = Task.Run(Writer.Dispose, Token);
        gate.Set();
        await Task.WhenAll([disposing, first, .. writes]);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Writer.RunAsync(db => Add(db, 1000), Token));
        Assert.Equal(600, await CountAsync());
    }

    [Fact]
    public async Task J03_A_full_disk_is_told_to_each_caller_and_later_writes_go_on()
    {
        await Writer.RunAsync(db => db.Connection().Execute("PRAGMA max_page_count=" + db.Connection().Scalar<long>("PRAGMA page_count")), Token);
        using var gate = Gate(out var first);
        var writes = Enumerable.Range(0, 5).Select(i => Writer.RunAsync(db => Add(db, i, new string('x', 100_000)), Token)).ToList();
        gate.Set();
        await first;
        foreach (var write in writes)
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => write);
            Assert.Contains("full", (refused.InnerException ?? refused).Message, StringComparison.Ordinal);
        }

        await Writer.RunAsync(db => db.Connection().Scalar<long>("PRAGMA max_page_count=1000000"), Token);
        await Writer.RunAsync(db => Add(db, 7, new string('x', 100_000)), Token);
        Assert.Equal(["7"], await AddressesAsync());
    }

    /// <summary>A commit that fails takes its whole group with it, and every caller hears of it.</summary>
    [Fact]
    public async Task A_commit_that_fails_is_told_to_the_whole_group()
    {
        using var gate = Gate(out var first);
        var good = Writer.RunAsync(db => Add(db, 1), Token);
        var breaking = Writer.RunAsync(
            db =>
            {
                // Checked at the commit, when the closure is long over.
                db.Connection().Execute("PRAGMA defer_foreign_keys=ON");
                db.Connection().Execute("INSERT INTO Subscriptions (ChatId, FeedId, Number, Since) VALUES (99, 99, 1, 0)");
            },
            Token);
        gate.Set();

        await Assert.ThrowsAsync<SqliteException>(() => good);
        await Assert.ThrowsAsync<SqliteException>(() => breaking);
        await first.ContinueWith(_ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default);
        await Writer.RunAsync(db => Add(db, 2), Token);
        Assert.Equal(["2"], await AddressesAsync());
    }

    /// <summary>Keeps the writer busy until it is set, so that what is given meanwhile waits together.</summary>
    private ManualResetEventSlim Gate(out Task closed, CancellationToken ct = default)
    {
        var gate = new ManualResetEventSlim();
        var begun = new ManualResetEventSlim();
        closed = Writer.RunAsync(
            _ =>
            {
                begun.Set();
                gate.Wait(Token);
            },
            ct);
        begun.Wait(Token);
        return gate;
    }

    private static void Add(NotifierDb db, int address, string? title = null)
    {
        db.Chats.Add(new Chat { Platform = "fake", Address = $"{address}", Title = title });
        db.SaveChanges();
    }

    private async Task<int> CountAsync() => (await AddressesAsync()).Count;

    private async Task<List<string>> AddressesAsync()
    {
        await using var db = _storage.Read();
        return await db.Chats.OrderBy(c => c.Id).Select(c => c.Address).ToListAsync(Token);
    }

    /// <summary>The commits in the write-ahead log: frames that state the size of the database after them (https://sqlite.org/fileformat2.html#walformat).</summary>
    private int Commits()
    {
        using var file = new FileStream(_storage.Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var wal = new byte[file.Length];
        file.ReadExactly(wal);
        var commits = 0;
        for (var frame = 32; frame + 24 <= wal.Length; frame += 24 + 4096)
        {
            var size = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(wal.AsSpan(frame + 4));
            if (size != 0 && wal.AsSpan(frame + 8, 8).SequenceEqual(wal.AsSpan(16, 8)))
                commits++;
        }

        return commits;
    }
}
