using Microsoft.Data.Sqlite;

namespace Notifier.Model;

/// <summary>
/// A copy of the database in one file, consistent while the service writes on. It is made under another name and gets its own when it is whole and on
/// disk, so whatever happens meanwhile leaves no half copy. Only its owner may read it (0600).
/// </summary>
public static class Backup
{
    /// <param name="file">Where to; nothing may be there.</param>
    /// <param name="withCredentials">Also what protected feeds ask for; without, they have to be given anew after a restore.</param>
    /// <exception cref="IOException">Something is there already, or the copy cannot be written.</exception>
    /// <exception cref="StorageException">The database, or its copy, is damaged.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="ct"/>.</exception>
    public static BackupReport Write(Storage storage, string file, bool withCredentials, CancellationToken ct)
    {
        file = Path.GetFullPath(file);
        if (Path.Exists(file))
            throw new IOException($"{file} is there already.");
        var draft = $"{file}.unfinished-{Environment.ProcessId}";
        try
        {
            // SQLite writes into an empty file, and leaves its rights as they are.
            Make(draft);
            Copy(storage, draft, ct);
            var left = Check(draft, withCredentials);
            Flush(draft);
            ct.ThrowIfCancellationRequested();
            File.Move(draft, file, overwrite: false);
            return new BackupReport(file, new FileInfo(file).Length, left);
        }
        catch (SqliteException fault)
        {
            ct.ThrowIfCancellationRequested();
            throw fault.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB
                ? StorageException.Corrupt(storage.Path, fault.Message, fault)
                : new IOException($"{file} cannot be written: {fault.Message}", fault);
        }
        finally
        {
            if (File.Exists(draft))
                File.Delete(draft);
        }
    }

    /// <summary>A copy as the database is, with everything in it, in the place of one that is there: what an upgrade can be taken back to.</summary>
    internal static void Keep(SqliteConnection connection, string file)
    {
        var draft = file + ".unfinished";

        // A process that was killed in the middle left it.
        File.Delete(draft);
        Make(draft);
        connection.Execute("VACUUM INTO $draft", ("$draft", draft));
        Flush(draft);
        File.Move(draft, file, overwrite: true);
    }

    /// <summary>The newest whole database of this or an older version in the folder of a damaged one; null for none. Nothing is written.</summary>
    internal static string? NewestBeside(string path)
    {
        try
        {
            return new DirectoryInfo(Path.GetDirectoryName(path)!).EnumerateFiles()
                .Where(file => file.FullName != path && file.Length > 0 && !File.Exists(file.FullName + "-wal"))
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .FirstOrDefault(file => IsWhole(file.FullName))?.FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsWhole(string file)
    {
        try
        {
            Span<byte> first = stackalloc byte[16];
            using (var stream = File.OpenRead(file))
            {
                if (stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) < first.Length || !first.SequenceEqual("SQLite format 3\0"u8))
                    return false;
            }

            // So it neither takes locks nor makes files: nobody writes to a copy.
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = new Uri(file).AbsoluteUri + "?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            return connection.Scalar<string>("PRAGMA quick_check(1)") == "ok" && connection.Scalar<long>("SELECT COUNT(*) FROM __EFMigrationsHistory") > 0;
        }
        catch (Exception fault) when (fault is SqliteException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Flush(string draft)
    {
        using var written = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }

    private static void Make(string draft)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(draft, options).Dispose();
    }

    private static void Copy(Storage storage, string draft, CancellationToken ct)
    {
        using var connection = storage.ReadConnection();
        using var stop = ct.UnsafeRegister(static it => SQLitePCL.raw.sqlite3_interrupt(((SqliteConnection)it!).Handle), connection);

        // It would forbid to write the copy, too; the database itself is only read.
        connection.Execute("PRAGMA query_only=OFF");
        connection.Execute("VACUUM INTO $draft", ("$draft", draft));
        connection.Execute("PRAGMA query_only=ON");
    }

    /// <summary>Leaves out what is to be left out, and sees that the copy is whole. Returns how many credentials it has lost.</summary>
    private static int Check(string draft, bool withCredentials)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = draft, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();

        // No journal, which would keep on disk what is to be gone; and what is deleted is overwritten, not only forgotten. A failure throws the copy away.
        connection.Execute("PRAGMA journal_mode=OFF");
        connection.Execute("PRAGMA secure_delete=ON");
        var left = withCredentials ? 0 : connection.Execute("DELETE FROM FeedCredentials");
        if (left > 0)
            connection.Execute("VACUUM");
        return connection.Scalar<string>("PRAGMA quick_check(1)") is { } found && found != "ok" ? throw StorageException.Corrupt(draft, found, null) : left;
    }
}

/// <summary>What a backup has come to.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="CredentialsLeftOut">How many feeds' credentials are not in it.</param>
public sealed record BackupReport(string File, long Bytes, int CredentialsLeftOut);
