using Microsoft.Data.Sqlite;
using Notifier.Tests.Support;

namespace Notifier.Tests.Cli;

/// <summary>A backup, made while the service runs, and what comes of it elsewhere.</summary>
public sealed class BackupStory : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task J11_A_copy_of_the_running_service_serves_elsewhere()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        var url = web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        await using var service = NotifierProcess.Serve(Data, "--Notifier:Polling:AllowPrivateNetworks=true");
        await service.ReadyAsync(Stop);
        await service.AskAsync($"/subscribe {url} none", Stop);
        await GiveCredentialAsync();

        var copy = _folder.File("copy.db");
        var ended = await RunAsync("backup", copy);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Matches($@"^{copy}: \d+ KiB, without the credentials of 1 feeds, which have to be given again after a restore; the bots' tokens are never in it\n$", ended.Output);
        Assert.Matches($@"^{copy}-all: \d+ KiB, with the feeds' credentials, so keep it safe; the bots' tokens are never in it\n$", (await RunAsync("backup", copy + "-all", "--with-credentials")).Output);
        Assert.Contains("Harbour news", await service.AskAsync("/list", Stop), StringComparison.Ordinal);

        Directory.CreateDirectory(_folder.File("elsewhere"));
        File.Copy(copy, _folder.File("elsewhere/notifier.db"));
        await using var restored = NotifierProcess.Serve(_folder.File("elsewhere"));
        await restored.ReadyAsync(Stop);
        Assert.Contains("1. Harbour news", await restored.AskAsync("/list", Stop), StringComparison.Ordinal);
    }

    /// <summary>As README.md says: what was told since the backup may come once more, as far as its feed lists it; what was told before does not.</summary>
    [Fact]
    public async Task J13_A_backup_that_takes_the_databases_place_serves_on_and_floods_nobody()
    {
        string[] settings = ["--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01"];
        await using var web = await FeedServer.StartAsync(Stop);
        var old = Enumerable.Range(1, 40).Select(n => $"Old {n}").ToList();
        var url = web.Put("/feed.xml", SampleFeed.Rss("Harbour news", old));
        await using (var service = NotifierProcess.Serve(Data, settings))
        {
            await service.ReadyAsync(Stop);
            await service.AskAsync($"/subscribe {url} none", Stop);
            web.Put("/feed.xml", SampleFeed.Rss("Harbour news", ["Two", .. old]));
            await service.WaitForAsync("│ Two", Stop);
            await service.WaitForLogAsync("Sent", Stop);
            Assert.Equal(0, (await RunAsync("backup", _folder.File("copy.db"))).ExitCode);
            web.Put("/feed.xml", SampleFeed.Rss("Harbour news", ["Three", "Two", .. old]));
            await service.WaitForAsync("│ Three", Stop);
            await service.AskToEndAsync(Stop);
            Assert.Equal(0, await service.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
        }

        foreach (var end in (string[])["-wal", "-shm"])
            File.Delete(Path.Combine(Data, "notifier.db" + end));
        File.Copy(_folder.File("copy.db"), Path.Combine(Data, "notifier.db"), overwrite: true);
        await using var restored = NotifierProcess.Serve(Data, settings);
        await restored.ReadyAsync(Stop);
        await restored.WaitForAsync("│ Three", Stop);
        web.Put("/feed.xml", SampleFeed.Rss("Harbour news", ["Four", "Three", "Two", .. old]));
        await restored.WaitForAsync("│ Four", Stop);
        Assert.Equal(["Three", "Four"], System.Text.RegularExpressions.Regex.Matches(restored.Output.Text, "│ (Two|Three|Four|Old [0-9]+) ").Select(told => told.Groups[1].Value));
    }

    [Fact]
    public async Task What_stands_in_its_way_is_named()
    {
        await FailsAsync(69, $"There is no database {Path.Combine(Data, "notifier.db")}. The service makes it at its first start", "backup", _folder.File("copy.db"));
        Assert.Equal(0, (await RunAsync("poll")).ExitCode);
        var there = _folder.Write("there", "Something else.");
        await FailsAsync(1, $"No backup was made: {there} is there already. Name a file", "backup", there);
        await FailsAsync(1, "No backup was made: ", "backup", _folder.File("no/such/folder/copy.db"));
        await FailsAsync(64, "backup wants the file to write: backup FILE", "backup");
        Assert.Equal("Something else.", await File.ReadAllTextAsync(there, Stop));
        Assert.Equal(["data", "there"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private Task<Finished> RunAsync(params IEnumerable<string> arguments) => NotifierProcess.RunAsync(Data, arguments, Stop);

    private async Task FailsAsync(int exitCode, string said, params IEnumerable<string> arguments)
    {
        var ended = await RunAsync(arguments);
        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("notifier: " + said, Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task GiveCredentialAsync()
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Data, "notifier.db"), Pooling = false }.ToString());
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO FeedCredentials (\"Key\", Origin, ChatId, User, Secret) VALUES ('1', 'https://example.org', 1, 'ann', 'test')";
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Stop));
    }
}
