using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Notifier.Model;

/// <summary>
/// The one way to write: closures run one after the other on a thread of their own (SQLite's calls are synchronous), over one
/// connection. What waits together is committed together: one <c>BEGIN IMMEDIATE</c>, a savepoint per closure, one fsync.
/// </summary>
/// <remarks>
/// A closure that throws is rolled back alone and its caller gets the exception; if the commit fails (disk full), every caller of the
/// group gets it and nothing of the group is kept. A closure may run long after it was given: it must check what it relies on.
/// It runs in the execution context of who gave it, so what holds there (the language that is spoken) holds in it.
/// </remarks>
public sealed class Writer : IDisposable
{
    private const int GroupLimit = 256;

    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly Statements _statements;

    /// <summary>A context costs more than most of what is written by it.</summary>
    private readonly PooledDbContextFactory<NotifierDb> _contexts;

    private readonly Thread _thread;

    internal Writer(SqliteConnection connection, DbContextOptions<NotifierDb> options)
    {
        _connection = connection;
        _path = connection.DataSource;
        _statements = new Statements(connection);
        _contexts = new PooledDbContextFactory<NotifierDb>(options);
        _thread = new Thread(Run) { IsBackground = true, Name = "writer" };
        _thread.Start();
    }

    /// <summary>Runs the closure in a transaction; completes once it is on disk. Cancelling only prevents a closure that has not begun.</summary>
    /// <exception cref="StorageException">The database cannot be written now: locked, disk full, damaged.</exception>
    public async Task<T> RunAsync<T>(Func<NotifierDb, T> closure, CancellationToken ct)
    {
        var work = new Work<T>(closure, ct);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(work), this);
        try
        {
            return await work.Done.Task;
        }
        catch (Exception fault) when (MachineFault(fault) is not null)
        {
            throw MachineFault(fault)!;
        }
    }

    public Task RunAsync(Action<NotifierDb> closure, CancellationToken ct) =>
        RunAsync(
            db =>
            {
                closure(db);
                return true;
            },
            ct);

    /// <summary>Finishes what has been given, then closes the connection.</summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete())
            return;
        _thread.Join();
        _statements.Dispose();
        _connection.Dispose();
    }

    private StorageException? MachineFault(Exception fault) =>
        (fault as SqliteException ?? fault.InnerException as SqliteException) is { } sqlite ? StorageException.Of(_path, sqlite) : null;

    private void Run()
    {
        var group = new List<Work>(GroupLimit);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < GroupLimit && _queue.Reader.TryRead(out var work))
                group.Add(work);
            Commit(group);
        }
    }

    private void Commit(List<Work> group)
    {
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (var work in group)
            {
                Execute("SAVEPOINT one");
                work.Run(this);
                Execute(work.Failed ? "ROLLBACK TO one; RELEASE one" : "RELEASE one");
            }

            Execute("COMMIT");
        }
        catch (SqliteException refused)
        {
            // Disk full or an I/O fault may have rolled the transaction back already.
            if (!SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!).Equals(1))
                Execute("ROLLBACK");
            foreach (var work in group)
                work.Fail(refused);
        }

        foreach (var work in group)
            work.Tell();
    }

    private void Execute(string sql) => _statements.Execute(sql);

    private abstract class Work
    {
        public abstract bool Failed { get; }

        public abstract void Run(Writer writer);

        public abstract void Fail(Exception reason);

        public abstract void Tell();
    }

    private sealed class Work<T>(Func<NotifierDb, T> closure, CancellationToken ct) : Work
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        private Writer? _writer;
        private T? _result;
        private Exception? _fault;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Failed => _fault is not null;

        public override void Run(Writer writer)
        {
            _writer = writer;
            if (_context is null)
                RunHere();
            else
                ExecutionContext.Run(_context, static work => ((Work<T>)work!).RunHere(), this);
        }

        private void RunHere()
        {
            try
            {
                ct.ThrowIfCancellationRequested();
                using var db = _writer!._contexts.CreateDbContext();
                db.Statements = _writer._statements;

                // The transaction is the writer's, so EF begins none.
                db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
                _result = closure(db);
                if (db.ChangeTracker.HasChanges())
                    db.SaveChanges();
            }
            catch (Exception thrown)
            {
                // Whatever a closure throws is its caller's to handle; the thread goes on with the next one.
                _fault = thrown;
            }
        }

        public override void Fail(Exception reason) => _fault ??= reason;

        public override void Tell()
        {
            if (_fault is OperationCanceledException)
                Done.TrySetCanceled(ct);
            else if (_fault is not null)
                Done.TrySetException(_fault);
            else
                Done.TrySetResult(_result!);
        }
    }
}
