using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Notifier.Model;

/// <summary>The database file: opened, checked and brought up to date once, then read in many places and written in one.</summary>
public sealed class Storage : IDisposable
{
    /// <summary>In bytes: so much is looked through at the start, in a second on a slow disk. What is larger would take minutes there.</summary>
    internal const long Small = 128L << 20;

    private readonly DbContextOptions<NotifierDb> _readOptions;
    private readonly string _readConnectionString;
    private readonly ProcessLock? _held;
    private readonly Writer? _writer;
    private readonly Reading _reading;

    private Storage(string path, ProcessLock processLock, int patience, bool isLookedThrough)
        : this(path, patience, SqliteOpenMode.ReadWriteCreate)
    {
        IsLookedThrough = isLookedThrough;
        _held = processLock;
        var connection = OpenForWriting(path, patience);
        _writer = new Writer(connection, Options(connection));
    }

    private Storage(string path, int patience, SqliteOpenMode mode)
    {
        Path = path;
        _reading = new Reading(this);
        _readConnectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = patience, Mode = mode }.ToString();
        _readOptions = new DbContextOptionsBuilder<NotifierDb>().UseSqlite(_readConnectionString).AddInterceptors(new QueryOnly()).Options;
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>Opening it has shown that all of it is whole; else <see cref="LookThrough"/> is to be called when there is time.</summary>
    public bool IsLookedThrough { get; private init; }

    /// <exception cref="InvalidOperationException">It was opened for reading only.</exception>
    public Writer Writer => _writer ?? throw new InvalidOperationException("This database was opened for reading only.");

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

    /// <summary>A hot read, by statements that stay prepared; read-only like <see cref="Read"/>.</summary>
    internal T Read<T>(Func<Statements, T> read) => _reading.Read(read);

    /// <summary>
    /// Takes the process lock and opens the database, made or migrated as needed; an older one is copied beside itself first.
    /// </summary>
    /// <remarks>A large file is looked through only if it is to be migrated, or was found damaged: see <see cref="IsLookedThrough"/>.</remarks>
    /// <exception cref="StorageException">What is wrong, with the file and the cure, when it cannot be used.</exception>
    public static Storage Open(string path) => Open(path, patience: 10, migrations: null);

    /// <param name="patience">How many seconds to wait for another program's lock.</param>
    /// <param name="migrations">The assembly that has them; null for this one.</param>
    /// <param name="small">Up to how many bytes the file is looked through in any case.</param>
    internal static Storage Open(string path, int patience, Assembly? migrations, long small = Small)
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
            return new Storage(path, processLock, patience, Prepare(path, patience, migrations, small));
        }
        catch (Exception fault)
        {
            processLock.Dispose();
            if (Told(path, fault) is { } told)
                throw told;
            throw;
        }
    }

    /// <summary>
    /// Opens the database beside whoever uses it: no lock is taken, nothing is made, migrated or left behind, and <see cref="Writer"/> is closed.
    /// A large one is not looked through.
    /// </summary>
    /// <exception cref="StorageException">It is missing, damaged, older or newer, or may not be read.</exception>
    public static Storage OpenReadOnly(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!File.Exists(path))
            throw StorageException.Missing(path);

        // Where nobody has it open, a connection that may only read would leave -wal and -shm behind; one that may write, and does not, tidies up.
        var mode = File.Exists(path + "-wal") ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite;
        var storage = new Storage(path, patience: 10, mode) { IsLookedThrough = new FileInfo(path).Length <= Small };
        try
        {
            using var connection = storage.ReadConnection();
            if (storage.IsLookedThrough)
                CheckWhole(path, connection);
            var known = Migrations();
            var applied = connection.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE name='__EFMigrationsHistory'") > 0
                ? connection.Query("SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId", row => row.GetString(0))
                : [];
            CheckNotNewer(path, known, applied);
            return applied.Count == known.Count ? storage : throw StorageException.Older(path);
        }
        catch (Exception fault)
        {
            storage.Dispose();
            if (fault is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM })
                throw StorageException.NotReadable(path, fault);
            if (Told(path, fault) is { } told)
                throw told;
            throw;
        }
    }

    /// <summary>Who has the database open as its own; null for nobody. Nothing is taken or made.</summary>
    public static string? HolderOf(string path) => ProcessLock.HolderOf(System.IO.Path.GetFullPath(path));

    /// <summary>
    /// Reads all of the file to see that it is whole, which may take minutes; others read and write meanwhile. By whoever has it as its own, damage is remembered:
    /// it is not opened again before it is whole.
    /// </summary>
    /// <exception cref="StorageException">It is damaged, or cannot be read.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="ct"/>.</exception>
    public void LookThrough(CancellationToken ct)
    {
        using var connection = ReadConnection();
        using var stop = ct.UnsafeRegister(static it => SQLitePCL.raw.sqlite3_interrupt(((SqliteConnection)it!).Handle), connection);
        try
        {
            ct.ThrowIfCancellationRequested();
            CheckWhole(Path, connection);
        }
        catch (Exception fault)
        {
            ct.ThrowIfCancellationRequested();
            var told = Told(Path, fault);
            if (_held is not null && (told ?? fault as StorageException) is { IsDamage: true } damage)
                throw Noted(damage);
            if (told is not null)
                throw told;
            throw;
        }
    }

    /// <summary>Where it cannot be noted, it is told all the same.</summary>
    private StorageException Noted(StorageException damage)
    {
        try
        {
            File.WriteAllText(DamageNote(Path), damage.Message);
            return damage;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return damage.NotNoted(fault);
        }
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _reading.Dispose();

        // Its own alone: those of other databases may be in use, or be closed by whoever owns them in this moment.
        using (var own = new SqliteConnection(_readConnectionString))
            SqliteConnection.ClearPool(own);
        _held?.Dispose();
    }

    /// <summary>Checks the file and migrates it. Foreign keys, WAL and FULL are set for every connection of ours.</summary>
    /// <returns>Whether it was looked through.</returns>
    private static bool Prepare(string path, int patience, Assembly? migrations, long small)
    {
        using var connection = OpenForWriting(path, patience);

        // Another program's lock shows only when we write, and a start that cannot write must not look like one that can.
        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute("ROLLBACK");
        var isLookedThrough = new FileInfo(path).Length <= small || File.Exists(DamageNote(path));
        if (isLookedThrough)
        {
            CheckWhole(path, connection);
            File.Delete(DamageNote(path));
        }

        using var db = new NotifierDb(Options(connection, migrations));
        var known = db.Database.GetMigrations().ToList();
        var applied = db.Database.GetAppliedMigrations().ToList();
        CheckNotNewer(path, known, applied);
        if (applied.Count == known.Count)
            return isLookedThrough;

        if (!isLookedThrough)
            CheckWhole(path, connection);
        if (applied.Count > 0)
            Backup.Keep(connection, $"{path}.before-{known[applied.Count]}");

        // A process that died while migrating leaves its row behind, and the next one would wait for it for ever; the process lock says that nobody else migrates.
        if (connection.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE name='__EFMigrationsLock'") > 0)
            connection.Execute("DELETE FROM __EFMigrationsLock");
        db.Database.Migrate();
        return true;
    }

    /// <summary>The file that says that the database was found damaged while it was in use.</summary>
    private static string DamageNote(string path) => path + ".damaged";

    private static void CheckWhole(string path, SqliteConnection connection)
    {
        if (connection.Scalar<string>("PRAGMA quick_check(1)") is { } found && found != "ok")
            throw StorageException.Corrupt(path, found, null);
    }

    private static void CheckNotNewer(string path, List<string> known, List<string> applied)
    {
        if (applied.Find(name => !known.Contains(name, StringComparer.Ordinal)) is { } newer)
            throw StorageException.Newer(path, newer);
    }

    /// <summary>The fault in words, where they are not those of the exception itself; of damage also what could take the file's place.</summary>
    private static StorageException? Told(string path, Exception fault)
    {
        var told = fault as StorageException ?? (fault is SqliteException sqlite ? StorageException.Of(path, sqlite) ?? Unusable(path, sqlite) : null);
        return told is { IsDamage: true } && Backup.NewestBeside(path) is { } copy ? told.WithCopy(copy) : ReferenceEquals(told, fault) ? null : told;
    }

    private static StorageException Unusable(string path, SqliteException fault) =>
        new(StorageFault.Unavailable, $"The database {path} cannot be used ({fault.Message}).", "Close whatever else uses it and try again; if that does not help, put a backup in its place.", fault);

    private static SqliteConnection OpenForWriting(string path, int patience)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = patience, Pooling = false }.ToString());
        connection.Open();
        connection.Execute("PRAGMA journal_mode=WAL");
        connection.Execute("PRAGMA synchronous=FULL");
        connection.Execute("PRAGMA foreign_keys=ON");
        connection.Execute("PRAGMA journal_size_limit=67108864");

        // 32 MiB, since what a claim touches the record touches again: with a million feeds that is a page for each.
        connection.Execute("PRAGMA cache_size=-32768");
        return connection;
    }

    private static DbContextOptions<NotifierDb> Options(SqliteConnection connection, Assembly? migrations = null) =>
        new DbContextOptionsBuilder<NotifierDb>().UseSqlite(connection, sqlite => sqlite.MigrationsAssembly(migrations ?? typeof(NotifierDb).Assembly)).Options;

    private static List<string> Migrations()
    {
        using var db = new NotifierDb(new DbContextOptionsBuilder<NotifierDb>().UseSqlite().Options);
        return [.. db.Database.GetMigrations()];
    }

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
