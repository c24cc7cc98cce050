using System.Globalization;
using Microsoft.Data.Sqlite;
using Notifier.Model;

namespace Notifier.Bot.Doctor;

/// <summary>The database: there, whole, of this version; how large it is, and who uses it.</summary>
internal static class DatabaseCheck
{
    private const string Name = "database";

    /// <summary>Above this size only the pages are checked, not that the indexes fit them: that would take minutes.</summary>
    private const long Large = 512L << 20;

    /// <summary>As the database limits it where nobody is in the way.</summary>
    private const long LargeLog = 64L << 20;

    /// <summary>Adds what it finds.</summary>
    /// <returns>The database for the checks that read it; null where none of them can.</returns>
    public static Storage? Look(string path, ICollection<Finding> findings)
    {
        Storage? storage = null;
        try
        {
            storage = Storage.OpenReadOnly(path);
            var whole = WhyDamaged(storage) is { } why
                ? Finding.Fault(Name, $"The database {path} is damaged ({why}).", "Stop the service and put a backup in its place.")
                : Finding.Ok(Name, string.Create(CultureInfo.InvariantCulture, $"{path}, whole, up to date, {new FileInfo(path).Length / 1048576.0:0.0} MiB"));
            findings.Add(whole);
        }
        catch (StorageException fault) when (fault.Fault is StorageFault.Missing or StorageFault.Older)
        {
            findings.Add(Finding.Warning(Name, fault.What, fault.Cure));
        }
        catch (StorageException fault)
        {
            findings.Add(Finding.Fault(Name, fault.What, fault.Cure));
        }

        return storage;
    }

    /// <summary>The log of what is not in the file itself yet. It is emptied again and again, unless somebody reads all the while.</summary>
    public static IEnumerable<Finding> Log(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (log.Exists && log.Length > LargeLog)
        {
            yield return Finding.Warning(
                "database log",
                $"{log.FullName} has grown to {log.Length >> 20} MiB.",
                "Something has been reading the database for long, so that its log cannot be emptied: end other programs that have it open (a database browser?), else restart the service.");
        }
    }

    public static Finding Service(string? holder) => holder is null
        ? Finding.Warning("service", "No service runs on this database, so nothing is polled and nothing delivered.", "Start it.")
        : Finding.Ok("service", $"runs ({holder})");

    private static string? WhyDamaged(Storage storage)
    {
        if (!storage.IsLookedThrough)
            storage.LookThrough(CancellationToken.None);
        if (new FileInfo(storage.Path).Length > Large)
            return null;

        using var connection = storage.ReadConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        try
        {
            return command.ExecuteScalar() as string is { } found && found != "ok" ? found.ReplaceLineEndings(" ") : null;
        }
        catch (SqliteException fault)
        {
            return fault.Message;
        }
    }
}
