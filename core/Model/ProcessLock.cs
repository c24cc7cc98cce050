namespace Notifier.Model;

/// <summary>
/// One process per database: an exclusive lock on a file beside it, which the system releases however the process ends.
/// A second file says who holds it, since a locked file cannot be read everywhere.
/// </summary>
internal sealed class ProcessLock : IDisposable
{
    private readonly FileStream _locked;
    private readonly string _holder;

    private ProcessLock(FileStream file, string holderPath)
    {
        _locked = file;
        _holder = holderPath;
    }

    /// <exception cref="StorageException">Another process holds it, or the folder cannot be written.</exception>
    public static ProcessLock Take(string databasePath)
    {
        var lockPath = databasePath + ".lock";
        var holderPath = databasePath + ".holder";
        FileStream file;
        try
        {
            file = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw StorageException.NotWritable(Path.GetDirectoryName(databasePath)!, fault);
        }
        catch (IOException fault) when (File.Exists(lockPath) && IsSharingViolation(fault))
        {
            throw StorageException.Held(databasePath, File.Exists(holderPath) ? File.ReadAllText(holderPath) : "unknown process");
        }
        catch (IOException fault)
        {
            throw StorageException.NotWritable(Path.GetDirectoryName(databasePath)!, fault);
        }

        try
        {
            File.WriteAllText(holderPath, $"process {Environment.ProcessId}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw StorageException.NotWritable(Path.GetDirectoryName(databasePath)!, fault);
        }

        return new ProcessLock(file, holderPath);
    }

    /// <summary>Who holds it; null for nobody. It takes nothing: a process that starts meanwhile is not disturbed, except for an instant where another one has crashed.</summary>
    public static string? HolderOf(string databasePath)
    {
        var holderPath = databasePath + ".holder";
        try
        {
            // Whoever ended in order took this file with it.
            if (!File.Exists(holderPath) || !File.Exists(databasePath + ".lock"))
                return null;
            using (new FileStream(databasePath + ".lock", FileMode.Open, FileAccess.Read, FileShare.Read))
                return null;
        }
        catch (IOException fault) when (IsSharingViolation(fault))
        {
            return File.Exists(holderPath) ? File.ReadAllText(holderPath) : "unknown process";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "another user's process";
        }
    }

    public void Dispose()
    {
        if (File.Exists(_holder))
            File.Delete(_holder);
        _locked.Dispose();
    }

    // EWOULDBLOCK on Unix (11 on Linux, 35 on macOS), ERROR_SHARING_VIOLATION on Windows.
    private static bool IsSharingViolation(IOException fault) => (fault.HResult & 0xFFFF) is 11 or 35 or 32;
}
