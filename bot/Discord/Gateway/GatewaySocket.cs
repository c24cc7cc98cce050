using System.Buffers;
using System.Net.WebSockets;

namespace Notifier.Bot.Discord.Gateway;

/// <summary>
/// The WebSocket to the gateway: whole messages in and out, within Discord's limits (120 messages in 60 s, 4096 bytes each). One reads; any number send.
/// Whatever breaks it ends the reading.
/// </summary>
internal sealed class GatewaySocket(ClientWebSocket socket, TimeProvider time) : IDisposable
{
    /// <summary>Discord's own limit is not published; READY of a bot in thousands of servers has a few megabytes.</summary>
    public const int MaxMessageBytes = 16 << 20;

    /// <summary>Of 120 in a minute: what the gateway asks for must leave room for our own heartbeats.</summary>
    public const int MaxSends = 115, MaxAnswers = 60;

    private const int MaxSendBytes = 4096;
    private const int UsualBytes = 1 << 20;

    private static readonly TimeSpan SendWindow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly Queue<long> _sends = new();
    private ArrayBufferWriter<byte> _message = new();

    /// <summary>The code with which the gateway closed; null while it is open, or if it broke without one.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>A message was longer than we take.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>The next message, valid until the next call. Empty memory means that it is over; then <see cref="CloseCode"/> says how.</summary>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken ct)
    {
        if (_message.Capacity > UsualBytes)
            _message = new ArrayBufferWriter<byte>();
        _message.ResetWrittenCount();
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(_message.GetMemory(4096), ct);
                if (result.MessageType == WebSocketMessageType.Close)
                    return Over((int?)socket.CloseStatus);
                _message.Advance(result.Count);
                if (_message.WrittenCount > MaxMessageBytes)
                {
                    IsTooLarge = true;
                    return default;
                }

                if (result.EndOfMessage && _message.WrittenCount > 0)
                    return _message.WrittenMemory;
            }
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            return Over((int?)socket.CloseStatus);
        }
    }

    /// <summary>Sends one message, or does not if that would be more than <paramref name="most"/> in a minute.</summary>
    /// <returns>How long to wait before there is room; zero if it was sent, or if the connection is over.</returns>
    public async Task<TimeSpan> SendAsync(byte[] message, int most, CancellationToken ct)
    {
        if (message.Length > MaxSendBytes)
            throw new ArgumentException($"Discord takes {MaxSendBytes} bytes and not {message.Length}. Is the token a token?", nameof(message));
        await _sending.WaitAsync(ct);
        try
        {
            while (_sends.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= SendWindow)
                _sends.Dequeue();
            if (_sends.Count >= most)
                return SendWindow - time.GetElapsedTime(_sends.Peek());
            _sends.Enqueue(time.GetTimestamp());
            // A peer that is gone without a word lets a send hang, and the heartbeats with it.
            using var limit = new CancellationTokenSource(SendLimit, time);
            using var stopped = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            // The reader sees it, too, and ends.
            socket.Abort();
        }
        finally
        {
            _sending.Release();
        }

        return TimeSpan.Zero;
    }

    /// <summary>
    /// Says goodbye with a code, if there is still somebody, and waits a little for the answer: a socket that is closed with something unread in it takes
    /// its last words back. 1000 and 1001 end the session, others leave it to be resumed.
    /// </summary>
    /// <param name="reading">Whoever reads now; completes when the connection is over.</param>
    public async Task CloseAsync(int code, Task reading)
    {
        using var limit = new CancellationTokenSource(CloseLimit, time);
        try
        {
            await _sending.WaitAsync(limit.Token);
            try
            {
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync((WebSocketCloseStatus)code, statusDescription: null, limit.Token);
            }
            finally
            {
                _sending.Release();
            }

            await reading.WaitAsync(limit.Token);
            while (!(await ReceiveAsync(limit.Token)).IsEmpty)
                continue;
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            // Nobody is there any more.
            socket.Abort();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
    }

    private static bool IsBroken(Exception fault) => fault is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;

    private ReadOnlyMemory<byte> Over(int? code)
    {
        CloseCode = code;
        return default;
    }
}
