using System.Text.Json.Nodes;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>
/// The connection to the gateway breaks: people hardly notice, and nothing is done twice. A world for each test, since the pauses grow with
/// each break.
/// </summary>
public sealed class DiscordGatewayStory : IAsyncLifetime
{
    private PlatformWorld _world = null!;
    private Town _town = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeDiscord Discord => _world.Discord;

    public async ValueTask InitializeAsync()
    {
        _world = await PlatformWorld.StartAsync(DiscordWorld.Fast);
        _town = Town.Found(_world, "Rough");
        await Discord.WaitUntilServingAsync(ct: Stop);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task N09_What_is_asked_during_a_cut_is_done_once_after_the_resume_and_entries_come_meanwhile()
    {
        var url = _town.Publish("Cut news", "One");
        await CutAsync();
        var asked = await _town.Ann.CommandAsync(_town.Channel, "subscribe", ("url", url), ("backfill", "none"));
        Assert.False(asked.IsAcknowledged);
        Discord.Gateway.ReleaseHello();
        Assert.StartsWith("Subscribed", (await asked.AnswerAsync(ct: Stop)).ShownText, StringComparison.Ordinal);
        await Discord.Gateway.WaitForResumesAsync(1, ct: Stop);
        Assert.Equal(1, await _world.QueryAsync<long>("SELECT COUNT(*) FROM AuditLines"));
        Assert.Equal(1, await _world.QueryAsync<long>("SELECT COUNT(*) FROM Subscriptions"));

        // With the gateway down, but REST up.
        await CutAsync();
        _town.Publish("Cut news", "Two", "One");
        Assert.Equal(["Two"], Town.Titles(await _town.Channel.WaitForMessagesAsync(1, ct: Stop)));
        Assert.Equal(0, Discord.Gateway.Connections);
        Discord.Gateway.ReleaseHello();
        await Discord.Gateway.WaitForResumesAsync(2, ct: Stop);
        await _town.AskAsync("list");
        Assert.Equal(1, Discord.Gateway.Identifies);
    }

    [Fact]
    public async Task N01_N03_Told_to_come_again_thrown_out_or_not_heard_any_more_it_resumes_and_answers()
    {
        var gateway = Discord.Gateway;
        gateway.HeartbeatInterval = TimeSpan.FromSeconds(0.5);
        gateway.Reconnect();
        await gateway.WaitForResumesAsync(1, ct: Stop);
        await _town.AskAsync("list");

        gateway.HeartbeatInterval = TimeSpan.FromSeconds(41);
        gateway.StopAcking();
        await gateway.WaitForResumesAsync(2, ct: Stop);
        gateway.ResumeAcking();
        await _town.AskAsync("list");

        gateway.CloseAll(4000, "Unknown error.");
        await gateway.WaitForResumesAsync(3, ct: Stop);
        await _town.AskAsync("list");
        Assert.Equal(1, gateway.Identifies);
        Assert.DoesNotContain(gateway.ClientCloses, code => code is 1000 or 1001);
    }

    [Fact]
    public async Task N01_A_session_that_Discord_forgets_is_begun_anew_and_nobody_is_greeted_again()
    {
        await _town.SubscribeAsync(_town.Publish("Forgotten news", "One"));
        Discord.Gateway.Invalidate(resumable: false);
        await Discord.Gateway.WaitForIdentifiesAsync(2, ct: Stop);
        await _town.AskAsync("list");
        _town.Publish("Forgotten news", "Two", "One");
        Assert.Equal(["Two"], Town.Titles(await _town.Channel.WaitForMessagesAsync(1, ct: Stop)));
        Assert.Single(Discord.Requests, request => request.Operation == "PUT /applications/{application_id}/commands");
    }

    [Fact]
    public async Task N10_Large_unknown_and_odd_events_disturb_nothing()
    {
        Discord.Gateway.Dispatch("GUILD_CREATE", new JsonObject { ["id"] = "1", ["channels"] = new JsonArray(), ["description"] = new string('x', 4 << 20) });
        Discord.Gateway.Dispatch("SOMETHING_NEW", new JsonArray(1, "two", null));
        foreach (var name in new[] { "GUILD_CREATE", "GUILD_DELETE", "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_UPDATE", "THREAD_DELETE", "GUILD_ROLE_UPDATE", "INTERACTION_CREATE" })
        {
            Discord.Gateway.Dispatch(name, null);
            Discord.Gateway.Dispatch(name, "text");
            Discord.Gateway.Dispatch(name, new JsonObject { ["id"] = 7, ["guild_id"] = new JsonArray(), ["channels"] = "none", ["type"] = "2", ["system_channel_id"] = 1.5 });
            Discord.Gateway.Dispatch(name, new JsonObject { ["id"] = "no/id", ["guild_id"] = "?", ["channels"] = new JsonArray(1, null, "two"), ["type"] = 1e300, ["system_channel_id"] = "" });
        }

        Discord.Gateway.SendRaw("""{"op":42,"d":{}}""");
        Discord.Gateway.RequestHeartbeat();
        await _town.AskAsync("list");
        Discord.Gateway.SendRaw("{ this is no JSON");
        await Discord.Gateway.WaitForResumesAsync(1, ct: Stop);
        await _town.AskAsync("list");
    }

    /// <summary>Breaks the connection; the next one hears nothing until HELLO is released.</summary>
    private async Task CutAsync()
    {
        Discord.Gateway.HoldHello();
        Discord.Gateway.Abort();
        await Discord.WaitAsync(() => Discord.Gateway.Connections == 0, "the connection to break", ct: Stop);
    }
}
