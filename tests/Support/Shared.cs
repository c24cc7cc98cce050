namespace Notifier.Tests.Support;

/// <summary>The folder of test material that lies beside the repository and is no part of it.</summary>
internal static class Shared
{
    /// <summary>A path in it; where it is absent the test is skipped.</summary>
    public static string Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Notifier.sln")) && folder.Parent is { } beside && Exists([beside.FullName, "shared", .. path]) is { } found)
                return found;
        }

        if (Environment.GetEnvironmentVariable("NOTIFIER_SHARED") is { Length: > 0 } named && Exists([named, .. path]) is { } elsewhere)
            return elsewhere;
        Assert.Skip($"There is no {Path.Combine(["..", "shared", .. path])} here.");
        throw new InvalidOperationException("A skipped test goes on.");
    }

    private static string? Exists(string[] parts) => Path.Combine(parts) is var path && Path.Exists(path) ? path : null;
}
