using System.Diagnostics;

namespace Notifier.Tests.Support;

/// <summary>Disks that only one process sees, in a mount namespace of its own: gone with it, and in nobody's way. Linux only.</summary>
internal static class OwnDisk
{
    private static string[] Namespace => Environment.IsPrivilegedProcess ? ["-m"] : ["-r", "-m"];

    /// <summary>What becomes the given program with an empty disk of this size in the place of a folder.</summary>
    public static string[] Small(string folder, string size) => With("mount -t tmpfs -o size=\"$2\" tmpfs \"$1\"", folder, size);

    /// <summary>The same with the folder, and what is in it, for reading only.</summary>
    public static string[] ReadOnly(string folder) => With("mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"", folder, "");

    /// <summary>Where another process sees what is under this path.</summary>
    public static string SeenBy(int process, string path) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{process}/root{path}");

    /// <summary>Skips the test where no such disk can be made, but not on the build server.</summary>
    public static async Task RequireAsync(CancellationToken ct)
    {
        using var folder = new TempFolder();
        var missing = OperatingSystem.IsLinux() ? await WhyNotAsync([.. Small(folder.Path, "1m"), "true"], ct) : "this is not Linux";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(missing is null, missing);
        Assert.SkipWhen(missing is not null, $"No disk of one's own can be made here: {missing}");
    }

    private static string[] With(string mount, string folder, string size) => ["unshare", .. Namespace, "sh", "-c", mount + " && shift 2 && exec \"$@\"", "sh", folder, size];

    private static async Task<string?> WhyNotAsync(string[] command, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardError = true })!;
            var said = await process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? null : said;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            return fault.Message;
        }
    }
}
