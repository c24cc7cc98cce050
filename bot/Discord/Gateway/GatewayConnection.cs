using System.Text.Json;
using System.Threading.Channels;

namespace Notifier.Bot.Discord.Gateway;

/// <summary>One connection to the gateway, from HELLO to its end: it begins or resumes a session, keeps the heart beating and hands on what happens.</summary>
internal sealed partial class GatewayConnection(
    GatewaySocket socket,
    GatewaySession session,
    string token,
    Func<CancellationToken, Task> spendIdentify,
    ChannelWriter<GatewayEvent> events,
    Action ready,
    Random random,
    TimeProvider time,
    ILogger log)
{
    private const int LeaveResumable = 4000, LeaveForGood = 1000;

    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    /// <summary>A heartbeat is on its way and not answered yet.</summary>
    private volatile bool _unanswered;

    /// <summary>Nothing is read, answers neither, since the queue of events is full.</summary>
    private volatile bool _full;

    private volatile bool _isReady;

    /// <summary>HELLO came.</summary>
    public bool WasGreeted { get; private set; }

    /// <summary>Runs until the connection ends. What the network and Discord do wrong is a value.</summary>
    /// <exception cref="OperationCanceledException">We stop, and said goodbye.</exception>
    public async Task<GatewayEnd> RunAsync(CancellationToken ct)
    {
        using var over = new CancellationTokenSource();
        Task<GatewayEnd> reading = Task.FromResult<GatewayEnd>(new GatewayEnd.Unreachable("")), beating = reading;
        try
        {
            if (await HelloAsync(ct) is not { } interval)
                return socket.CloseCode is { } code ? GatewayEnd.Of(code) : new GatewayEnd.Unreachable("Discord's gateway does not say hello.");

            WasGreeted = true;
            beating = BeatAsync(interval, over.Token);
            if (!session.CanResume)
                await spendIdentify(ct);
            await socket.SendAsync(session.CanResume ? GatewayPayload.Resume(token, session) : GatewayPayload.Identify(token), GatewaySocket.MaxSends, ct);
            reading = ReadAsync(over.Token);
            var end = await (await Task.WhenAny(reading, beating).WaitAsync(ct));
            await socket.CloseAsync(LeaveResumable, reading);
            return end;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await socket.CloseAsync(LeaveForGood, reading);
            throw;
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(reading, beating);
        }
    }

    /// <summary>Every how much the gateway wants a heartbeat; null if its first word is not HELLO.</summary>
    private async Task<TimeSpan?> HelloAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(HelloLimit, time);
        using var stopped = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        var message = await socket.ReceiveAsync(limit.Token);
        ct.ThrowIfCancellationRequested();
        using var document = Parse(message);
        var hello = document?.RootElement ?? default;
        return hello.Number("op") == 10 && hello.Member("d").Number("heartbeat_interval") is > 0 and <= 3_600_000 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    private async Task<GatewayEnd> BeatAsync(TimeSpan interval, CancellationToken over)
    {
        try
        {
            // Not all of a service's bots at the same moment.
            var pause = interval * random.NextDouble();
            var asked = time.GetTimestamp();
            while (true)
            {
                await Task.Delay(pause, time, over);
                if (_unanswered && !_full)
                    return new GatewayEnd.Resume("Discord's gateway does not answer the heartbeat any more.");
                if (!_isReady && !session.CanResume && time.GetElapsedTime(asked) >= ReadyLimit)
                    return new GatewayEnd.Resume("Discord's gateway does not begin a session.");
                _unanswered = true;
                while (await HeartbeatAsync(GatewaySocket.MaxSends, over) is var wait && wait > TimeSpan.Zero)
                    await Task.Delay(wait, time, over);
                pause = interval;
            }
        }
        catch (OperationCanceledException)
        {
            return new GatewayEnd.Resume("");
        }
    }

    private Task<TimeSpan> HeartbeatAsync(int most, CancellationToken over) => socket.SendAsync(GatewayPayload.Heartbeat(session.Sequence), most, over);

    private async Task<GatewayEnd> ReadAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                var message = await socket.ReceiveAsync(over);
                if (socket.IsTooLarge)
                    return new GatewayEnd.Resume($"Discord's gateway sent a message of more than {GatewaySocket.MaxMessageBytes >> 20} MiB.");
                if (message.IsEmpty)
                    return GatewayEnd.Of(socket.CloseCode);
                using var document = Parse(message);
                if (document is null || document.RootElement.Number("op") is not { } operation)
                {
                    LogUnreadable(message.Length);
                    // Whatever it was, a resume brings it once more.
                    return new GatewayEnd.Resume("Discord's gateway sent something unreadable.");
                }

                if (await TakeAsync(operation, document.RootElement, over) is { } end)
                    return end;
            }
        }
        catch (OperationCanceledException)
        {
            return new GatewayEnd.Resume("");
        }
    }

    /// <summary>One message; null while the connection goes on.</summary>
    private async Task<GatewayEnd?> TakeAsync(long operation, JsonElement message, CancellationToken over)
    {
        switch (operation)
        {
            case 0:
                await DispatchAsync(message, over);
                return null;
            case 1:
                await HeartbeatAsync(GatewaySocket.MaxAnswers, over);
                return null;
            case 7:
                return new GatewayEnd.Resume("Discord asks to connect anew.");
            case 9 when message.Member("d").ValueKind == JsonValueKind.True:
                return new GatewayEnd.Resume("Discord asks to resume once more.");
            case 9:
                return new GatewayEnd.NewSession("Discord does not know the session any more.");
            case 11:
                _unanswered = false;
                return null;
            case 10:
                return null;
            default:
                LogUnknown(operation);
                return null;
        }
    }

    private async Task DispatchAsync(JsonElement message, CancellationToken over)
    {
        var (name, body) = (message.Text("t"), message.Member("d"));
        if (name == "READY")
            session.Begin(body.Text("session_id"), body.Text("resume_gateway_url"));
        if (name is "READY" or "RESUMED")
        {
            _isReady = true;
            ready();
        }

        if (name is not null)
            await HandOnAsync(new GatewayEvent(name, body.ValueKind == JsonValueKind.Undefined ? body : body.Clone()), over);
        // Only now: what was not handed on is told again after a resume.
        if (message.Number("s") is { } sequence)
            session.Sequence = sequence;
    }

    /// <summary>Waits for room. Meanwhile the heart goes on beating, and that nobody reads the answers is not held against the gateway.</summary>
    private async Task HandOnAsync(GatewayEvent happened, CancellationToken over)
    {
        if (events.TryWrite(happened))
            return;
        LogFull();
        _full = true;
        await events.WriteAsync(happened, over);
        _unanswered = false;
        _full = false;
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty)
            return null;
        try
        {
            return JsonDocument.Parse(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Discord's gateway sent {Bytes} bytes that are not what was agreed")]
    private partial void LogUnreadable(int bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Discord's gateway sent an operation {Operation} that we do not know")]
    private partial void LogUnknown(long operation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "More comes from Discord than is worked off; reading from it pauses until there is room")]
    private partial void LogFull();
}
