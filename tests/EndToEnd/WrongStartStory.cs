using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>A start that cannot succeed ends at once, with one line that names the trouble and the cure, and with its own exit code.</summary>
public sealed class WrongStartStory : IDisposable
{
    private readonly TempFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => _data.File("notifier.db");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task I08_J05_A_data_folder_that_cannot_be_made_is_named()
    {
        var folder = Path.Combine(_data.Write("a-file", "in the way"), "data");

        Assert.Equal($"The data folder {folder} is not writable", Said(78, await StartAsync(folder), firstWords: 7));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task I08_J10_A_damaged_database_is_named_and_left_alone(bool whole)
    {
        if (whole)
        {
            await File.WriteAllTextAsync(Database, string.Concat(Enumerable.Repeat("This is no database. ", 500)), Stop);
        }
        else
        {
            await MakeDatabaseAsync();
            await using var file = File.OpenWrite(Database);
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5A, 8192).ToArray(), Stop);
        }

        var before = await File.ReadAllBytesAsync(Database, Stop);
        var ended = await StartAsync(_data.Path);

        Assert.Contains($"The database {Database} is damaged", Said(69, ended), StringComparison.Ordinal);
        Assert.Contains("backup", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, Stop));
    }

    /// <summary>Too large to be looked through before the start: the service works meanwhile.</summary>
    [Fact]
    public async Task I08_J10_A_large_damaged_database_ends_the_service_that_has_begun()
    {
        await MakeDatabaseAsync();
        long page;
        await using (var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ToString()))
        {
            await database.OpenAsync(Stop);
            await ExecuteAsync(database, "PRAGMA journal_mode=OFF");
            await ExecuteAsync(database, "INSERT INTO PlatformFacts (Platform, Name, Value) VALUES ('none', 'large', hex(zeroblob(70000000)))");
            await using var command = database.CreateCommand();
            command.CommandText = "SELECT rootpage FROM sqlite_master WHERE name='AuditLines'";
            page = (long)(await command.ExecuteScalarAsync(Stop))!;
        }

        await using (var file = File.OpenWrite(Database))
        {
            file.Position = (page - 1) * 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5A, 4096).ToArray(), Stop);
        }

        Assert.Contains($"The database {Database} is damaged", (await StartAsync(_data.Path)).Errors, StringComparison.Ordinal);
        Assert.Contains($"The database {Database} is damaged", Said(69, await StartAsync(_data.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task I08_A_database_that_another_program_locks_is_named()
    {
        await MakeDatabaseAsync();
        await using var browser = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ToString());
        await browser.OpenAsync(Stop);
        await ExecuteAsync(browser, "BEGIN EXCLUSIVE");

        Assert.Equal($"The database {Database} is locked by another program.", Said(69, await StartAsync(_data.Path), firstWords: 8));
    }

    [Fact]
    public async Task I08_I11_A_database_of_a_newer_version_is_left_alone()
    {
        await MakeDatabaseAsync();
        await using (var future = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ToString()))
        {
            await future.OpenAsync(Stop);
            await ExecuteAsync(future, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Telepathy', '99.0.0')");
        }

        Assert.Contains("was written by a newer Notifier (it has “29990101000000_Telepathy”)", Said(78, await StartAsync(_data.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task I09_A_second_process_is_told_who_the_first_one_is()
    {
        await using var first = NotifierProcess.Serve(_data.Path);
        await first.ReadyAsync(Stop);

        Assert.Contains($"Another Notifier (process {first.Id}) is using {Database}.", Said(75, await StartAsync(_data.Path)), StringComparison.Ordinal);
        Assert.Contains("Another Notifier", Said(75, await NotifierProcess.RunAsync(_data.Path, ["poll"], Stop)), StringComparison.Ordinal);

        await first.KillAsync(Stop);
        Assert.Equal(0, (await NotifierProcess.RunAsync(_data.Path, ["poll"], Stop)).ExitCode);
    }

    [Theory]
    [InlineData("dance", "There is no verb “dance”.")]
    [InlineData("--dance", "The service knows no --dance.")]
    [InlineData("poll --dance", "poll knows no --dance.")]
    [InlineData("--demo-interval", "--demo-interval wants a value.")]
    [InlineData("--demo-interval soon", "--demo-interval wants a length of time such as 20s, 5m or 1h, not “soon”.")]
    public async Task A_word_that_there_is_not_is_a_mistake_of_usage(string arguments, string said) =>
        Assert.Contains(said, Said(64, await NotifierProcess.RunAsync(_data.Path, arguments.Split(' '), Stop)), StringComparison.Ordinal);

    [Theory]
    [InlineData("--Notifier:Polling:Shedule=* * * * *", "There is no setting Notifier:Polling:Shedule. There are: ")]
    [InlineData("--Notifier:Polling:Floor=soon", "Notifier:Polling:Floor")]
    [InlineData("--Notifier:Polling:Floor=00:00:00.5", "Notifier:Polling:Floor")]
    [InlineData("--Notifier:Polling:Concurrency=0", "Notifier:Polling:Concurrency")]
    [InlineData("--Notifier:Polling:Schedule=whenever", "Notifier:Polling:Schedule")]
    [InlineData("--Notifier:Polling:Zone=Middle/Earth", "Notifier:Polling:Zone")]
    [InlineData("--Notifier:Polling:AllowedNetworks:0=home", "Notifier:Polling:AllowedNetworks")]
    [InlineData("--Notifier:Web:Url=here", "Notifier:Web:Url")]
    public async Task I08_A_setting_that_cannot_be_used_is_named(string setting, string said) =>
        Assert.Contains(said, Said(78, await NotifierProcess.RunAsync(_data.Path, ["--terminal", setting], Stop)), StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_setting_among_the_variables_is_named() =>
        Assert.Contains(
            "There is no setting Notifier:Polling:Shedule.",
            Said(78, await NotifierProcess.RunAsync(_data.Path, [], Stop, environment: new Dictionary<string, string> { ["Notifier__Polling__Shedule"] = "x" })),
            StringComparison.Ordinal);

    [Fact]
    public async Task I08_A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        Assert.Contains($"Nothing can listen on {url} (Address already in use).", Said(78, await NotifierProcess.RunAsync(_data.Path, ["--terminal", $"--Notifier:Web:Url={url}"], Stop)), StringComparison.Ordinal);
    }

    private static Task<Finished> StartAsync(string data) => NotifierProcess.RunAsync(data, ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0"], Stop);

    /// <summary>The one line on stderr, without the program's name; or its first words.</summary>
    private static string Said(int exitCode, Finished ended, int firstWords = int.MaxValue)
    {
        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        var line = Assert.Single(ended.Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("notifier: ", line, StringComparison.Ordinal);
        return string.Join(' ', line["notifier: ".Length..].Split(' ').Take(firstWords));
    }

    private async Task MakeDatabaseAsync() => Assert.Equal(0, (await NotifierProcess.RunAsync(_data.Path, ["poll"], Stop)).ExitCode);

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Stop);
    }
}
