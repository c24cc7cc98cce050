using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Notifier.Tests.Support.Fakes.Discord;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Support;

/// <summary>
/// The real program with Discord, Telegram and a web of feeds around it, all on loopback. At its end nothing may have been asked that nobody plays,
/// and nothing done that a platform forbids; nobody may have been pinged, and no limit of Telegram's been met.
/// </summary>
internal sealed class PlatformWorld : IAsyncDisposable
{
    /// <summary>A command of Notifier's own comes alive in its replies, for whoever taps it.</summary>
    private const string OwnCommand = "^/(start|help|whoami|list|ls|subscribe|sub|add|unsubscribe|unsub|remove|rm|latest|check|filter|schedule|pause|resume|held|style|template|preview|timezone|language|quiet|stories|doubt|withdrawn|why|history|status|undo|import|export|claim|setup|admins|feed)$";

    private readonly TempFolder _data = new();
    private readonly bool _givesTokens;
    private string[] _settings = [];

    private PlatformWorld(FakeDiscord discord, FakeTelegram telegram, FeedServer web, bool givesTokens) =>
        (Discord, Telegram, Web, _givesTokens) = (discord, telegram, web, givesTokens);

    public FakeDiscord Discord { get; }

    public FakeTelegram Telegram { get; }

    public FeedServer Web { get; }

    /// <summary>The data folder.</summary>
    public string Data => _data.Path;

    /// <summary>So much happens at once that one message or another may arrive too early for Telegram.</summary>
    public bool MayMeetLimits { get; set; }

    public NotifierProcess Notifier { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts everything; feeds are polled every second.</summary>
    /// <param name="settings">Besides those that lead to the fakes.</param>
    public static Task<PlatformWorld> StartAsync(params string[] settings) => StartAsync("test", "1:test", givesTokens: true, settings);

    /// <summary>The same with these tokens: given as settings, or known to the platforms alone.</summary>
    public static async Task<PlatformWorld> StartAsync(string discordToken, string telegramToken, bool givesTokens, params string[] settings)
    {
        var world = new PlatformWorld(
            await FakeDiscord.StartAsync(token: discordToken, ct: Stop),
            await FakeTelegram.StartAsync(telegramToken, ct: Stop),
            await FeedServer.StartAsync(Stop),
            givesTokens);
        await world.RunAsync(settings);
        return world;
    }

    /// <summary>Starts the program, on the same data.</summary>
    public async Task RunAsync(params string[] settings)
    {
        _settings = settings;
        Notifier = NotifierProcess.Serve(
            _data.Path,
            [
                "--Notifier:Polling:AllowPrivateNetworks=true",
                "--Notifier:Polling:Schedule=*/1 * * * * *",
                "--Notifier:Polling:Floor=00:00:01",
                $"--Notifier:Discord:ApiUrl={Discord.ApiUrl}",
                $"--Notifier:Telegram:ApiUrl={Telegram.Url}",
                .. !_givesTokens || settings.Any(setting => setting.Contains("Discord:Token", StringComparison.Ordinal)) ? Array.Empty<string>() : [$"--Notifier:Discord:Token={Discord.Token}"],
                .. !_givesTokens || settings.Any(setting => setting.Contains("Telegram:Token", StringComparison.Ordinal)) ? Array.Empty<string>() : [$"--Notifier:Telegram:Token={Telegram.Token}"],
                // An empty token is not set here, so that the data folder's counts.
                .. settings.Where(setting => !setting.EndsWith(":Token=", StringComparison.Ordinal)),
            ]);
        await Notifier.ReadyAsync(Stop);
    }

    /// <summary>Ends the program with SIGKILL and starts it again.</summary>
    public async Task KillAndRestartAsync()
    {
        await Notifier.KillAsync(Stop);
        await Notifier.DisposeAsync();
        await RunAsync(_settings);
    }

    /// <summary>The code by which the first operator claims, as the console shows it.</summary>
    public string ClaimCode => Regex.Match(Notifier.Output.Text, "/claim ([0-9A-Z-]{14})").Groups[1].Value;

    /// <summary>Where the tokens are kept that were given at the Terminal.</summary>
    public string SecretsFile => _data.File("secrets.json");

    /// <summary>The first column of a query of the database.</summary>
    public async Task<T?> QueryAsync<T>(string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _data.File("notifier.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Stop) is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        await Notifier.DisposeAsync();
        var everything = Notifier.Everything();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(everything);
        var (discord, telegram) = (Discord, Telegram);
        await discord.DisposeAsync();
        await telegram.DisposeAsync();
        await Web.DisposeAsync();
        _data.Dispose();
        Assert.Empty(discord.Violations);
        Assert.Empty(discord.Unexpected);
        Assert.Empty(telegram.Violations);
        Assert.Empty(telegram.Unexpected);
        Assert.True(MayMeetLimits || telegram.Limits.Exceeded == 0, $"{telegram.Limits.Exceeded} times more was sent than Telegram's limits allow.");
        Assert.All(telegram.Chats.SelectMany(chat => chat.Messages), message => Assert.DoesNotContain(message.Pings, ping => !Regex.IsMatch(ping, OwnCommand)));
        Assert.True(everything.IndexOf("met a bug", StringComparison.Ordinal) is var bug && bug < 0, bug < 0 ? "" : everything[Math.Max(0, bug - 200)..Math.Min(everything.Length, bug + 2000)]);
    }
}
