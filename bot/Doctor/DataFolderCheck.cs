using Notifier.Bot.Secrets;

namespace Notifier.Bot.Doctor;

/// <summary>The data folder: where it is, whether it can be written, how much room it has, and who else may read the tokens in it.</summary>
internal static class DataFolderCheck
{
    private const string Name = "data folder";

    private const long LeastFree = 100 << 20;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<Finding> Of(Installation installation)
    {
        var folder = installation.DataFolder;
        yield return Writable(folder);
        if (!Directory.Exists(folder))
            yield break;
        yield return Room(folder);
        if (NetworkDisk.TypeOf(folder) is { } network)
            yield return Finding.Warning(Name, $"{folder} is on a network file system ({network}).", NetworkDisk.Cure);
        if (Secrets(Path.Combine(folder, SecretsFile.Name)) is { } secrets)
            yield return secrets;
    }

    private static Finding Writable(string folder)
    {
        // What is not there yet is made by the first start, if it can be.
        var nearest = folder;
        while (!Path.Exists(nearest) && Path.GetDirectoryName(nearest) is { } above)
            nearest = above;
        var why = Directory.Exists(nearest) ? DataFolder.WhyNotWritable(nearest) : $"{nearest} is a file";
        if (why is not null)
            return Finding.Fault(Name, $"{folder} cannot be written by user {Environment.UserName} ({why}).", "Give that user the folder (chown), or set NOTIFIER_DATA to a folder that is theirs.");
        return Finding.Ok(Name, nearest == folder ? $"{folder}, writable" : $"{folder} is not there yet; the first start makes it");
    }

    private static Finding Room(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var said = $"{free >> 20} MiB free";
        return free >= LeastFree ? Finding.Ok("free space", said) : Finding.Warning("free space", $"Only {said}.", "Free some space on the disk of the data folder, or move the folder: a full disk stops Notifier, though nothing is lost by it.");
    }

    private static Finding? Secrets(string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(file))
            return null;
        return (File.GetUnixFileMode(file) & Others) == UnixFileMode.None
            ? Finding.Ok(SecretsFile.Name, "only its owner may read it")
            : Finding.Fault(SecretsFile.Name, "Others than its owner may read the tokens in it.", $"chmod 600 {file}; if somebody may have read them, have new tokens made.");
    }
}
