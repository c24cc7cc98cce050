using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.Fakes;

/// <summary>That the gateway of the fake is as strict, and as unreliable when asked, as Discord's.</summary>
public sealed class FakeDiscordGatewayTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private FakeDiscord _discord = null!;
    private FakeGuild _guild = null!;
    private FakeChannel _news = null!;
    private BareBot _bot = null!;

    public async ValueTask InitializeAsync()
    {
        _discord = await FakeDiscord.StartAsync(_time, ct: TestContext.Current.CancellationToken);
        _guild = _discord.AddGuild("The guild");
        _news = _guild.AddChannel("news");
        _bot = new BareBot(_discord);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.DoesNotContain(_discord.Violations, violation => violation.StartsWith("this fake", StringComparison.Ordinal));
        _bot.Dispose();
        await _discord.DisposeAsync();
    }

    [Fact]
    public async Task A_log_in_leads_to_the_guilds_with_their_channels()
    {
        _discord.Gateway.HeartbeatInterval = TimeSpan.FromSeconds(5);
        var hello = await _bot.ConnectAsync();
        Assert.Equal(5000, hello.GetProperty("d").GetProperty("heartbeat_interval").GetInt32());
        await _bot.IdentifyAsync();
        var ready = await _bot.ReadEventAsync("READY");
        Assert.True(ready.GetProperty("guilds")[0].GetProperty("unavailable").GetBoolean());
        var guild = await _bot.ReadEventAsync("GUILD_CREATE");
        Assert.Equal((_guild.Id, _news.Id), (guild.GetProperty("id").GetString(), guild.GetProperty("system_channel_id").GetString()));
        Assert.Equal("news", guild.GetProperty("channels")[0].GetProperty("name").GetString());
        await _bot.TellAsync("""{"op":1,"d":2}""");
        Assert.Equal(11, (await _bot.ReadAsync()).GetProperty("op").GetInt32());
        Assert.Equal((1, 1, 1L), (_discord.Gateway.Identifies, _discord.Gateway.Heartbeats, _discord.Gateway.Intents));
        Assert.Equal(999, (await _bot.GetAsync("/gateway/bot")).Json!.Value.GetProperty("session_start_limit").GetProperty("remaining").GetInt32());
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task What_changes_in_a_guild_is_told_while_the_bot_is_in_it()
    {
        await _bot.LogInAsync();
        var thread = _news.AddThread("thread");
        await _bot.ReadEventAsync("THREAD_CREATE");
        _news.Deny(DiscordPermissions.SendMessages);
        var update = await _bot.ReadEventAsync("CHANNEL_UPDATE");
        Assert.Equal(_discord.Bot.Id, update.GetProperty("permission_overwrites")[1].GetProperty("id").GetString());
        thread.Archive();
        Assert.True((await _bot.ReadEventAsync("THREAD_UPDATE")).GetProperty("thread_metadata").GetProperty("archived").GetBoolean());
        _news.Delete();
        await _bot.ReadEventAsync("CHANNEL_DELETE");
        _guild.RemoveBot();
        Assert.False((await _bot.ReadEventAsync("GUILD_DELETE")).TryGetProperty("unavailable", out _));
        _guild.AddChannel("unheard");
        _guild.InviteBot();
        Assert.Equal("unheard", (await _bot.ReadEventAsync("GUILD_CREATE")).GetProperty("channels")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_cut_connection_is_resumed_without_missing_an_event()
    {
        var ready = await _bot.LogInAsync();
        await _bot.ReadEventAsync("GUILD_CREATE");
        var seen = _bot.Sequence;
        _discord.Gateway.Abort();
        await _discord.WaitAsync(() => _discord.Gateway.Connections == 0, "the cut");
        _guild.AddChannel("one");
        _guild.AddChannel("two");
        Assert.True(_discord.Gateway.HasSession);
        await _bot.ConnectAsync(ready.GetProperty("resume_gateway_url").GetString());
        await ResumeAsync(ready.GetProperty("session_id").GetString()!, seen);
        Assert.Equal("one", (await _bot.ReadAsync()).GetProperty("d").GetProperty("name").GetString());
        Assert.Equal("two", (await _bot.ReadAsync()).GetProperty("d").GetProperty("name").GetString());
        Assert.Equal("RESUMED", (await _bot.ReadAsync()).GetProperty("t").GetString());
        Assert.Equal((1, 1, 1), (_discord.Gateway.Identifies, _discord.Gateway.Resumes, _discord.Gateway.Connections));
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task A_resume_that_cannot_be_is_refused()
    {
        var ready = await _bot.LogInAsync();
        var (url, id) = (ready.GetProperty("resume_gateway_url").GetString()!, ready.GetProperty("session_id").GetString()!);
        await _bot.ConnectAsync(url);
        await ResumeAsync("unknown", 1);
        Assert.False((await _bot.ReadAsync()).GetProperty("d").GetBoolean());
        await _bot.ConnectAsync(url);
        await ResumeAsync(id, 1000);
        Assert.Equal(4007, await _bot.ReadCloseAsync());
        await _bot.ConnectAsync();
        await ResumeAsync(id, 1);
        await _bot.ReadEventAsync("RESUMED");
        Assert.Contains("gateway: RESUME does not come to resume_gateway_url", _discord.Violations);
        await _bot.CloseAsync(1000);
        await _bot.ConnectAsync(url);
        await ResumeAsync(id, 1);
        Assert.Equal(9, (await _bot.ReadAsync()).GetProperty("op").GetInt32());
        Assert.Equal([1000], _discord.Gateway.ClientCloses);
    }

    [Theory]
    [InlineData("""{"op":3,"d":{}}""", 4003)]
    [InlineData("""{"op":77,"d":{}}""", 4001)]
    [InlineData("""{"op":""", 4002)]
    [InlineData("""{"op":2,"d":{}}""", 4002)]
    [InlineData("""{"op":2,"d":{"token":"test","properties":{}}}""", 4013)]
    public async Task What_is_no_payload_is_answered_by_a_close(string payload, int code)
    {
        await _bot.ConnectAsync();
        await _bot.TellAsync(payload);
        Assert.Equal(code, await _bot.ReadCloseAsync());
        Assert.Single(_discord.Violations);
    }

    [Fact]
    public async Task Wrong_tokens_second_log_ins_large_and_many_payloads_are_answered_by_a_close()
    {
        await _bot.ConnectAsync();
        await _bot.IdentifyAsync("other");
        Assert.Equal(4004, await _bot.ReadCloseAsync());
        Assert.Empty(_discord.Violations);
        await _bot.LogInAsync();
        await _bot.IdentifyAsync();
        Assert.Equal(4005, await _bot.ReadCloseAsync());
        await _bot.ConnectAsync();
        await _bot.TellAsync(new { op = 1, d = new string('x', 4096) });
        Assert.Equal(4002, await _bot.ReadCloseAsync());
        await _bot.ConnectAsync();
        for (var i = 0; i < 121; i++)
            await _bot.TellAsync("""{"op":1,"d":null}""");
        Assert.Equal(4008, await _bot.ReadCloseAsync());
        Assert.Equal(3, _discord.Violations.Count);
    }

    [Fact]
    public async Task Everything_that_can_go_wrong_can_be_had()
    {
        _discord.Gateway.HoldHello();
        var connecting = _bot.ConnectAsync();
        await _discord.WaitForRequestsAsync("GET /gateway/bot");
        Assert.False(connecting.IsCompleted);
        _discord.Gateway.ReleaseHello();
        await connecting;
        await _bot.IdentifyAsync();
        await _bot.ReadEventAsync("GUILD_CREATE");
        _discord.Gateway.StopAcking();
        await _bot.TellAsync("""{"op":1,"d":null}""");
        await _discord.Gateway.WaitForHeartbeatsAsync(1);
        _discord.Gateway.RequestHeartbeat();
        Assert.Equal(1, (await _bot.ReadAsync()).GetProperty("op").GetInt32());
        _discord.Gateway.Reconnect();
        Assert.Equal(7, (await _bot.ReadAsync()).GetProperty("op").GetInt32());
        _discord.Gateway.Invalidate(resumable: true);
        Assert.True((await _bot.ReadAsync()).GetProperty("d").GetBoolean());
        _discord.Gateway.Dispatch("SOMETHING_NEW", new string('x', 100_000));
        Assert.Equal(100_000, (await _bot.ReadEventAsync("SOMETHING_NEW")).GetString()!.Length);
        _discord.Gateway.SendRaw("""{"op":99}""");
        Assert.Equal(99, (await _bot.ReadAsync()).GetProperty("op").GetInt32());
        _discord.Gateway.SendRaw("{");
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(_bot.ReadAsync);
        _discord.Gateway.CloseAll(4000);
        Assert.Equal(4000, await _bot.ReadCloseAsync());
        Assert.True(_discord.Gateway.HasSession);
        await _bot.LogInAsync();
        _discord.Gateway.Abort();
        await Assert.ThrowsAsync<WebSocketException>(() => _bot.ReadEventAsync("NEVER"));
        await _bot.LogInAsync();
        _discord.Revoke();
        Assert.Equal(4004, await _bot.ReadCloseAsync());
        Assert.Equal((401, false), ((await _bot.GetAsync("/users/@me")).Status, _discord.Gateway.HasSession));
    }

    [Fact]
    public async Task Log_ins_that_come_too_fast_are_answered_with_op_9()
    {
        _discord.Gateway.IdentifyEvery = TimeSpan.FromSeconds(5);
        await _bot.LogInAsync();
        await _bot.ConnectAsync();
        await _bot.IdentifyAsync();
        Assert.Equal(9, (await _bot.ReadAsync()).GetProperty("op").GetInt32());
        _time.Advance(TimeSpan.FromSeconds(5));
        await _bot.IdentifyAsync();
        await _bot.ReadEventAsync("READY");
        Assert.Equal(2, _discord.Gateway.Identifies);
    }

    private Task ResumeAsync(string session, long sequence) =>
        _bot.TellAsync(new { op = 6, d = new { token = _discord.Token, session_id = session, seq = sequence } });
}
