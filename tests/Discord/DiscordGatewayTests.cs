using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Rest;

namespace Notifier.Tests.Discord;

/// <summary>How Notifier stays connected. The test plays Discord, and the clock moves only when it says so.</summary>
public sealed class DiscordGatewayTests : IAsyncDisposable
{
    private const int Interval = 40_000;

    // With the dice below.
    private static readonly TimeSpan FirstBeat = TimeSpan.FromMilliseconds(Interval * 0.75), Beat = TimeSpan.FromMilliseconds(Interval);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1.125), NewSessionPause = TimeSpan.FromSeconds(4);

    private readonly WatchedTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<DateTimeOffset> _identifies = [];
    private readonly DateTimeOffset _start;
    private Func<DiscordAnswer>? _ask;
    private int _asked;
    private ScriptedGateway _discord = null!;
    private DiscordGateway _gateway = null!;
    private Task _running = Task.CompletedTask;

    public DiscordGatewayTests() => _start = _time.GetUtcNow();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // A peer that the test left does not answer the goodbye.
        _time.Advance(TimeSpan.FromSeconds(2));
        await _discord.DisposeAsync();
        await Record.ExceptionAsync(() => _running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        _gateway.Dispose();
        _stop.Dispose();
        Assert.DoesNotContain(_log, line => line.Contains("test-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_begins_with_who_we_are_and_what_we_want()
    {
        await StartAsync();
        var peer = await _discord.NextAsync();
        Assert.StartsWith("DiscordBot (https://", peer.UserAgent, StringComparison.Ordinal);
        Assert.Equal("/?v=10&encoding=json", peer.Address);

        await peer.HelloAsync(Interval);
        var identify = await peer.HearAsync(2);
        Assert.Equal("test-token", identify.GetProperty("token").GetString());
        Assert.Equal(1, identify.GetProperty("intents").GetInt32());
        Assert.Equal(["browser", "device", "os"], identify.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.IsType<GatewayState.Connecting>(_gateway.State);

        await ReadyAsync(peer);
        Assert.Equal(new GatewayState.Ready(_start), _gateway.State);
        await peer.DispatchAsync(2, "GUILD_CREATE", new { id = "9" });
        var happened = await EventAsync();
        Assert.Equal(("GUILD_CREATE", "9"), (happened.Name, happened.Body.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task The_heart_beats_with_the_last_number_and_first_after_a_random_part_of_the_interval()
    {
        await StartAsync();
        var peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await _time.WaitedForAsync(FirstBeat);
        await peer.HearAsync(2);
        await ReadyAsync(peer);
        _time.Advance(FirstBeat);
        Assert.Equal(1, (await peer.HearAsync(1)).GetInt64());
        await peer.AcknowledgeAsync();
        await peer.DispatchAsync(7, "GUILD_CREATE");
        await EventAsync();
        await _time.PassAsync(Beat);
        Assert.Equal(7, (await peer.HearAsync(1)).GetInt64());
    }

    [Fact]
    public async Task A_heartbeat_that_Discord_asks_for_is_sent_at_once_but_not_without_bound()
    {
        var peer = await ConnectAsync();
        for (var i = 0; i < 200; i++)
            await peer.SendAsync(new { op = 1, d = (long?)null });
        await peer.DispatchAsync(2, "GUILD_CREATE");
        await EventAsync();
        // 59 and IDENTIFY are 60 in a minute, and our own still have room.
        for (var i = 0; i < 59; i++)
            await peer.HearAsync(1);
        _time.Advance(FirstBeat);
        Assert.Equal(2, (await peer.HearAsync(1)).GetInt64());
        await peer.AcknowledgeAsync();
        await peer.CloseAsync(4000);
        await ResumesAsync(await _discord.NextAsync(), 2);
    }

    [Theory]
    [InlineData(4000)]
    [InlineData(4001)]
    [InlineData(4002)]
    [InlineData(4003)]
    [InlineData(4005)]
    [InlineData(4008)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1006)]
    public async Task N01_A_closed_connection_is_resumed(int code)
    {
        var peer = await ConnectAsync();
        await peer.DispatchAsync(5, "GUILD_CREATE");
        await EventAsync();
        if (code == 1006)
            peer.Abort();
        else
            await peer.CloseAsync(code);

        // At once, and where READY said.
        peer = await _discord.NextAsync();
        Assert.Equal("/resume?v=10&encoding=json", peer.Address);
        await ResumesAsync(peer, 5);
        await peer.DispatchAsync(6, "INTERACTION_CREATE");
        await peer.DispatchAsync(7, "RESUMED");
        Assert.Equal("INTERACTION_CREATE", (await EventAsync()).Name);
        Assert.Equal("RESUMED", (await EventAsync()).Name);
        Assert.IsType<GatewayState.Ready>(_gateway.State);
        Assert.Single(_identifies);
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData("""{"op":7,"d":null}""")]
    [InlineData("""{"op":9,"d":true}""")]
    public async Task N01_Asked_to_it_reconnects_and_resumes(string message)
    {
        var peer = await ConnectAsync();
        await peer.SendTextAsync(message);
        Assert.Equal(4000, await peer.HearCloseAsync());
        await ResumesAsync(await _discord.NextAsync(), 1);
    }

    [Theory]
    [InlineData(4007)]
    [InlineData(4009)]
    [InlineData(9)]
    public async Task N01_An_ended_session_is_begun_anew_after_some_seconds(int code)
    {
        var peer = await ConnectAsync();
        if (code == 9)
        {
            await peer.SendAsync(new { op = 9, d = false });
            Assert.Equal(4000, await peer.HearCloseAsync());
        }
        else
        {
            await peer.CloseAsync(code);
        }

        await _time.PassAsync(NewSessionPause);
        // Discord takes one IDENTIFY in five seconds.
        await _time.PassAsync(TimeSpan.FromSeconds(1));
        peer = await _discord.NextAsync();
        Assert.Equal("/?v=10&encoding=json", peer.Address);
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
        await ReadyAsync(peer);
        Assert.Equal([_start, _start.AddSeconds(5)], _identifies);
    }

    [Fact]
    public async Task N01_A_resume_that_is_declined_becomes_a_new_session()
    {
        var peer = await ConnectAsync();
        await peer.CloseAsync(4000);
        peer = await _discord.NextAsync();
        await ResumesAsync(peer, 1);
        await peer.SendAsync(new { op = 9, d = false });
        await peer.HearCloseAsync();
        await _time.PassAsync(NewSessionPause);
        await _time.PassAsync(TimeSpan.FromSeconds(1));
        peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
    }

    [Theory]
    [InlineData(4004)]
    [InlineData(4010)]
    [InlineData(4011)]
    [InlineData(4012)]
    [InlineData(4013)]
    [InlineData(4014)]
    public async Task N02_A_code_that_no_return_would_change_ends_it(int code)
    {
        await StartAsync();
        var peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
        await peer.CloseAsync(code);

        var refused = await Assert.ThrowsAsync<GatewayRefusedException>(() => _running);
        Assert.Equal(code, refused.Code);
        Assert.NotEmpty(refused.Message);
        Assert.False(_discord.HasNext);
        Assert.IsType<GatewayState.Stopped>(_gateway.State);
    }

    [Fact]
    public async Task G10_A_token_that_REST_does_not_accept_ends_it()
    {
        _ask = () => new DiscordAnswer.Refused(401, 0, "401: Unauthorized");
        await StartAsync();
        Assert.Equal(401, (await Assert.ThrowsAsync<GatewayRefusedException>(() => _running)).Code);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task N03_A_zombie_connection_is_closed_with_4000_and_resumed()
    {
        var peer = await ConnectAsync();
        _time.Advance(FirstBeat);
        await peer.HearAsync(1);
        // No acknowledgement until the next beat.
        var closed = peer.HearCloseAsync();
        await _time.WaitedForAsync(Beat);
        _time.Advance(Beat - TimeSpan.FromMilliseconds(1));
        Assert.False(closed.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(4000, await closed);

        peer = await _discord.NextAsync();
        await ResumesAsync(peer, 1);
        await peer.DispatchAsync(2, "INTERACTION_CREATE");
        await peer.DispatchAsync(3, "RESUMED");
        Assert.Equal("INTERACTION_CREATE", (await EventAsync()).Name);
        Assert.Equal("RESUMED", (await EventAsync()).Name);
        Assert.False(_gateway.Events.TryRead(out _));
    }

    [Fact]
    public async Task N04_I08_The_fifty_first_session_of_an_hour_waits_over_restarts_too()
    {
        _identifies.AddRange(Enumerable.Range(0, 50).Select(i => _start.AddMinutes(-50 + i)));
        await StartAsync();
        await _time.WaitedForAsync(TimeSpan.FromMinutes(10));
        var waiting = Assert.IsType<GatewayState.Waiting>(_gateway.State);
        Assert.Equal(_start.AddMinutes(10), waiting.Until);
        Assert.Contains(_log, line => line.Contains("Too many sessions", StringComparison.Ordinal));
        Assert.False(_discord.HasNext);

        _time.Advance(TimeSpan.FromMinutes(10));
        var peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
        // Kept before it was sent.
        Assert.Equal(_start.AddMinutes(10), _identifies[^1]);
        Assert.Equal(51, _identifies.Count);
    }

    [Fact]
    public async Task N04_The_last_session_that_Discord_leaves_us_is_not_spent()
    {
        var left = 1;
        _ask = () => Address(left);
        await StartAsync();
        await _time.WaitedForAsync(TimeSpan.FromHours(1));
        Assert.Equal(_start.AddHours(1), Assert.IsType<GatewayState.Waiting>(_gateway.State).Until);
        left = 2;
        _time.Advance(TimeSpan.FromHours(1));
        await (await _discord.NextAsync()).HelloAsync();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"op":"x"}""")]
    [InlineData("""{"s":1}""")]
    [InlineData("\u0000\u0001")]
    public async Task N10_What_cannot_be_read_breaks_the_connection_and_nothing_else(string text)
    {
        var peer = await ConnectAsync();
        await peer.SendTextAsync(text);
        Assert.Equal(4000, await peer.HearCloseAsync());
        await ResumesAsync(await _discord.NextAsync(), 1);
    }

    [Theory]
    [InlineData("""{"op":99,"d":{}}""")]
    [InlineData("""{"op":0,"s":"x","t":5,"d":[]}""")]
    [InlineData("""{"op":0}""")]
    [InlineData("""{"op":10,"d":null}""")]
    [InlineData("""{"op":11,"d":"x"}""")]
    public async Task N10_What_is_only_strange_is_passed_over(string text)
    {
        var peer = await ConnectAsync();
        await peer.SendTextAsync(text);
        await peer.DispatchAsync(2, "GUILD_CREATE");
        Assert.Equal("GUILD_CREATE", (await EventAsync()).Name);
    }

    [Theory]
    [InlineData("""{"op":10,"d":{"heartbeat_interval":0}}""")]
    [InlineData("""{"op":10,"d":{"heartbeat_interval":"41250"}}""")]
    [InlineData("""{"op":0,"t":"READY","d":{}}""")]
    [InlineData("hello")]
    public async Task N10_A_wrong_hello_is_none(string text)
    {
        await StartAsync();
        await (await _discord.NextAsync()).SendTextAsync(text);
        await _time.PassAsync(FirstPause);
        await (await _discord.NextAsync()).HelloAsync();
    }

    [Theory]
    [InlineData(4 << 10)]
    [InlineData(4 << 20)]
    public async Task N10_A_large_message_is_taken(int bytes)
    {
        var peer = await ConnectAsync();
        await peer.DispatchAsync(2, "GUILD_CREATE", new { name = new string('x', bytes) });
        Assert.Equal(bytes, (await EventAsync()).Body.GetProperty("name").GetString()!.Length);
    }

    [Fact]
    public async Task N10_A_message_without_end_is_not()
    {
        var peer = await ConnectAsync();
        var sending = peer.SendBytesAsync(new byte[GatewaySocket.MaxMessageBytes + 4096], WebSocketMessageType.Binary);
        Assert.Equal(4000, await peer.HearCloseAsync());
        await sending;
        await ResumesAsync(await _discord.NextAsync(), 1);
    }

    /// <summary>A poisonous event is told again after each resume: only a new session is rid of it.</summary>
    [Fact]
    public async Task N10_What_breaks_every_resume_ends_the_session()
    {
        var peer = await ConnectAsync();
        await peer.SendTextAsync("{");
        await peer.HearCloseAsync();
        foreach (var pause in (double[])[0, 1.125, 2.25])
        {
            if (pause > 0)
                await _time.PassAsync(TimeSpan.FromSeconds(pause));
            peer = await _discord.NextAsync();
            await ResumesAsync(peer, 1);
            await peer.SendTextAsync("{");
            await peer.HearCloseAsync();
        }

        await _time.PassAsync(NewSessionPause);
        peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
    }

    [Fact]
    public async Task The_heart_goes_on_beating_while_nobody_reads_the_events()
    {
        await StartAsync(queueLength: 1);
        var peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
        await peer.DispatchAsync(1, "READY", new { session_id = "s1" });
        await peer.DispatchAsync(2, "ONE");
        await peer.DispatchAsync(3, "TWO");
        await LoggedAsync("until there is room");
        await _time.PassAsync(FirstBeat);
        for (var i = 0; i < 3; i++)
        {
            // What is not handed on is not confirmed: it would come again.
            Assert.Equal(1, (await peer.HearAsync(1)).GetInt64());
            await peer.AcknowledgeAsync();
            await _time.PassAsync(Beat);
        }

        Assert.Equal(["READY", "ONE", "TWO"], [(await EventAsync()).Name, (await EventAsync()).Name, (await EventAsync()).Name]);
        Assert.IsType<GatewayState.Ready>(_gateway.State);
    }

    [Fact]
    public async Task A_gateway_that_turns_us_away_is_asked_ever_more_slowly()
    {
        await StartAsync(refusals: 8);
        foreach (var seconds in (double[])[1.125, 2.25, 4.5, 9, 18, 36, 60, 60])
            await _time.PassAsync(TimeSpan.FromSeconds(seconds));
        var peer = await _discord.NextAsync();
        Assert.Empty(_identifies);
        await peer.HelloAsync(Interval);
    }

    [Fact]
    public async Task An_address_that_is_not_told_is_asked_for_ever_more_slowly()
    {
        DiscordAnswer[] answers = [new DiscordAnswer.NotSent("down"), new DiscordAnswer.Lost("?"), new DiscordAnswer.Refused(403, 40333, "Cloudflare"), new DiscordAnswer.Ok(JsonSerializer.Deserialize<JsonElement>("""{"url":"http://x"}"""))];
        _ask = () => _asked <= answers.Length ? answers[_asked - 1] : Address(1000);
        await StartAsync();
        foreach (var seconds in (double[])[1.125, 2.25, 4.5, 9])
            await _time.PassAsync(TimeSpan.FromSeconds(seconds));
        await (await _discord.NextAsync()).HelloAsync();
    }

    [Fact]
    public async Task Where_the_place_to_resume_is_gone_it_resumes_at_the_common_one()
    {
        await StartAsync();
        var peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
        await peer.DispatchAsync(1, "READY", new { session_id = "s1", resume_gateway_url = "ws://127.0.0.1:1/" });
        await EventAsync();
        await peer.CloseAsync(4000);
        foreach (var seconds in (double[])[1.125, 2.25, 4.5])
            await _time.PassAsync(TimeSpan.FromSeconds(seconds));
        peer = await _discord.NextAsync();
        Assert.Equal("/?v=10&encoding=json", peer.Address);
        await ResumesAsync(peer, 1);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_connection_that_never_lasts_is_made_ever_more_slowly()
    {
        var peer = await ConnectAsync();
        await peer.CloseAsync(4000);
        foreach (var seconds in (double[])[1.125, 2.25, 4.5])
        {
            peer = await _discord.NextAsync();
            await ResumesAsync(peer, 1);
            await peer.DispatchAsync(1, "RESUMED");
            await EventAsync();
            await peer.CloseAsync(4000);
            await _time.PassAsync(TimeSpan.FromSeconds(seconds));
        }

        // One that lived a minute starts the count afresh.
        peer = await _discord.NextAsync();
        await ResumesAsync(peer, 1);
        await peer.DispatchAsync(1, "RESUMED");
        await EventAsync();
        await _time.PassAsync(FirstBeat);
        await peer.HearAsync(1);
        await peer.AcknowledgeAsync();
        await peer.DispatchAsync(2, "GUILD_CREATE");
        await EventAsync();
        await _time.PassAsync(Beat);
        await peer.HearAsync(1);
        await peer.CloseAsync(4000);
        await ResumesAsync(await _discord.NextAsync(), 2);
    }

    [Fact]
    public async Task A_gateway_that_says_nothing_is_left_after_twenty_seconds()
    {
        await StartAsync();
        await _discord.NextAsync();
        // The first is for connecting.
        await _time.WaitedForAsync(TimeSpan.FromSeconds(20));
        await _time.PassAsync(TimeSpan.FromSeconds(20));
        await _time.PassAsync(FirstPause);
        await (await _discord.NextAsync()).HelloAsync();
    }

    [Fact]
    public async Task A_gateway_that_never_begins_the_session_is_left()
    {
        await StartAsync();
        var peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
        // When this was read, IDENTIFY is sent for good.
        await peer.DispatchAsync(1, "SOMETHING");
        await EventAsync();
        await _time.PassAsync(FirstBeat);
        await peer.HearAsync(1);
        await peer.AcknowledgeAsync();
        // When this was read, so was the acknowledgement.
        await peer.DispatchAsync(2, "SOMETHING");
        await EventAsync();
        await _time.PassAsync(Beat);
        Assert.Equal(4000, await peer.HearCloseAsync());
    }

    [Fact]
    public async Task Stopping_says_goodbye_for_good()
    {
        var peer = await ConnectAsync();
        await _stop.CancelAsync();
        Assert.Equal(1000, await peer.HearCloseAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        Assert.IsType<GatewayState.Stopped>(_gateway.State);
    }

    [Fact]
    public async Task Stopping_ends_a_pause_too()
    {
        await StartAsync(refusals: 1);
        await _time.WaitedForAsync(FirstPause);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    private async Task StartAsync(int queueLength = 1000, int refusals = 0)
    {
        _discord = await ScriptedGateway.StartAsync();
        _discord.Refusals = refusals;
        var budget = new IdentifyBudget(
            _ => Task.FromResult<IReadOnlyList<DateTimeOffset>>([.. _identifies]),
            (times, _) =>
            {
                _identifies.Clear();
                _identifies.AddRange(times);
                return Task.CompletedTask;
            },
            _time);
        _gateway = new DiscordGateway(() => "test-token", budget, _time, new QueueLog(line =>
        {
            _log.Enqueue(line);
            _lines.Writer.TryWrite(line);
        }), new LoadedDice(), queueLength);
        _running = _gateway.RunAsync(AskAsync, _stop.Token);
    }

    private Task<DiscordAnswer> AskAsync(CancellationToken ct)
    {
        _asked++;
        return Task.FromResult(_ask?.Invoke() ?? Address(1000));
    }

    private DiscordAnswer.Ok Address(int left) => new(JsonSerializer.SerializeToElement(new
    {
        url = _discord.Url,
        shards = 1,
        session_start_limit = new { total = 1000, remaining = left, reset_after = 3_600_000, max_concurrency = 1 },
    }));

    private async Task<ScriptedGateway.Peer> ConnectAsync()
    {
        await StartAsync();
        var peer = await _discord.NextAsync();
        await peer.HelloAsync(Interval);
        await peer.HearAsync(2);
        await _time.WaitedForAsync(FirstBeat);
        await ReadyAsync(peer);
        return peer;
    }

    private async Task ReadyAsync(ScriptedGateway.Peer peer)
    {
        await peer.DispatchAsync(1, "READY", new { session_id = "s1", resume_gateway_url = _discord.Url + "/resume" });
        Assert.Equal("READY", (await EventAsync()).Name);
    }

    private static async Task ResumesAsync(ScriptedGateway.Peer peer, long sequence)
    {
        await peer.HelloAsync(Interval);
        var resume = await peer.HearAsync(6);
        Assert.Equal(("test-token", "s1", sequence), (resume.GetProperty("token").GetString(), resume.GetProperty("session_id").GetString(), resume.GetProperty("seq").GetInt64()));
    }

    private async Task<GatewayEvent> EventAsync()
    {
        using var limit = ScriptedGateway.Peer.Limit();
        return await _gateway.Events.ReadAsync(limit.Token);
    }

    private async Task LoggedAsync(string words)
    {
        using var limit = ScriptedGateway.Peer.Limit();
        while (!(await _lines.Reader.ReadAsync(limit.Token)).Contains(words, StringComparison.Ordinal))
            continue;
    }

    private sealed class LoadedDice : Random
    {
        public override double NextDouble() => 0.75;
    }

    private sealed class QueueLog(Action<string> write) : ILogger<DiscordGateway>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => write($"{formatter(state, exception)} {exception}");
    }
}
