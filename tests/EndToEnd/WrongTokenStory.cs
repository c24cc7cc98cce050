using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>A platform that refuses its token, or has none, and the others.</summary>
public sealed class WrongTokenStory : IDisposable
{
    private readonly TempFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_wrong_token_of_Telegram_leaves_the_others_working_and_is_said_once()
    {
        await using var world = await PlatformWorld.StartAsync("--Notifier:Telegram:Token=1:wrong");
        await world.Notifier.WaitForLogAsync("telegram is closed until it has another token: ", Stop);
        await world.Discord.WaitUntilServingAsync(ct: Stop);
        Assert.Contains("Telegram: closed: Telegram refuses the token", RunningNotifier.OneLine(await world.Notifier.AskAsync("/setup", Stop)), StringComparison.Ordinal);
        var asked = world.Telegram.Unauthorized;

        var url = world.Web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        var guild = world.Discord.AddGuild("Harbour");
        var channel = guild.AddChannel("news");
        var ann = guild.AddMember("Ann", Support.Fakes.Discord.DiscordPermissions.ManageGuild);
        await (await ann.CommandAsync(channel, "subscribe", ("url", url), ("backfill", "last"))).AnswerAsync(ct: Stop);
        await channel.WaitForMessagesAsync(1, ct: Stop);

        // G10: it is not tried again.
        Assert.InRange(asked, 1, 2);
        Assert.Equal(asked, world.Telegram.Unauthorized);

        // And the right one heals it.
        await world.Notifier.TypeAsync("/setup telegram\n1:test");
        await world.Notifier.WaitForLogAsync("Telegram: listening as @NotifierTestBot", Stop);
    }

    [Fact]
    public async Task A_wrong_token_of_Discord_leaves_the_others_working()
    {
        await using var world = await PlatformWorld.StartAsync("--Notifier:Discord:Token=wrong");
        await world.Notifier.WaitForLogAsync("discord is closed until it has another token: ", Stop);
        Assert.Contains("Discord: closed: Discord refuses the token", RunningNotifier.OneLine(await world.Notifier.AskAsync("/setup", Stop)), StringComparison.Ordinal);

        var ann = world.Telegram.AddUser("Ann");
        await ann.MeetAsync(Stop);
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(ann.PrivateChat!, "/list", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.Contains("This chat has no feeds yet.", await world.Notifier.AskAsync("/list", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_without_tokens_runs_on_and_says_once_which_variables_it_wants()
    {
        await using var notifier = NotifierProcess.Start(_data.Path, ["--Notifier:Web:Url=http://127.0.0.1:0"]);
        notifier.EndInput();
        await notifier.WaitForAsync("No platform is set up", Stop);
        var line = Assert.Single(notifier.Output.Text.Split('\n'), said => said.Contains("warn:", StringComparison.Ordinal));
        Assert.Contains("TELEGRAM_TOKEN", line, StringComparison.Ordinal);
        Assert.Contains("DISCORD_TOKEN", line, StringComparison.Ordinal);
        Assert.False(notifier.HasEnded);

        await notifier.AskToEndAsync(Stop);
        Assert.Equal(0, await notifier.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal("", notifier.Errors.Text);
    }

    [Fact]
    public async Task A_container_with_a_token_says_how_to_become_its_operator()
    {
        await using var telegram = await Support.Fakes.Telegram.FakeTelegram.StartAsync(ct: Stop);
        await using var notifier = NotifierProcess.Start(
            _data.Path,
            ["--Notifier:Web:Url=http://127.0.0.1:0", $"--Notifier:Telegram:ApiUrl={telegram.Url}"],
            new Dictionary<string, string> { ["TELEGRAM_TOKEN"] = "1:test" });
        notifier.EndInput();
        await notifier.WaitForAsync("listening as @NotifierTestBot", Stop);
        await notifier.WaitAsync(text => text.Contains("/claim ", StringComparison.Ordinal) && text.EndsWith('\n'), "the code", Stop);
        var text = notifier.Output.Text;
        var code = text.Substring(text.IndexOf("/claim ", StringComparison.Ordinal) + 7, 14);

        var ann = telegram.AddUser("Ann");
        await ann.MeetAsync(Stop);
        Assert.Equal("You are an operator now: you may do anything, from any chat.", (await ann.AskAsync(ann.PrivateChat!, $"/claim {code}", ct: Stop)).Text);
        Assert.DoesNotContain("No platform is set up", text, StringComparison.Ordinal);
    }
}
