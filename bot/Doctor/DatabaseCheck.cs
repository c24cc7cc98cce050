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

    public static Finding Service(string? holder) => holder is null
        ? Finding.Warning("service", "No service runs on this database, so nothing is polled and nothing delivered.", "Start it.")
        : Finding.Ok("service", $"runs ({holder})");

    private static string? WhyDamaged(Storage storage)
    {
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
