using System.Text;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>G01: with everything logged that can be, no token stands in what the program writes, but in its file of secrets.</summary>
public sealed class NoTokenShownStory
{
    private const string DiscordToken = "MTIz.discord-token.of-this-test";
    private const string TelegramHalf = "telegram-token-of-this-test";
    private const string TelegramToken = "1:" + TelegramHalf;

    private static readonly string[] Forms =
    [
        DiscordToken, TelegramToken, TelegramHalf, Uri.EscapeDataString(TelegramToken), Convert.ToBase64String(Encoding.UTF8.GetBytes(TelegramToken)), Convert.ToBase64String(Encoding.UTF8.GetBytes(DiscordToken)),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task G01_A_busy_minute_at_Trace_shows_no_token()
    {
        await using var world = await PlatformWorld.StartAsync(
            DiscordToken,
            TelegramToken,
            givesTokens: true,
            "--Logging:LogLevel:Default=Trace",
            "--Logging:LogLevel:Microsoft=Trace",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Trace",
            "--Logging:LogLevel:System=Trace");
        await world.Discord.WaitUntilServingAsync(ct: Stop);
        var url = world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        var guild = world.Discord.AddGuild("Harbour");
        var channel = guild.AddChannel("news");
        var bob = guild.AddMember("Bob", Support.Fakes.Discord.DiscordPermissions.ManageGuild);
        await (await bob.CommandAsync(channel, "subscribe", ("url", url), ("backfill", "none"))).AnswerAsync(ct: Stop);
        var ann = world.Telegram.AddUser("Ann");
        await ann.MeetAsync(Stop);
        await ann.AskAsync(ann.PrivateChat!, $"/subscribe {url} none", ct: Stop);
        await ann.AskAsync(ann.PrivateChat!, "/nonsense", ct: Stop);
        world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Two", "One"));
        await channel.WaitForMessagesAsync(1, ct: Stop);
        await ann.PrivateChat!.WaitForMessageAsync(message => message.Text.StartsWith("Two", StringComparison.Ordinal), ct: Stop);

        // Typed at the Terminal it is stored, and shown nowhere.
        await world.Notifier.TypeAsync("/setup telegram\n" + TelegramToken);
        await world.Notifier.WaitForAsync("Telegram is connected", Stop);

        // And the platform refuses it from now on.
        world.Telegram.Revoke();
        await world.Notifier.WaitForLogAsync("telegram is closed until it has another token", Stop);
        Assert.Contains("dbug:", world.Notifier.Errors.Text, StringComparison.Ordinal);

        // Killed, so that nothing is tidied away.
        await world.Notifier.KillAsync(Stop);
        AssertClean("the output", Encoding.UTF8.GetBytes(world.Notifier.Everything()));
        var files = Directory.GetFiles(world.Data, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => Path.GetFileName(file) == "notifier.db");
        Assert.Contains(files, file => Path.GetFileName(file) == "secrets.json");
        foreach (var file in files.Where(file => Path.GetFileName(file) != "secrets.json"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new MemoryStream();
            await open.CopyToAsync(bytes, Stop);
            AssertClean(file, bytes.ToArray());
        }
    }

    private static void AssertClean(string what, byte[] bytes)
    {
        foreach (var form in Forms)
        {
            var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(form));
            Assert.False(at >= 0, at < 0 ? "" : $"{what} has a token: …{Encoding.UTF8.GetString(bytes, Math.Max(0, at - 300), Math.Min(bytes.Length - Math.Max(0, at - 300), 400))}");
        }
    }
}
