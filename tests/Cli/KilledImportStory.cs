using Microsoft.Data.Sqlite;
using Notifier.Tests.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Tests.Cli;

/// <summary>F12: an import that is killed in its middle leaves whole feeds, and another one makes it complete.</summary>
public sealed class KilledImportStory : IDisposable
{
    private const int Feeds = 1500;

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder.File("data"), "notifier.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task F12_What_three_kills_cut_off_the_next_import_completes()
    {
        var list = _folder.Write("list.opml", OpmlDesk.Opml(OpmlDesk.Outlines(Feeds).Select((outline, n) => $"{outline} notifier:filter=\"number {n + 1}\" notifier:paused=\"true\"")));
        Assert.Equal(0, (await NotifierProcess.RunAsync(_folder.File("data"), ["poll"], Stop)).ExitCode);
        for (long kill = 1, before = 0; kill <= 3; kill++)
        {
            await using var import = NotifierProcess.Start(_folder.File("data"), ["import", list, "--chat", "terminal:local"]);
            await GrownAsync(before);
            await import.KillAsync(Stop);
            var now = Count("Subscriptions");
            Assert.InRange(now, before + 1, Feeds - 1);
            Assert.Equal((0, now), (Wrong(), Count("Feeds")));
            before = now;
        }

        var known = Count("Subscriptions");
        await using var last = NotifierProcess.Start(_folder.File("data"), ["import", list, "--chat", "terminal:local"]);
        Assert.Equal(0, await last.ExitCodeAsync(TimeSpan.FromMinutes(2), Stop));
        Assert.Equal($"{Feeds - known} feeds added, {known} known before, 0 not taken, for terminal:local", last.Output.Text.TrimEnd());
        Assert.Equal((0, Feeds, Feeds), (Wrong(), Count("Feeds"), Count("Subscriptions")));
    }

    /// <summary>Those that are not as the list has them: the feed of that number, under that number, with its filter, paused.</summary>
    private long Wrong() => Count("Subscriptions s JOIN Feeds f ON f.Id=s.FeedId WHERE f.Url<>'http://feed'||s.Number||'.test/' OR s.Filter IS NOT 'number '||s.Number OR s.PausedSince IS NULL");

    private long Count(string table)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Completes when there are more subscriptions; looks whenever something is written to the database's log.</summary>
    private async Task GrownAsync(long before)
    {
        using var written = new SemaphoreSlim(1);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(Database)!, "*-wal") { NotifyFilter = NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.FileName };
        watcher.Changed += (_, _) => written.Release();
        watcher.Created += (_, _) => written.Release();
        watcher.EnableRaisingEvents = true;
        do
            Assert.True(await written.WaitAsync(TimeSpan.FromSeconds(60), Stop), "Nothing is imported.");
        while (Count("Subscriptions") <= before);
    }
}
