namespace Notifier.Tests.Feeds;

/// <summary>Where the sources of these tests are, and the material that lies beside the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Fixtures => Path.Combine(Root, "tests", "Fixtures", "feeds");

    /// <summary>A path under <c>../shared</c>; skips the test where that is absent.</summary>
    public static string Shared(params string[] parts)
    {
        var folder = Path.Combine(Root, "..", "shared");
        if (!Directory.Exists(folder)) folder = Environment.GetEnvironmentVariable("NOTIFIER_SHARED") ?? folder;
        Assert.SkipUnless(Directory.Exists(folder), "The shared material is not beside this repository.");
        return Path.Combine([folder, .. parts]);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Notifier.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("No Notifier.sln above the tests.");
    }
}
