using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>
/// Discord's gateway: log-ins, their events, and everything that can go wrong with a connection. RESUME comes to an address of its
/// own, so that a bot that forgets <c>resume_gateway_url</c> is found out.
/// </summary>
internal sealed class DiscordGateway(FakeDiscord discord)
{
    public const string Path = "/gateway";
    public const string ResumePath = "/gateway-resume";

    private readonly List<GatewayConnection> _connections = [];
    private readonly Dictionary<string, GatewaySession> _sessions = [];
    private readonly ConcurrentQueue<int> _clientCloses = new();
    private TaskCompletionSource _hello = Opened();
    private DateTimeOffset _lastIdentify = DateTimeOffset.MinValue;

    /// <summary>What HELLO tells the bot; it takes effect with the next connection.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(41250);

    /// <summary>How many log-ins the bot has left today; with none the token is worthless.</summary>
    public int SessionStartsLeft { get; set; } = 1000;

    /// <summary>How far apart log-ins must be, else they are answered with op 9. Discord wants 5 s; off unless a test is about it.</summary>
    public TimeSpan IdentifyEvery { get; set; } = TimeSpan.Zero;

    /// <summary>Whether heartbeats are acknowledged.</summary>
    public bool Acks { get; private set; } = true;

    public int Identifies { get; private set; }

    /// <summary>How often a session was taken up again; refused tries do not count.</summary>
    public int Resumes { get; private set; }

    public int Heartbeats { get; private set; }

    /// <summary>What the last log-in asked for.</summary>
    public long Intents { get; private set; }

    /// <summary>How the bot called itself when it connected last; Discord asks for it there as well.</summary>
    public string? UserAgent { get; private set; }

    /// <summary>The codes with which the bot closed connections.</summary>
    public IReadOnlyCollection<int> ClientCloses => _clientCloses;

    /// <summary>How many connections have a session now: more than one hear every event twice.</summary>
    public int Connections
    {
        get
        {
            lock (discord.Sync)
                return _sessions.Values.Count(session => session.Connection is not null);
        }
    }

    /// <summary>Whether the bot is logged in, or was cut off and can come back to its session.</summary>
    public bool HasSession
    {
        get
        {
            lock (discord.Sync)
                return _sessions.Count > 0;
        }
    }

    /// <summary>Completes when the bot is connected with a session.</summary>
    public Task WaitUntilConnectedAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        discord.WaitAsync(() => Connections > 0, "the bot to connect to the gateway", timeout, ct);

    public Task WaitForIdentifiesAsync(int count, TimeSpan? timeout = null, CancellationToken ct = default) =>
        discord.WaitAsync(() => Identifies >= count && Connections > 0, $"log-in {count} at the gateway", timeout, ct);

    public Task WaitForResumesAsync(int count, TimeSpan? timeout = null, CancellationToken ct = default) =>
        discord.WaitAsync(() => Resumes >= count, $"resume {count} at the gateway", timeout, ct);

    public Task WaitForHeartbeatsAsync(int count, TimeSpan? timeout = null, CancellationToken ct = default) =>
        discord.WaitAsync(() => Heartbeats >= count, $"heartbeat {count} at the gateway", timeout, ct);

    public Task WaitForClientCloseAsync(int count = 1, TimeSpan? timeout = null, CancellationToken ct = default) =>
        discord.WaitAsync(() => ClientCloses.Count >= count, $"the bot to close {count} connections", timeout, ct);

    /// <summary>Sends an event, which is kept for sessions that are cut off. The bot's sessions hear any name and body.</summary>
    public void Dispatch(string name, JsonNode? body)
    {
        lock (discord.Sync)
        {
            foreach (var session in _sessions.Values)
                session.Dispatch(name, body?.DeepClone());
        }
    }

    /// <summary>Sends these bytes as they are: broken JSON, unknown opcodes.</summary>
    public void SendRaw(string text) => Each(connection => connection.Send(text));

    /// <summary>Asks for a heartbeat at once (op 1).</summary>
    public void RequestHeartbeat() => SendRaw("""{"op":1,"d":null,"s":null,"t":null}""");

    /// <summary>Asks the bot to come again (op 7).</summary>
    public void Reconnect() => SendRaw("""{"op":7,"d":null,"s":null,"t":null}""");

    /// <summary>Tells the bot that its session is worth nothing (op 9), or that it may resume it.</summary>
    public void Invalidate(bool resumable)
    {
        lock (discord.Sync)
        {
            foreach (var session in _sessions.Values.ToList())
            {
                session.Connection?.Send($$"""{"op":9,"d":{{(resumable ? "true" : "false")}},"s":null,"t":null}""");
                if (!resumable)
                    Drop(session);
            }
        }
    }

    /// <summary>Closes all connections with this code; 4004, 4007, 4009 and above end the sessions with them.</summary>
    public void CloseAll(int code, string reason = "")
    {
        lock (discord.Sync)
        {
            Each(connection => connection.Close(code, reason));
            if (code is 4004 or 4007 or 4009 or >= 4010)
                _sessions.Clear();
        }
    }

    /// <summary>Resets all connections; the sessions can be resumed.</summary>
    public void Abort() => Each(connection => connection.Abort());

    /// <summary>Forgets all sessions without a word, as after a long outage; with the connections, who tries to resume hears op 9.</summary>
    public void ForgetSessions()
    {
        lock (discord.Sync)
            _sessions.Clear();
    }

    public void StopAcking() => Acks = false;

    public void ResumeAcking() => Acks = true;

    /// <summary>New connections hear nothing, not even HELLO, until it is released.</summary>
    public void HoldHello() => _hello = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseHello() => _hello.TrySetResult();

    internal async Task AcceptAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            discord.NotPlayed($"{http.Request.Method} {http.Request.Path}");
            http.Response.StatusCode = 400;
            return;
        }

        if (http.Request.Query["v"] != "10" || http.Request.Query["encoding"] != "json" || http.Request.Query.ContainsKey("compress"))
            discord.Violate($"gateway: v=10&encoding=json is wanted, not {http.Request.QueryString}");
        UserAgent = http.Request.Headers.UserAgent;
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var connection = new GatewayConnection(discord, this, http, socket);
        lock (discord.Sync)
            _connections.Add(connection);
        discord.Changed();
        await connection.RunAsync(_hello.Task);
        lock (discord.Sync)
            _connections.Remove(connection);
        discord.Changed();
    }

    internal void Beat() => Heartbeats++;

    internal void ClosedByClient(int code) => _clientCloses.Enqueue(code);

    /// <summary>A log-in: null if it is refused with op 9.</summary>
    internal GatewaySession? Identify(GatewayConnection connection, long intents)
    {
        var now = discord.Time.GetUtcNow();
        if (now - _lastIdentify < IdentifyEvery)
            return null;
        (_lastIdentify, Intents) = (now, intents);
        Identifies++;
        SessionStartsLeft--;
        foreach (var left in _sessions.Values.Where(session => session.Connection is null).ToList())
            Drop(left);
        var session = new GatewaySession(Guid.NewGuid().ToString("N")) { Connection = connection };
        _sessions[session.Id] = session;
        session.Dispatch("READY", Ready(session));
        foreach (var guild in discord.BotsGuilds)
            session.Dispatch("GUILD_CREATE", guild.ToCreateJson());
        return session;
    }

    /// <summary>The session of that id, taken over by this connection.</summary>
    internal GatewaySession? Resume(GatewayConnection connection, string id, long sequence)
    {
        if (!_sessions.TryGetValue(id, out var session))
            return null;
        session.Connection?.Close(4000, "Resumed elsewhere.");
        session.Connection = connection;
        Resumes++;
        session.ReplayAfter(sequence);
        session.Dispatch("RESUMED", new JsonObject());
        return session;
    }

    internal long? SequenceOf(string id) => _sessions.GetValueOrDefault(id)?.Sequence;

    internal void Drop(GatewaySession session) => _sessions.Remove(session.Id);

    internal JsonObject ToJson() => new()
    {
        ["url"] = Url(Path),
        ["shards"] = 1,
        ["session_start_limit"] = new JsonObject { ["total"] = 1000, ["remaining"] = SessionStartsLeft, ["reset_after"] = 86_400_000, ["max_concurrency"] = 1 },
    };

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult();
        return opened;
    }

    private string Url(string path) => $"ws://{discord.ApiUrl.Authority}{path}";

    private JsonObject Ready(GatewaySession session) => new()
    {
        ["v"] = 10,
        ["user"] = discord.Bot.ToJson(),
        ["guilds"] = new JsonArray([.. discord.BotsGuilds.Select(guild => new JsonObject { ["id"] = guild.Id, ["unavailable"] = true })]),
        ["session_id"] = session.Id,
        ["resume_gateway_url"] = Url(ResumePath),
        ["application"] = new JsonObject { ["id"] = discord.ApplicationId, ["flags"] = 0 },
        ["session_type"] = "normal",
        ["private_channels"] = new JsonArray(),
        ["relationships"] = new JsonArray(),
        ["presences"] = new JsonArray(),
        ["guild_join_requests"] = new JsonArray(),
        ["geo_ordered_rtc_regions"] = new JsonArray(),
        ["user_settings"] = new JsonObject(),
    };

    private void Each(Action<GatewayConnection> act)
    {
        lock (discord.Sync)
            _connections.ToList().ForEach(act);
    }
}
