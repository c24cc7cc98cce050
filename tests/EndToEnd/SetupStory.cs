using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>Connecting the platforms at the Terminal of the real program, without a restart.</summary>
public sealed class SetupStory : IAsyncLifetime
{
    private const string DiscordToken = "discord-token-of-this-test";
    private const string TelegramToken = "1:telegram-token-of-this-test";

    private PlatformWorld _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NotifierProcess Notifier => _world.Notifier;

    public async ValueTask InitializeAsync() => _world = await PlatformWorld.StartAsync(DiscordToken, TelegramToken, givesTokens: false);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Without_a_token_the_first_screen_and_setup_say_so_and_how_to_begin()
    {
        var screen = Notifier.Output.Text;
        Assert.Matches(@"(?m)^  Discord +not set up +→  /setup discord$", screen);
        Assert.Matches(@"(?m)^  Telegram +not set up +→  /setup telegram$", screen);
        Assert.Matches(@"(?m)^  Terminal +ready +→  you can try everything right here$", screen);
        Assert.DoesNotContain("/claim", screen, StringComparison.Ordinal);

        var states = await Notifier.AskAsync("/setup", Stop);
        Assert.Contains("Discord: not set up", states, StringComparison.Ordinal);
        Assert.Contains("Telegram: not set up", states, StringComparison.Ordinal);
        Assert.Contains("Terminal: ready", states, StringComparison.Ordinal);
        Assert.Contains("There is no platform “slack” to set up. There are telegram and discord.", await Notifier.AskAsync("/setup slack", Stop), StringComparison.Ordinal);
        Assert.Contains("There is no platform “terminal” to set up.", await Notifier.AskAsync("/setup terminal", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_line_changes_nothing()
    {
        var said = await Notifier.AskAsync("/setup telegram", Stop);
        Assert.Contains("1. Open https://t.me/BotFather in Telegram", said, StringComparison.Ordinal);
        await Notifier.WaitForAsync("Nothing was typed, so nothing has changed.", Stop);
        Assert.Contains("Telegram: not set up", await Notifier.AskAsync("/setup", Stop), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_world.Data, "secrets.json")));
    }

    [Fact]
    public async Task Telegram_is_connected_without_a_restart_and_after_one_is_connected_still()
    {
        await SayAsync("/setup telegram", "Paste it here");
        Assert.Contains("To connect Telegram:", Notifier.Output.Text, StringComparison.Ordinal);
        await SayAsync("no token", "That is no token of Telegram's");
        await SayAsync("/setup Telegram", "Paste it here");
        await SayAsync("1:another-token-of-this-test", "Telegram is not connected. Telegram does not know that token.");
        Assert.False(File.Exists(Path.Combine(_world.Data, "secrets.json")));

        await SayAsync("/setup telegram", "Paste it here");
        await SayAsync(TelegramToken, "Telegram is connected: I am @NotifierTestBot there.");
        await Notifier.WaitForAsync("Add me to a chat: https://t.me/NotifierTestBot?startgroup=true", Stop);
        await Notifier.WaitForAsync("Then write to me there, to become my operator: /claim ", Stop);
        await Notifier.WaitForLogAsync("Telegram: listening as @NotifierTestBot", Stop);
        AssertStored();
        AssertHidden();

        var ann = _world.Telegram.AddUser("Ann");
        await ann.MeetAsync(Stop);
        Assert.Equal("You are an operator now: you may do anything, from any chat.", (await ann.AskAsync(ann.PrivateChat!, $"/claim {_world.ClaimCode}", ct: Stop)).Text);
        Assert.Contains("Telegram: ready as @NotifierTestBot", await Notifier.AskAsync("/setup", Stop), StringComparison.Ordinal);

        await _world.KillAndRestartAsync();
        await Notifier.WaitForLogAsync("Telegram: listening as @NotifierTestBot", Stop);
        Assert.DoesNotContain("/claim", Notifier.Output.Text, StringComparison.Ordinal);

        // What the kill cut off may be answered once more before.
        ann.Say(ann.PrivateChat!, "/list");
        await ann.PrivateChat!.WaitForMessageAsync(message => message.Text.StartsWith("This chat has no feeds yet.", StringComparison.Ordinal), ct: Stop);
        AssertHidden();
    }

    [Fact]
    public async Task Discord_is_connected_without_a_restart_and_after_one_is_connected_still()
    {
        await SayAsync("/setup discord", "Paste it here");
        Assert.Contains("1. Open https://discord.com/developers/applications and press New Application", Notifier.Output.Text, StringComparison.Ordinal);
        await SayAsync("another-token-of-this-test", "Discord is not connected. Discord does not know that token.");
        await SayAsync("/setup discord", "Paste it here");
        await SayAsync(DiscordToken, "Discord is connected: I am Notifier there.");
        await Notifier.WaitForAsync("https://discord.com/oauth2/authorize?client_id=", Stop);
        await _world.Discord.WaitUntilServingAsync(ct: Stop);
        AssertStored();
        AssertHidden();

        await _world.KillAndRestartAsync();
        await Notifier.WaitForLogAsync("Discord: listening as", Stop);
        var guild = _world.Discord.AddGuild("Harbour");
        var ann = guild.AddMember("Ann", Support.Fakes.Discord.DiscordPermissions.ManageGuild);
        var answer = await (await ann.CommandAsync(guild.AddChannel("news"), "list")).AnswerAsync(ct: Stop);
        Assert.StartsWith("This chat has no feeds yet.", answer.ShownText, StringComparison.Ordinal);
        AssertHidden();
    }

    [Fact]
    public async Task Both_platforms_and_the_Terminal_work_side_by_side()
    {
        await SayAsync("/setup telegram", "Paste it here");
        await SayAsync(TelegramToken, "Telegram is connected");
        await SayAsync("/setup discord", "Paste it here");
        await SayAsync(DiscordToken, "Discord is connected");
        await _world.Discord.WaitUntilServingAsync(ct: Stop);

        var url = _world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        var guild = _world.Discord.AddGuild("Harbour");
        var channel = guild.AddChannel("news");
        var bob = guild.AddMember("Bob", Support.Fakes.Discord.DiscordPermissions.ManageGuild);
        await (await bob.CommandAsync(channel, "subscribe", ("url", url), ("backfill", "none"))).AnswerAsync(ct: Stop);
        var ann = _world.Telegram.AddUser("Ann");
        await ann.MeetAsync(Stop);
        await ann.AskAsync(ann.PrivateChat!, $"/subscribe {url} none", ct: Stop);
        await Notifier.AskAsync($"/subscribe {url} none", Stop);

        _world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Two", "One"));
        await channel.WaitForMessagesAsync(1, ct: Stop);
        await ann.PrivateChat!.WaitForMessageAsync(message => message.Text.StartsWith("Two", StringComparison.Ordinal), ct: Stop);
        await Notifier.WaitForAsync("│ Two", Stop);
        AssertHidden();
    }

    private void AssertStored()
    {
        var path = Path.Combine(_world.Data, "secrets.json");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    private void AssertHidden() => Assert.DoesNotContain("token-of-this-test", Notifier.Everything(), StringComparison.Ordinal);

    /// <summary>Types a line and waits for what is said after it.</summary>
    private async Task SayAsync(string line, string answer)
    {
        var from = Notifier.Output.Length;
        await Notifier.TypeAsync(line);
        await Notifier.WaitForAsync(answer, Stop, from);
    }
}
