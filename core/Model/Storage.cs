using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Notifier.Model;

/// <summary>The database file: opened, checked and brought up to date once, then read in many places and written in one.</summary>
public sealed class Storage : IDisposable
{
    private readonly DbContextOptions<NotifierDb> _readOptions;
    private readonly string _readConnectionString;
    private readonly ProcessLock _held;

    private Storage(string path, ProcessLock processLock, int patience)
    {
        Path = path;
        _held = processLock;
        _readConnectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = patience }.ToString();
        _readOptions = new DbContextOptionsBuilder<NotifierDb>().UseSqlite(_readConnectionString).AddInterceptors(new QueryOnly()).Options;
        var connection = OpenForWriting(path, patience);
        Writer = new Writer(connection, Options(connection));
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    public Writer Writer { get; }

    /// <summary>A context for reading only: a stray <c>SaveChanges</c> fails.</summary>
    public NotifierDb Read() => new(_readOptions);

    /// <summary>A bare connection for the hot reads; read-only like <see cref="Read"/>. The caller disposes it.</summary>
    public SqliteConnection ReadConnection()
    {
        var connection = new SqliteConnection(_readConnectionString);
        connection.Open();
        connection.Execute("PRAGMA query_only=ON");
        return connection;
    }

    /// <summary>
    /// Takes the process lock and opens the database, made or migrated as needed; an older one is copied beside itself first.
    /// </summary>
    /// <exception cref="StorageException">What is wrong, with the file and the cure, when it cannot be used.</exception>
    public static Storage Open(string path) => Open(path, patience: 10, migrations: null);

    /// <param name="patience">How many seconds to wait for another program's lock.</param>
    /// <param name="migrations">The assembly that has them; null for this one.</param>
    internal static Storage Open(string path, int patience, Assembly? migrations)
    {
        path = System.IO.Path.GetFullPath(path);
        var folder = System.IO.Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw StorageException.NotWritable(folder, fault);
        }

        var processLock = ProcessLock.Take(path);
        try
        {
            Prepare(path, patience, migrations);
            return new Storage(path, processLock, patience);
        }
        catch (Exception fault)
        {
            processLock.Dispose();
            if (fault is SqliteException sqlite)
                throw StorageException.Of(path, sqlite) ?? new StorageException(StorageFault.Unavailable, $"The database {path} cannot be used: {sqlite.Message}", sqlite);
            throw;
        }
    }

    public void Dispose()
    {
        Writer.Dispose();
        SqliteConnection.ClearAllPools();
        _held.Dispose();
    }

    /// <summary>Checks the file and migrates it. Foreign keys, WAL and FULL are set for every connection of ours.</summary>
    private static void Prepare(string path, int patience, Assembly? migrations)
    {
        using var connection = OpenForWriting(path, patience);

        // Another program's lock shows only when we write, and a start that cannot write must not look like one that can.
        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute("ROLLBACK");
        if (connection.Scalar<string>("PRAGMA quick_check(1)") is { } found && found != "ok")
            throw StorageException.Corrupt(path, found, null);

        using var db = new NotifierDb(Options(connection, migrations));
        var known = db.Database.GetMigrations().ToList();
        var applied = db.Database.GetAppliedMigrations().ToList();
        if (applied.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } newer)
            throw StorageException.Newer(path, newer);
        if (applied.Count == known.Count)
            return;

        if (applied.Count > 0)
        {
            var copy = $"{path}.before-{known[applied.Count]}";
            File.Delete(copy);
            connection.Execute("VACUUM INTO $copy", ("$copy", copy));
        }

        // A process that died while migrating leaves its row behind, and the next one would wait for it for ever; the process lock says that nobody else migrates.
        if (connection.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE name='__EFMigrationsLock'") > 0)
            connection.Execute("DELETE FROM __EFMigrationsLock");
        db.Database.Migrate();
    }

    private static SqliteConnection OpenForWriting(string path, int patience)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = patience, Pooling = false }.ToString());
        connection.Open();
        connection.Execute("PRAGMA journal_mode=WAL");
        connection.Execute("PRAGMA synchronous=FULL");
        connection.Execute("PRAGMA foreign_keys=ON");
        connection.Execute("PRAGMA journal_size_limit=67108864");
        return connection;
    }

    private static DbContextOptions<NotifierDb> Options(SqliteConnection connection, Assembly? migrations = null) =>
        new DbContextOptionsBuilder<NotifierDb>().UseSqlite(connection, sqlite => sqlite.MigrationsAssembly(migrations ?? typeof(NotifierDb).Assembly)).Options;

    private sealed class QueryOnly : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
            ((SqliteConnection)connection).Execute("PRAGMA query_only=ON");

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
