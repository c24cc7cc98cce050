using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>The process is killed in the middle of a command or of a send.</summary>
public sealed class DiscordCrashStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private const string Answer = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task E18_Killed_between_effect_and_reply_the_effect_stays_and_is_not_repeated()
    {
        var town = world.Found("Killed");
        var url = town.Publish("Killed news", "One");
        var never = new TaskCompletionSource();
        world.Discord.Next(Answer, new DiscordFault.Hang(never.Task, Stores: false));
        var asked = await town.Ann.CommandAsync(town.Channel, "subscribe", ("url", url), ("backfill", "none"));
        await world.Discord.WaitForRequestsAsync(Answer, 1, answered: false, ct: Stop);

        // Another one is acknowledged and waits behind it, and a third is still fetching its feed in another channel.
        var behind = await town.Ann.CommandAsync(town.Channel, "list");
        var other = town.Guild.AddChannel("other");
        var slow = town.Publish("Slow news", "One");
        world.Web.Hold(town.Path("Slow news"));
        var fetching = await town.Ann.CommandAsync(other, "subscribe", ("url", slow), ("backfill", "none"));
        await world.Web.RequestAsync(town.Path("Slow news"), Stop);
        await behind.AcknowledgedAsync(ct: Stop);

        await world.World.KillAndRestartAsync();
        world.Web.Release(town.Path("Slow news"));
        Assert.StartsWith("One feed in this chat:", (await behind.AnswerAsync(ct: Stop)).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Subscribed to “Slow news”", (await fetching.AnswerAsync(ct: Stop)).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Fine: only new entries of “Killed news”", (await asked.AnswerAsync(ct: Stop)).ShownText, StringComparison.Ordinal);
        Assert.Equal(2, await world.World.QueryAsync<long>("SELECT COUNT(*) FROM Subscriptions"));
        Assert.Equal(2, await world.World.QueryAsync<long>("SELECT COUNT(*) FROM AuditLines"));

        // And of what is delivered nothing comes twice, though the answer to it is lost with the process.
        world.Discord.Next("POST /channels/{channel_id}/messages", new DiscordFault.Hang(never.Task));
        town.Publish("Killed news", "Two", "One");
        await town.Channel.WaitForMessagesAsync(1, ct: Stop);
        await world.World.KillAndRestartAsync();
        town.Publish("Killed news", "Three", "Two", "One");
        Assert.Equal(["Two", "Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
        Assert.Equal(0, await town.OwedAsync(town.Channel));
        never.SetResult();
    }
}
