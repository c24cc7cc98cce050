using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>Discord's token is wrong, is revoked while the program runs, is replaced: the others go on, and nothing that is owed is lost.</summary>
public sealed class DiscordTokenStory : IAsyncLifetime
{
    private PlatformWorld? _world;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_revoked_token_stops_Discord_alone_and_its_successor_delivers_everything_owed()
    {
        _world = await PlatformWorld.StartAsync(DiscordWorld.Fast);
        var (discord, telegram) = (_world.Discord, _world.Telegram);
        var town = Town.Found(_world, "Revoked");
        var url = town.Publish("Revoked news", "One");
        await town.SubscribeAsync(url);
        var tom = telegram.AddUser("Tom");
        await tom.MeetAsync(Stop);
        await tom.AskAsync(tom.PrivateChat!, $"/subscribe {url} none", ct: Stop);

        discord.Revoke();
        await _world.Notifier.WaitForLogAsync("discord is closed until it has another token: Discord refuses", Stop);
        town.Publish("Revoked news", "Three", "Two", "One");
        await tom.PrivateChat!.WaitForMessageAsync(message => message.Text.StartsWith("Three", StringComparison.Ordinal), ct: Stop);
        Assert.Contains("Discord: closed: Discord refuses the token", RunningNotifier.OneLine(await _world.Notifier.AskAsync("/setup", Stop)), StringComparison.Ordinal);
        Assert.InRange(discord.Requests.Count(request => request.Status == 401), 0, 2);

        // A wrong one changes nothing, and a right one all.
        await _world.Notifier.TypeAsync("/setup discord");
        await _world.Notifier.TypeAsync("test-no-such-token");
        await _world.Notifier.WaitForAsync("Discord is not connected.", Stop);
        Assert.False(File.Exists(_world.SecretsFile));
        discord.UseToken("test-the-second-token");
        await _world.Notifier.TypeAsync("/setup discord");
        await _world.Notifier.TypeAsync("test-the-second-token");
        await _world.Notifier.WaitForAsync("Discord is connected", Stop);
        Assert.Equal(["Two", "Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
        await town.AskAsync("list");

        Assert.InRange(discord.Requests.Count(request => request.Status == 401), 1, 4);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_world.SecretsFile));
        Assert.DoesNotContain("second-token", _world.Notifier.Everything(), StringComparison.Ordinal);
        Assert.DoesNotContain("no-such-token", _world.Notifier.Errors.Text, StringComparison.Ordinal);
        Assert.Contains(discord.ApplicationId, _world.Notifier.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_wrong_at_the_start_is_tried_once_and_one_given_at_the_Terminal_is_kept()
    {
        _world = await PlatformWorld.StartAsync("--Notifier:Discord:Token=test-wrong-from-the-start");
        await _world.Notifier.WaitForLogAsync("discord is closed until it has another token", Stop);
        var tom = _world.Telegram.AddUser("Tom");
        await tom.MeetAsync(Stop);
        Assert.Single(_world.Discord.Requests);

        await _world.Notifier.TypeAsync("/setup discord");
        await _world.Notifier.TypeAsync(_world.Discord.Token);
        await _world.Discord.WaitUntilServingAsync(ct: Stop);
        await _world.Notifier.KillAsync(Stop);
        await _world.Notifier.DisposeAsync();
        var identifies = _world.Discord.Gateway.Identifies;

        await _world.RunAsync("--Notifier:Discord:Token=");
        await _world.Discord.Gateway.WaitForIdentifiesAsync(identifies + 1, ct: Stop);
    }
}
