using Notifier.Bot.Cli;

namespace Notifier.Bot;

/// <summary>Where Notifier keeps what it writes: <c>NOTIFIER_DATA</c>, else <c>/data</c> when it is writable (a container), else <c>./data</c> of the caller.</summary>
internal static class DataFolder
{
    /// <summary>The database's name in it.</summary>
    public const string Database = "notifier.db";

    /// <summary>Its path, absolute. It may not be there yet.</summary>
    public static string Path
    {
        get
        {
            var named = Environment.GetEnvironmentVariable("NOTIFIER_DATA");
            if (string.IsNullOrWhiteSpace(named) && Directory.Exists("/data") && WhyNotWritable("/data") is null)
                return "/data";
            return System.IO.Path.GetFullPath(string.IsNullOrWhiteSpace(named) ? "data" : named);
        }
    }

    /// <summary>The same, made where it is missing.</summary>
    /// <exception cref="StopException">It cannot be written, with the cure.</exception>
    public static string Open()
    {
        var folder = Path;
        if ((WhyNotMade(folder) ?? WhyNotWritable(folder)) is { } why)
        {
            throw new StopException(
                ExitCode.Configuration,
                $"The data folder {folder} is not writable by user {Environment.UserName} ({why}): give that user the folder (chown), or set NOTIFIER_DATA to a folder that is.");
        }

        return folder;
    }

    /// <summary>Whether a folder that is there can be written to; null if it can.</summary>
    public static string? WhyNotWritable(string folder)
    {
        try
        {
            var probe = System.IO.Path.Combine(folder, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }

    private static string? WhyNotMade(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }
}
