namespace Notifier.Bot;

/// <summary>Whether a folder is another machine's: SQLite's log wants memory that all its users share, and locks that hold, and a network gives neither for certain.</summary>
internal static class NetworkDisk
{
    /// <summary>What to say of it; the same to whoever reads the log and to whoever asks the doctor.</summary>
    public const string Cure = "Keep the data folder on a disk of this machine (NOTIFIER_DATA): over a network the database can be damaged, and two processes can use it at once.";

    private const string Mounts = "/proc/self/mountinfo";

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.ceph", "fuse.cephfs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
    };

    /// <summary>The kind of network file system that the folder is on; null for none, or where that cannot be known.</summary>
    public static string? TypeOf(string folder)
    {
        if (!File.Exists(Mounts))
            return null;
        var real = Directory.Exists(folder) ? Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder : folder;
        return TypeOf(real, File.ReadLines(Mounts));
    }

    /// <param name="mounts">As proc(5) has them under <c>mountinfo</c>.</param>
    internal static string? TypeOf(string folder, IEnumerable<string> mounts)
    {
        var (longest, type) = (-1, "");
        foreach (var fields in mounts.Select(line => line.Split(' ')))
        {
            var end = Array.IndexOf(fields, "-");
            if (end < 5 || end + 1 >= fields.Length)
                continue;
            var point = fields[4].Replace("\\040", " ", StringComparison.Ordinal).TrimEnd('/');

            // Of two at one place the later one is seen.
            if (point.Length >= longest && (folder + "/").StartsWith(point + "/", StringComparison.Ordinal))
                (longest, type) = (point.Length, fields[end + 1]);
        }

        return Types.Contains(type) ? type : null;
    }
}
