using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Notifier.Bot;
using Notifier.Bot.Cli;
using Notifier.Bot.Telegram;
using Notifier.Tests.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.House;

/// <summary>Where a setting comes from, and which counts of several.</summary>
public sealed class SettingSourcesTests : IDisposable
{
    private const string Key = "Notifier:Telegram:Token";

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Each source alone, and with all before it: the last one counts.</summary>
    [Fact]
    public void Each_source_is_stronger_than_those_before_it()
    {
        var sources = new (string Value, Action<World> Give)[]
        {
            ("1:appsettings", world => world.Settings = "1:appsettings"),
            ("2:secrets", world => world.Folder.Write("secrets.json", """{ "Notifier": { "Telegram": { "Token": "2:secrets" } } }""")),
            ("3:run-secrets", world => world.Folder.Write("run/Notifier__Telegram__Token", "3:run-secrets\n")),
            ("4:short", world => world.Environment["TELEGRAM_TOKEN"] = "4:short"),
            ("5:environment", world => world.Environment["Notifier__Telegram__Token"] = "5:environment"),
            ("6:short-file", world => world.Environment["TELEGRAM_TOKEN_FILE"] = world.Folder.Write("short", "6:short-file")),
            ("7:file", world => world.Environment["Notifier__Telegram__Token_FILE"] = world.Folder.Write("long", " 7:file\r\n")),
            ("8:command-line", world => world.Arguments.Add($"--{Key}=8:command-line")),
        };
        for (var n = 0; n < sources.Length; n++)
        {
            using var alone = new World();
            sources[n].Give(alone);
            Assert.Equal(sources[n].Value, alone.Read().Token);
            using var last = new World();
            foreach (var (_, give) in sources[..(n + 1)])
                give(last);
            Assert.Equal(sources[n].Value, last.Read().Token);
        }
    }

    [Fact]
    public void Without_any_there_is_none()
    {
        using var world = new World();
        Assert.Equal("", world.Read().Token);
    }

    [Fact]
    public void A_short_form_among_the_files_of_run_secrets_is_known_too()
    {
        using var world = new World();
        world.Folder.Write("run/telegram_token", "3:run\n");
        Assert.Equal("3:run", world.Read().Token);
    }

    [Fact]
    public void Any_setting_may_name_a_file()
    {
        using var world = new World();
        world.Environment["Notifier__Telegram__ApiUrl_FILE"] = world.Folder.Write("url", "http://127.0.0.1:7\n");
        world.Environment["Notifier__Polling__AllowedNetworks__0_FILE"] = world.Folder.Write("network", "10.0.0.1");
        world.Environment["ConnectionStrings__Notifier_FILE"] = world.Folder.Write("database", "/elsewhere/notifier.db");
        Assert.Equal("http://127.0.0.1:7", world.Read().ApiUrl);
        Assert.Equal("10.0.0.1", world.Configuration["Notifier:Polling:AllowedNetworks:0"]);
        Assert.Equal("/elsewhere/notifier.db", world.Configuration.GetConnectionString("Notifier"));
    }

    [Theory]
    [InlineData("TELEGRAM_TOKEN_FILE", "TELEGRAM_TOKEN_FILE")]
    [InlineData("DISCORD_TOKEN_FILE", "DISCORD_TOKEN_FILE")]
    [InlineData("Notifier__Telegram__Token_FILE", "Notifier:Telegram:Token_FILE")]
    [InlineData("ConnectionStrings__Notifier_FILE", "ConnectionStrings:Notifier_FILE")]
    public void A_file_that_is_not_there_is_named_with_its_setting(string variable, string named)
    {
        using var world = new World();
        var missing = world.Environment[variable] = world.Folder.File("missing");
        var stop = Assert.Throws<StopException>(world.Read);
        Assert.Equal(ExitCode.Configuration, stop.ExitCode);
        Assert.StartsWith($"The setting {named} names a file that cannot be read: ", stop.Message, StringComparison.Ordinal);
        Assert.Contains(missing, stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_in_the_place_of_a_files_name_is_not_said()
    {
        using var world = new World();
        world.Environment["TELEGRAM_TOKEN_FILE"] = "123:a-test-token-by-mistake";
        var stop = Assert.Throws<StopException>(world.Read);
        Assert.Equal("The setting TELEGRAM_TOKEN_FILE names a file that cannot be read: give its whole path.", stop.Message);
    }

    [Theory]
    [InlineData("Notifier__Telegram__Tokn_FILE", "Notifier:Telegram:Tokn")]
    [InlineData("Notifier__Telegram__Tokn", "Notifier:Telegram:Tokn")]
    public void A_setting_that_there_is_not_is_refused_by_name_from_a_file_too(string variable, string named)
    {
        using var world = new World();
        world.Environment[variable] = world.Folder.Write("file", "1:test");
        var stop = Assert.Throws<StopException>(world.Read);
        Assert.StartsWith($"There is no setting {named}. There are: ", stop.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1:test", stop.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Notifier\": ")]
    [InlineData("")]
    [InlineData("[]")]
    public void Stored_secrets_that_cannot_be_read_are_named_with_the_cure(string text)
    {
        using var world = new World();
        var path = world.Folder.Write("secrets.json", text);
        var stop = Assert.Throws<StopException>(world.Read);
        Assert.Equal(ExitCode.Configuration, stop.ExitCode);
        Assert.StartsWith($"{path} cannot be read: ", stop.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Mend it, or delete it and set the platforms up again.", stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_ends_with_78_and_says_which_setting_names_no_file()
    {
        var ended = await StartAsync(new() { ["DISCORD_TOKEN_FILE"] = _folder.File("missing") });
        Assert.Equal(78, ended.ExitCode);
        Assert.StartsWith("notifier: The setting DISCORD_TOKEN_FILE names a file that cannot be read: ", Assert.Single(ended.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_ends_with_78_at_broken_secrets_and_tells_the_cure()
    {
        _folder.Write("secrets.json", "{ \"Notifier\": { \"Telegram\": { \"Token\": \"123:a-test-token");
        var ended = await StartAsync([]);
        Assert.Equal(78, ended.ExitCode);
        var line = Assert.Single(ended.Errors.Trim().Split('\n'));
        Assert.StartsWith($"notifier: {_folder.File("secrets.json")} cannot be read: ", line, StringComparison.Ordinal);
        Assert.EndsWith("delete it and set the platforms up again.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("a-test-token", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_may_be_named_by_a_file()
    {
        var database = _folder.File("other.db");
        var ended = await StartAsync(new() { ["ConnectionStrings__Notifier_FILE"] = _folder.Write("where", database) }, "poll");
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.True(File.Exists(database));
        Assert.False(File.Exists(_folder.File("notifier.db")));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("version")]
    [InlineData("poll")]
    [InlineData("--Notifier:Polling:Flor=1")]
    [InlineData("--Notifier:Telegram:ApiUrl=nowhere")]
    public async Task G07_No_verb_and_no_mistake_shows_a_token(string argument)
    {
        var ended = await StartAsync(new() { ["TELEGRAM_TOKEN"] = "1:test-token-of-this-test", ["Notifier__Discord__Token"] = "other-test-token" }, argument);
        Assert.DoesNotContain("test-token", ended.Output + ended.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TELEGRAM_TOKEN", "no token of mine")]
    [InlineData("DISCORD_TOKEN", "no token of mine")]
    public async Task G07_A_token_that_cannot_be_one_is_refused_and_not_shown(string variable, string value)
    {
        var ended = await StartAsync(new() { [variable] = value });
        Assert.Equal(78, ended.ExitCode);
        Assert.Contains(":Token cannot be used: ", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(value, ended.Errors, StringComparison.Ordinal);
    }

    private Task<Finished> StartAsync(Dictionary<string, string> environment, params string[] arguments) =>
        NotifierProcess.RunAsync(_folder.Path, arguments.Length == 0 ? ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0"] : arguments, Stop, environment: environment);

    /// <summary>A configuration made as the program makes it, with variables that are nobody else's.</summary>
    private sealed class World : IDisposable
    {
        public TempFolder Folder { get; } = new();

        public ConfigurationManager Configuration { get; } = new();

        public string? Settings { get; set; }

        public Dictionary<string, string> Environment { get; } = [];

        public List<string> Arguments { get; } = [];

        public TelegramOptions Read()
        {
            Configuration.AddJsonFile(Path.Combine(Repository.Root, "appsettings.json"));
            if (Settings is not null)
                Configuration.AddJsonFile(Folder.Write("appsettings.json", $$"""{ "Notifier": { "Telegram": { "Token": "{{Settings}}" } } }"""));

            // The real variables have a prefix here, under which only this test's stand.
            var prefix = $"NT{Guid.NewGuid():N}_";
            foreach (var (name, value) in Environment)
                System.Environment.SetEnvironmentVariable(prefix + name, value);
            try
            {
                Configuration.AddEnvironmentVariables(prefix);
                if (Arguments.Count > 0)
                    Configuration.AddCommandLine([.. Arguments]);
                Configuration.AddNotifierSources(Folder.File("run"));
                Configuration.AddStoredSecrets(Folder.Path);
            }
            finally
            {
                foreach (var name in Environment.Keys)
                    System.Environment.SetEnvironmentVariable(prefix + name, null);
            }

            using var services = new ServiceCollection().AddNotifierSettings(Configuration).BuildServiceProvider();
            return services.GetRequiredService<TelegramOptions>();
        }

        public void Dispose()
        {
            Configuration.Dispose();
            Folder.Dispose();
        }
    }
}
