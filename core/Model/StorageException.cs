using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Notifier.Model;

/// <summary>The database cannot be used; the message says which file, what is wrong and the cure, for the operator.</summary>
public sealed class StorageException(StorageFault fault, string what, string cure, Exception? inner = null) : Exception($"{what} {cure}", inner)
{
    public StorageFault Fault { get; } = fault;

    /// <summary>The message's two halves: what is wrong with which file, and what to do.</summary>
    public string What { get; } = what;

    public string Cure { get; } = cure;

    /// <summary>The file itself is broken, so that only another one helps.</summary>
    public bool IsDamage { get; private init; }

    /// <summary>The machine's fault behind an exception of SQLite's; null where it is none (a constraint: a bug of ours).</summary>
    public static StorageException? Of(string path, SqliteException fault) => fault.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Corrupt(path, fault.Message, fault),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => Busy(path, fault),
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM => NotWritable(path, fault),
        SQLitePCL.raw.SQLITE_FULL => Full(path, fault),
        SQLitePCL.raw.SQLITE_IOERR => new StorageException(StorageFault.Unavailable, $"The disk that holds {path} fails ({fault.Message}).", "Look after that disk, and keep a backup elsewhere.", fault),
        _ => null,
    };

    internal static StorageException NotWritable(string path, Exception? inner) => new(
        StorageFault.NotWritable,
        $"{path} is not writable by user {Environment.UserName}.",
        "Give that user the folder (chown), or set NOTIFIER_DATA to a folder that is.",
        inner);

    internal static StorageException Corrupt(string path, string found, Exception? inner) => new(
        StorageFault.Unavailable,
        $"The database {path} is damaged ({found.ReplaceLineEndings(" ")}).",
        "Put a backup in its place, or move it away to start afresh; finding that out has changed nothing.",
        inner)
    {
        IsDamage = true,
    };

    /// <summary>The same, and which whole copy lies beside it.</summary>
    internal StorageException WithCopy(string copy) => new(
        Fault,
        What,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Put a backup in its place (README.md says how), or move it away to start afresh; finding that out has changed nothing. The newest whole one beside it is {copy}, of {File.GetLastWriteTimeUtc(copy):yyyy-MM-dd HH:mm} UTC."),
        InnerException)
    {
        IsDamage = true,
    };

    /// <summary>The same; and the next start will not know of it.</summary>
    internal StorageException NotNoted(Exception why) => new(Fault, $"{What} That could not be noted for the next start ({why.Message}).", Cure, InnerException)
    {
        IsDamage = true,
    };

    internal static StorageException Busy(string path, Exception inner) => new(
        StorageFault.Unavailable,
        $"The database {path} is locked by another program.",
        "Close that program (a database browser?) and try again.",
        inner);

    internal static StorageException Full(string path, Exception inner) => new(
        StorageFault.Unavailable,
        $"The disk that holds {path} is full.",
        "Free some space and try again; nothing is lost.",
        inner);

    internal static StorageException Newer(string path, string migration) => new(
        StorageFault.Newer,
        $"The database {path} was written by a newer Notifier (it has “{migration}”).",
        "Run that version or a later one; this one has changed nothing.");

    internal static StorageException Older(string path) => new(
        StorageFault.Older,
        $"The database {path} was written by an older Notifier.",
        "Start the service once: it brings the database up to date, and keeps a copy as it was.");

    internal static StorageException Missing(string path) => new(
        StorageFault.Missing,
        $"There is no database {path}.",
        "The service makes it at its first start; if there was one, let NOTIFIER_DATA or ConnectionStrings:Notifier lead to it.");

    internal static StorageException NotReadable(string path, Exception inner) => new(
        StorageFault.NotWritable,
        $"The database {path} cannot be read by user {Environment.UserName}.",
        "Run this as the user that the service runs as.",
        inner);

    internal static StorageException Held(string path, string holder) => new(
        StorageFault.Held,
        $"Another Notifier ({holder}) is using {path}.",
        "Stop it, or give this one another folder by NOTIFIER_DATA.");
}

/// <summary>Why, for the exit code.</summary>
public enum StorageFault
{
    Unavailable,
    NotWritable,
    Newer,

    /// <summary>Only where nothing may be changed: else it is brought up to date.</summary>
    Older,

    /// <summary>Only where nothing may be made.</summary>
    Missing,

    /// <summary>Another process holds the lock.</summary>
    Held,
}
