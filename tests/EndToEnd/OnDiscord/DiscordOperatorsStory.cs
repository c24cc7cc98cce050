using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>Who runs this Notifier, asked and decided on Discord; and what the program tells Discord once only.</summary>
public sealed class DiscordOperatorsStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private const string Registration = "PUT /applications/{application_id}/commands";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_has_the_code_claims_once_and_no_token_is_taken_in_a_chat()
    {
        var town = world.Found("Town hall");
        var eve = town.Guild.AddMember("Eve", Support.Fakes.Discord.DiscordPermissions.ManageGuild);
        const string Wrong = "That is not the code, or it was used before. My console shows it when I start and have no operator; an operator makes another one with /admins add.";
        await town.SaysAsync("Only whoever runs this Notifier can use /admins.", "admins");
        await town.SaysAsync("Only whoever runs this Notifier can use /setup.", "setup", ("platform", "telegram"), ("token", "1:test"));
        await town.SaysAsync(Wrong, "claim", ("code", "ABCD-EFGH-JKLM"));
        await town.SaysAsync("You are an operator now: you may do anything, from any chat.", "claim", ("code", world.World.ClaimCode.ToLowerInvariant()));
        await town.SaysAsync("You are an operator already.", "claim", ("code", world.World.ClaimCode));
        Assert.Equal(Wrong, (await eve.AskAsync(town.Channel, "claim", ("code", world.World.ClaimCode))).ShownText);

        Assert.Equal(
            "A token is a secret, so I take it only where nobody reads along: type this at the Terminal that I was started in, or start me with the variable TELEGRAM_TOKEN.",
            Read(await town.AskAsync("setup", ("platform", "telegram"))));
        Assert.StartsWith("Others can read what is written here, so I did not take that token: have Telegram replace it.", Read(await town.AskAsync("setup", ("platform", "telegram"), ("token", "2:test"))), StringComparison.Ordinal);
        Assert.Contains("Telegram: ready as", (await town.AskAsync("setup")).ShownText, StringComparison.Ordinal);
        await town.SaysAsync("There is no platform “slack” to set up. There are telegram and discord.", "setup", ("platform", "slack"));

        var another = (await town.AskAsync("admins", ("change", "add"))).ShownText;
        Assert.StartsWith("This makes one more operator, once: /claim ", another, StringComparison.Ordinal);
        Assert.StartsWith("You are an operator now", (await eve.AskAsync(town.Channel, "claim", ("code", another.Split(' ')[^1]))).ShownText, StringComparison.Ordinal);
        var listed = (await town.AskAsync("admins")).ShownText;
        Assert.StartsWith("2 operators, besides whoever is at the Terminal:", listed, StringComparison.Ordinal);
        Assert.Contains($"discord:{town.Ann.Id} · Ann", listed, StringComparison.Ordinal);
        await town.SaysAsync($"discord:{eve.Id} is no operator any more.", "admins", ("change", $"discord:{eve.Id}"));
        Assert.Equal("Only whoever runs this Notifier can use /admins.", (await eve.AskAsync(town.Channel, "admins")).ShownText);
        Assert.Empty(town.Channel.Messages);
    }

    [Fact]
    public async Task The_commands_are_registered_once_and_not_again_after_a_restart()
    {
        // Whoever is answered was heard after the commands had been registered and that was written down.
        await world.Found("Begun").AskAsync("list");
        await world.World.KillAndRestartAsync();
        await world.Discord.Gateway.WaitForIdentifiesAsync(2, ct: Stop);
        var town = world.Found("Restarted");
        await town.AskAsync("list");
        Assert.Single(world.Discord.Requests, request => request.Operation == Registration);
        Assert.Equal(["admins", "check", "claim", "doubt", "export", "feed", "filter", "held", "help", "history", "import", "language", "latest", "list", "pause", "preview", "quiet", "resume", "schedule", "setup", "start", "status", "stories", "style", "subscribe", "template", "timezone", "undo", "unsubscribe", "whoami", "why", "withdrawn"], world.Discord.Commands!.Select(command => command.GetProperty("name").GetString()));
        Assert.Equal("Die Feeds dieses Chats, mit ihren Nummern", world.Discord.Commands!.Single(command => command.GetProperty("name").GetString() == "list").GetProperty("description_localizations").GetProperty("de").GetString());
    }

    [Fact]
    public async Task Whoever_has_German_in_their_app_is_answered_in_German_until_the_channel_has_a_language()
    {
        var town = world.Found("Two tongues");
        var uwe = town.Guild.AddMember("Uwe", Support.Fakes.Discord.DiscordPermissions.ManageGuild);
        uwe.Locale = "de";
        var other = town.Guild.AddChannel("verein");
        Assert.StartsWith("Dieser Chat hat keine Ruhezeit. ", (await uwe.AskAsync(other, "quiet")).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Ab jetzt ist hier Ruhe: ", (await uwe.AskAsync(other, "quiet", ("hours", "22-7"))).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Ruhezeit: ", (await town.Ann.AskAsync(other, "quiet")).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("I speak English here from now on.", (await town.Ann.AskAsync(other, "language", ("language", "english"))).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Quiet hours: ", (await uwe.AskAsync(other, "quiet")).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_chose_German_is_answered_in_German_whoever_asks()
    {
        var town = world.Found("Zunge");
        town.Guild.Locale = "de";
        var channel = town.Guild.AddChannel("verein");
        Assert.StartsWith("Dieser Chat hat keine Ruhezeit. ", (await town.Ann.AskAsync(channel, "quiet")).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("This chat has no quiet hours. ", (await town.Ann.AskAsync(town.Ann.OpenDm(), "quiet")).ShownText, StringComparison.Ordinal);
    }

    private static string Read(Support.Fakes.Discord.FakeMessage message) => message.ShownText.Replace("\\_", "_", StringComparison.Ordinal);
}
