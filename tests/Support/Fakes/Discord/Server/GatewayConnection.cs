using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>One WebSocket of a bot: what it may send, in which order, how much and how often, and what it hears.</summary>
internal sealed class GatewayConnection(FakeDiscord discord, DiscordGateway gateway, HttpContext http, WebSocket socket)
{
    private const int MaxPayload = 4096;
    private const int MaxPayloads = 120;

    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private readonly Channel<Frame> _out = Channel.CreateUnbounded<Frame>();
    private readonly Queue<DateTimeOffset> _received = new();
    private GatewaySession? _session;
    private bool _isRefused;

    /// <summary>Sends a text after all that was sent before.</summary>
    public void Send(string text) => _out.Writer.TryWrite(new Frame(text, null, ""));

    /// <summary>Closes after all that was sent before.</summary>
    public void Close(int code, string reason) => _out.Writer.TryWrite(new Frame(null, code, reason));

    /// <summary>Resets the connection at once.</summary>
    public void Abort() => http.Abort();

    /// <summary>Talks until one side ends it.</summary>
    public async Task RunAsync(Task hello)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var sending = SendAllAsync(hello, over.Token);
        try
        {
            await ReceiveAllAsync(over.Token);
            _out.Writer.TryComplete();
            if (hello.IsCompleted)
                await sending;
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The connection is gone, as many tests want; the session may be resumed.
        }
        finally
        {
            lock (discord.Sync)
            {
                if (_session?.Connection == this)
                    _session.Connection = null;
            }

            await over.CancelAsync();
            await sending;
        }
    }

    private async Task SendAllAsync(Task hello, CancellationToken ct)
    {
        try
        {
            await hello.WaitAsync(ct);
            await SendAsync($$"""{"op":10,"d":{"heartbeat_interval":{{(int)gateway.HeartbeatInterval.TotalMilliseconds}},"_trace":["[\"fake\"]"]},"s":null,"t":null}""", ct);
            await foreach (var frame in _out.Reader.ReadAllAsync(ct))
            {
                if (frame.Text is { } text)
                    await SendAsync(text, ct);
                else if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync((WebSocketCloseStatus)frame.Code!, frame.Reason, ct);
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // As above.
        }
    }

    private Task SendAsync(string text, CancellationToken ct) =>
        socket.State is WebSocketState.Open ? socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, ct) : Task.CompletedTask;

    private async Task ReceiveAllAsync(CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                Ended();
                return;
            }

            length += part.Count;
            if (length > MaxPayload)
            {
                Refuse(4002, "Decode error.", $"a payload of more than {MaxPayload} bytes");
                length = 0;
            }

            if (!part.EndOfMessage)
                continue;
            lock (discord.Sync)
            {
                if (!_isRefused)
                    Handle(buffer.AsSpan(0, length));
            }

            discord.Changed();
            length = 0;
        }
    }

    /// <summary>The bot closed: with 1000 or 1001 its session ends, with any other code it may come back.</summary>
    private void Ended()
    {
        var code = (int)(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure);
        lock (discord.Sync)
        {
            gateway.ClosedByClient(code);
            if (code is 1000 or 1001 && _session is not null)
                gateway.Drop(_session);
        }

        if (socket.State == WebSocketState.CloseReceived)
            Close(code, "");
        discord.Changed();
    }

    private void Handle(ReadOnlySpan<byte> payload)
    {
        var now = discord.Time.GetUtcNow();
        _received.Enqueue(now);
        while (_received.Peek() < now - Minute)
            _received.Dequeue();
        if (_received.Count > MaxPayloads)
        {
            Refuse(4008, "You are being rate limited.", $"more than {MaxPayloads} payloads in 60 s");
            return;
        }

        JsonElement json;
        try
        {
            json = JsonSerializer.Deserialize<JsonElement>(payload);
        }
        catch (JsonException)
        {
            Refuse(4002, "Decode error.", "no JSON");
            return;
        }

        var op = Number(json, "op") ?? -1;
        var data = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("d", out var d) ? d : default;
        switch (op)
        {
            case 1:
                gateway.Beat();
                if (gateway.Acks)
                    Send("""{"op":11,"d":null,"s":null,"t":null}""");
                break;
            case 2:
                Identify(data);
                break;
            case 6:
                Resume(data);
                break;
            case 3 or 4 or 8 or 31 when _session is null:
                Refuse(4003, "Not authenticated.", $"op {op} before IDENTIFY");
                break;
            case 3:
                break;
            case 4 or 8 or 31:
                discord.NotPlayed($"gateway op {op}");
                break;
            default:
                Refuse(4001, "Unknown opcode.", $"op {op}");
                break;
        }
    }

    private void Identify(JsonElement data)
    {
        if (_session is not null)
            Refuse(4005, "Already authenticated.", "a second IDENTIFY");
        else if (Text(data, "token") is not { } token || !data.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
            Refuse(4002, "Decode error.", "IDENTIFY without token and properties");
        else if (Number(data, "intents") is not { } intents)
            Refuse(4013, "Invalid intent(s).", "IDENTIFY without intents");
        else if (token != discord.Token || gateway.SessionStartsLeft <= 0)
            Close(4004, "Authentication failed.");
        else if ((_session = gateway.Identify(this, intents)) is null)
            SendInvalid();
    }

    private void Resume(JsonElement data)
    {
        if (http.Request.Path != DiscordGateway.ResumePath)
            discord.Violate("gateway: RESUME does not come to resume_gateway_url");
        if (_session is not null)
            Refuse(4005, "Already authenticated.", "RESUME after IDENTIFY");
        else if (Text(data, "token") is not { } token || Text(data, "session_id") is not { } id || Number(data, "seq") is not { } sequence)
            Refuse(4002, "Decode error.", "RESUME without token, session_id and seq");
        else if (token != discord.Token)
            Close(4004, "Authentication failed.");
        else if (sequence > gateway.SequenceOf(id))
            Refuse(4007, "Invalid seq.", $"RESUME after event {sequence}, which never was");
        else if ((_session = gateway.Resume(this, id, sequence)) is null)
            SendInvalid();
    }

    private void SendInvalid() => Send("""{"op":9,"d":false,"s":null,"t":null}""");

    /// <summary>Closes for something that no bot should do, and hears nothing more.</summary>
    private void Refuse(int code, string reason, string what)
    {
        if (_isRefused)
            return;
        _isRefused = true;
        discord.Violate($"gateway: {what} ({code})");
        Close(code, reason);
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private sealed record Frame(string? Text, int? Code, string Reason);
}
