using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Notifier.Model;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Doctor;

/// <summary>An operator asks the doctor: each fault is named with its cure, and health is called health.</summary>
public sealed class DoctorStory : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private string Data => _folder.File("data");

    private string Database => Path.Combine(Data, "notifier.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_running_service_that_is_well_is_found_so()
    {
        await using var discord = await FakeDiscord.StartAsync(ct: Stop);
        await using var telegram = await FakeTelegram.StartAsync("1:test", ct: Stop);
        await using var web = await FeedServer.StartAsync(Stop);
        var url = web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        _folder.Write("data/secrets.json", """{ "Notifier": { "Discord": { "Token": "test" } } }""");
        KeepToOwner(Path.Combine(Data, "secrets.json"));
        string[] settings = ["--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Web:Url=http://127.0.0.1:0", $"--Notifier:Discord:ApiUrl={discord.ApiUrl}", $"--Notifier:Telegram:ApiUrl={telegram.Url}", "--Notifier:Telegram:Token=1:test"];
        await using var service = NotifierProcess.Serve(Data, settings);
        await service.ReadyAsync(Stop);
        await service.AskAsync($"/subscribe {url} none", Stop);
        await service.AskAsync($"/check {url}", Stop);

        var ended = await NotifierProcess.RunAsync(Data, ["doctor", .. settings], Stop);
        Assert.Equal("", ended.Errors);
        Assert.Matches(@"\n0 faults, 0 warnings, \d+ well\n$", ended.Output);
        Assert.Equal(0, ended.ExitCode);
        foreach (var line in new[]
        {
            "setting Notifier:Polling:AllowPrivateNetworks: true (command line)",
            "setting Notifier:Polling:Floor: 00:05:00 (appsettings.json)",
            $"setting Notifier:Discord:Token: set ({Path.Combine(Data, "secrets.json")})",
            $"data folder: {Data}, writable",
            $"database: {Database}, whole, up to date, ",
            $"service: runs (process {service.Id})",
            "token Discord: set, and Discord knows it as notifier",
            "time zones: all that are in use are known: UTC",
            "token Telegram: set, and Telegram knows it as @NotifierTestBot",
            "outbound HTTP: 127.0.0.1 answers",
            "lag: nothing is due for more than 10 minutes",
            "feeds: 1 are polled, 0 of them fail",
            "secrets.json: only its owner may read it",
        })
        {
            Assert.True($"\n{ended.Output}".Contains($"\nok       {line}", StringComparison.Ordinal), $"{line}\n{ended.Output}");
        }

        Assert.Contains("Harbour news", await service.AskAsync("/list", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_installation_has_nothing_to_cure()
    {
        var ended = await NotifierProcess.RunAsync(Data, ["doctor", "--Notifier:Web:Url=http://127.0.0.1:0"], Stop);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"ok       data folder: {Data} is not there yet; the first start makes it\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains($"warning  database: There is no database {Database}.\n         → The service makes it at its first start", ended.Output, StringComparison.Ordinal);
        Assert.Contains("warning  service: No service runs", ended.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data), "The doctor makes nothing.");
    }

    /// <summary>Twelve faults at once: none hides another.</summary>
    [Fact]
    public async Task Each_planted_fault_is_named_with_its_cure()
    {
        await using var telegram = await FakeTelegram.StartAsync("1:test", ct: Stop);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var silent = $"http://127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}/feed.xml?key=hidden";
        closed.Stop();
        _folder.Write("data/secrets.json", """{ "Notifier": { "Telegram": { "Token": "1:wrong" } } }""");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(Data, "secrets.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        // This process is the service: it holds the lock, and does nothing.
        using var service = Storage.Open(Database);
        await PlantAsync(service, silent);
        (string Name, string State, string Found, string Cure)[] planted =
        [
            ("setting Notifier:Polling:Flor", "fault", "There is no setting Notifier:Polling:Flor. It comes from: command line.", "perhaps Notifier:Polling:Floor"),
            ("setting Notifier:Polling:Concurrency", "fault", "0 (environment): The setting Notifier:Polling:Concurrency cannot be used: ", "from 1 to 1000"),
            ("secrets.json", "fault", "Others than its owner may read the tokens in it.", $"chmod 600 {Path.Combine(Data, "secrets.json")}"),
            ("clock", "fault", "the clock was set back", "Set the clock"),
            ("time zones", "fault", "The chat telegram:-100123/45 has the time zone “Middle/Earth”, which this machine does not know.", "tzdata"),
            ("token Telegram", "fault", "Telegram refuses it: ", "/setup telegram"),
            ("outbound HTTP", "fault", "Nothing that was asked answers. 127.0.0.1 refuses connections on port ", "ports 80 and 443"),
            ("web address", "warning", $"The service runs, but what listens on {url} does not answer as Notifier (no answer within 4 seconds).", "restart it"),
            ("lag of polls", "warning", "1 feeds should have been polled, the oldest at ", "log"),
            ("lag of deliveries to telegram", "warning", "1 deliveries are due, the oldest since ", "Nothing is lost"),
            ("feed “Broken news” (https://example.org/broken.xml?…)", "warning", ", 7 times in a row; 1 chats wait for it. example.org answered 404 Not Found: nothing is at that address.", "unsubscribe"),
            ("chat telegram:-100200", "warning", "In “Harbour” Notifier may not write since 2026-11-20 08:00 UTC; 1 deliveries wait. Forbidden: bot was kicked", "right to write"),
            ("deliveries given up", "warning", "1 in the last day, refused in every form: too strange", "report"),
        ];
        string[] arguments = ["--Notifier:Polling:Flor=1", "--Notifier:Polling:AllowPrivateNetworks=true", $"--Notifier:Web:Url={url}", $"--Notifier:Telegram:ApiUrl={telegram.Url}"];
        var environment = new Dictionary<string, string> { ["Notifier__Polling__Concurrency"] = "0" };

        var text = await NotifierProcess.RunAsync(null, ["doctor", .. arguments], Stop, environment: With(environment));
        Assert.Equal((1, ""), (text.ExitCode, text.Errors));
        var lines = text.Output.Split('\n');
        foreach (var (name, state, found, cure) in planted)
        {
            var at = Array.FindIndex(lines, line => line.StartsWith($"{state,-8} {name}: ", StringComparison.Ordinal));
            Assert.True(at >= 0, $"{name} is not named:\n{text.Output}");
            Assert.Contains(found, lines[at], StringComparison.Ordinal);
            Assert.StartsWith("         → ", lines[at + 1], StringComparison.Ordinal);
            Assert.Contains(cure, lines[at + 1], StringComparison.Ordinal);
        }

        var json = await NotifierProcess.RunAsync(null, ["doctor", "--json", .. arguments], Stop, environment: With(environment));
        Assert.Equal((1, ""), (json.ExitCode, json.Errors));
        using var document = JsonDocument.Parse(json.Output);
        Assert.False(document.RootElement.GetProperty("ok").GetBoolean());
        var checks = document.RootElement.GetProperty("checks").EnumerateArray().ToList();
        foreach (var (name, state, found, cure) in planted)
        {
            var check = Assert.Single(checks, check => check.GetProperty("name").GetString() == name);
            Assert.Equal(state, check.GetProperty("state").GetString());
            Assert.Contains(found, check.GetProperty("found").GetString(), StringComparison.Ordinal);
            Assert.Contains(cure, check.GetProperty("cure").GetString(), StringComparison.Ordinal);
        }

        // And nothing else is called ill, but whatever is well has no cure.
        Assert.Equal(planted.Length, checks.Count(check => check.GetProperty("state").GetString() != "ok"));
        Assert.All(checks, check => Assert.Equal(check.GetProperty("state").GetString() == "ok", check.GetProperty("cure").ValueKind == JsonValueKind.Null));
        Assert.DoesNotContain("hidden", text.Output + json.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("1:wrong", text.Output + json.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_named()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        var url = web.Url("/").TrimEnd('/');
        var ended = await NotifierProcess.RunAsync(Data, ["doctor", $"--Notifier:Web:Url={url}"], Stop);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"fault    web address: Nothing can listen on {url} (Address already in use).\n         → End the other program, or give another address", ended.Output, StringComparison.Ordinal);

        web.Put("/health/live", "ok", "text/plain");
        ended = await NotifierProcess.RunAsync(Data, ["doctor", $"--Notifier:Web:Url={url}"], Stop);
        Assert.Contains($"ok       web address: {url}, answered by the service\n", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_named()
    {
        await MakeAsync();
        await using (var file = File.OpenWrite(Database))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5A, 8192).ToArray(), Stop);
        }

        await FindsAsync("database", $"The database {Database} is damaged (", "Put a backup in its place");
    }

    [Fact]
    public async Task J09_A_log_that_cannot_be_emptied_is_named()
    {
        using var storage = Storage.Open(Database);
        await using (var reader = storage.ReadConnection())
        {
            reader.Execute("BEGIN");
            Assert.Equal(0, reader.Scalar<long>("SELECT COUNT(*) FROM Chats"));
            for (var n = 0; n < 9; n++)
            {
                var address = $"{n}";
                await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", address), Now).Title = new string('x', 8 << 20), Stop);
            }

            var ended = await RunAsync();
            Assert.Equal(0, ended.ExitCode);
            Assert.Matches($@"warning  database log: {Database}-wal has grown to \d\d MiB.\n         → Something has been reading the database for long", ended.Output);
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_named()
    {
        await MakeAsync("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Telepathy', '99.0.0')");
        await FindsAsync("database", $"The database {Database} was written by a newer Notifier (it has “29990101000000_Telepathy”).", "Run that version or a later one");
    }

    [Fact]
    public async Task A_database_of_an_older_version_is_no_fault()
    {
        await MakeAsync("DELETE FROM __EFMigrationsHistory WHERE MigrationId=(SELECT MAX(MigrationId) FROM __EFMigrationsHistory)");
        var ended = await RunAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"warning  database: The database {Database} was written by an older Notifier.\n         → Start the service once", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_data_folders_place_is_named()
    {
        _folder.Write("data", "in the way");
        await FindsAsync("data folder", $"{Data} cannot be written by user ", "chown");
    }

    [Theory]
    [InlineData("secrets.json", "cannot be read: ")]
    [InlineData("DISCORD_TOKEN_FILE", "The setting DISCORD_TOKEN_FILE names a file that cannot be read: ")]
    [InlineData("ConnectionStrings__Notifier", "The setting ConnectionStrings:Notifier cannot be used: ")]
    public async Task A_source_of_settings_that_cannot_be_read_is_named_and_the_rest_looked_at(string what, string found)
    {
        var environment = new Dictionary<string, string>();
        if (what == "secrets.json")
            _folder.Write("data/secrets.json", "{ \"Notifier\": { \"Telegram\": { \"Token\": \"123:a-test-token");
        else
            environment[what] = what == "DISCORD_TOKEN_FILE" ? _folder.File("missing") : "Colour=blue";
        var ended = await FindsAsync("settings", found, "Mend what is named here", environment);
        Assert.Contains("\nok       clock: ", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a-test-token", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_cannot_be_one_is_not_shown_to_anybody()
    {
        await using var telegram = await FakeTelegram.StartAsync("1:test", ct: Stop);
        var ended = await FindsAsync("token Telegram", "It has not the form of a token", "Notifier:Telegram:Token", new() { ["TELEGRAM_TOKEN"] = "no token of mine", ["Notifier__Telegram__ApiUrl"] = telegram.Url.AbsoluteUri });
        Assert.DoesNotContain("no token of mine", ended.Output, StringComparison.Ordinal);
        Assert.Contains("fault    setting Notifier:Telegram:Token: set (TELEGRAM_TOKEN, environment): ", ended.Output, StringComparison.Ordinal);
        Assert.Equal(0, telegram.Unauthorized);
    }

    [Fact]
    public async Task A_platform_that_does_not_answer_is_a_warning()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)nobody.LocalEndpoint).Port}";
        nobody.Stop();
        var ended = await RunAsync(new() { ["DISCORD_TOKEN"] = "test", ["Notifier__Discord__ApiUrl"] = url });
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("warning  token Discord: set, but Discord did not say whether it is good: ", ended.Output, StringComparison.Ordinal);
    }

    private static void KeepToOwner(string file)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static Task PlantAsync(Storage storage, string silent) => storage.Writer.RunAsync(
        db =>
        {
            Feed Feed(string title, string url) => db.Feeds.Add(new Feed { Title = title, Url = url, CreatedAt = Now }).Entity;
            Chat Chat(string address, string thread = "") => db.Chats.Add(new Chat { Platform = "telegram", Address = address, Thread = thread, CreatedAt = Now }).Entity;
            void Owe(Chat chat, string key, Action<Delivery> how)
            {
                var delivery = db.Deliveries.Add(new Delivery { ChatId = chat.Id, Key = key, DueAt = Now - TimeSpan.FromHours(1), CreatedAt = Now }).Entity;
                how(delivery);
            }

            var (well, broken) = (Feed("Silent", silent), Feed("Broken news", "https://example.org/broken.xml?key=hidden"));
            well.LastSuccess = Now;
            well.LastPoll = Now + TimeSpan.FromHours(1);
            well.NextPoll = Now - TimeSpan.FromHours(1);
            (broken.State, broken.FailuresInARow, broken.FirstFailure) = (FeedState.Broken, 7, Now - TimeSpan.FromDays(2));
            broken.LastError = "example.org answered 404 Not Found: nothing is at that address.";
            var (strange, barred) = (Chat("-100123", "45"), Chat("-100200"));
            strange.Zone = "Middle/Earth";
            (barred.Title, barred.NoAccessSince, barred.NoAccessReason) = ("Harbour", new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), "Forbidden: bot was kicked");
            db.SaveChanges();
            db.Subscriptions.Add(new Subscription { ChatId = strange.Id, FeedId = broken.Id, Number = 1, Since = Now });
            Owe(strange, "late", _ => { });
            Owe(barred, "barred", _ => { });
            Owe(strange, "strange", delivery => (delivery.State, delivery.Reason, delivery.EndedAt) = (DeliveryState.Quarantined, "too strange", Now));
        },
        Stop);

    private Dictionary<string, string> With(Dictionary<string, string> environment) => new(environment) { ["NOTIFIER_DATA"] = Data };

    private async Task MakeAsync(string? sql = null)
    {
        Storage.Open(Database).Dispose();
        if (sql is null)
            return;
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync(Stop);
        connection.Execute(sql);
    }

    private Task<Finished> RunAsync(Dictionary<string, string>? environment = null) =>
        NotifierProcess.RunAsync(null, ["doctor", "--Notifier:Web:Url=http://127.0.0.1:0"], Stop, environment: With(environment ?? []));

    private async Task<Finished> FindsAsync(string name, string found, string cure, Dictionary<string, string>? environment = null)
    {
        var ended = await RunAsync(environment);
        Assert.Equal((1, ""), (ended.ExitCode, ended.Errors));
        var lines = ended.Output.Split('\n');
        var at = Array.FindIndex(lines, line => line.StartsWith($"fault    {name}: ", StringComparison.Ordinal) && line.Contains(found, StringComparison.Ordinal));
        Assert.True(at >= 0, $"{name} is not named:\n{ended.Output}");
        Assert.Contains(cure, lines[at + 1], StringComparison.Ordinal);
        return ended;
    }
}
