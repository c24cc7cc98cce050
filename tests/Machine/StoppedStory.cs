using Notifier.Tests.EndToEnd.OnDiscord;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.Machine;

/// <summary>The program is asked to end, or frozen and woken, while a message is on its way.</summary>
public sealed class StoppedStory
{
    private const string Send = "POST /channels/{channel_id}/messages";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task I03_Asked_to_end_while_an_answer_is_awaited_it_ends_in_order(bool answers)
    {
        await using var world = await PlatformWorld.StartAsync(DiscordWorld.Fast);
        await world.Discord.WaitUntilServingAsync(ct: Stop);
        var answer = new TaskCompletionSource();
        var town = await SendingAsync(world, answer.Task);
        await world.Notifier.AskToEndAsync(Stop);
        await world.Discord.WaitAsync(() => !world.Discord.Gateway.HasSession, "the good-bye", ct: Stop);
        if (answers)
            answer.SetResult();

        Assert.Equal(0, await world.Notifier.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal(answers ? "Sent" : "Sending", await world.QueryAsync<string>("SELECT State FROM Deliveries WHERE EntryId IS NOT NULL"));
        Assert.DoesNotContain("fail:", world.Notifier.Errors.Text, StringComparison.Ordinal);
        await world.Notifier.DisposeAsync();
        await world.RunAsync(DiscordWorld.Fast);
        await TellsOnAsync(town);
        answer.TrySetResult();
    }

    /// <summary>One process lock stands before all leases: while the frozen one lives nobody can take them, however long it sleeps. Epochs are for several processes.</summary>
    [Fact]
    public async Task I04_Frozen_and_woken_it_goes_on_and_meanwhile_no_other_may_start()
    {
        await using var world = await PlatformWorld.StartAsync(DiscordWorld.Fast);
        await world.Discord.WaitUntilServingAsync(ct: Stop);
        var answer = new TaskCompletionSource();
        var town = await SendingAsync(world, answer.Task);
        await world.Notifier.FreezeAsync(Stop);

        var second = await NotifierProcess.RunAsync(world.Data, ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0"], Stop);
        Assert.Equal(75, second.ExitCode);
        Assert.Contains($"Another Notifier (process {world.Notifier.Id}) is using", second.Errors, StringComparison.Ordinal);
        answer.SetResult();
        await world.Notifier.WakeAsync(Stop);
        await TellsOnAsync(town);
    }

    /// <summary>A town whose message has arrived, while the answer to it is held.</summary>
    private static async Task<Town> SendingAsync(PlatformWorld world, Task answer)
    {
        var town = Town.Found(world, "Harbour");
        await town.SubscribeAsync(town.Publish("Harbour", "One"));
        world.Discord.Next(Send, new DiscordFault.Hang(answer));
        town.Publish("Harbour", "Two", "One");
        await town.Channel.WaitForMessagesAsync(1, ct: Stop);
        return town;
    }

    private static async Task TellsOnAsync(Town town)
    {
        town.Publish("Harbour", "Three", "Two", "One");
        Assert.Equal(["Two", "Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
    }
}
