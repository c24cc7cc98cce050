using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Notifier.Tests.Support;

/// <summary>A loopback server that answers exactly the bytes a test wants, however wrong they are, and counts who came.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<RawExchange, Task> _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<RawExchange, Task> answer, string address = "127.0.0.1", int port = 0)
    {
        _answer = answer;
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers every request with the same bytes.</summary>
    public RawServer(string answer, string address = "127.0.0.1", int port = 0)
        : this(exchange => exchange.SendAsync(answer), address, port)
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The requests' heads, in the order they came.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Url(string host, string path = "/") => new($"http://{host}:{Port}{path}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _serving.Add(ServeAsync(client));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = connection.GetStream();
            while (await HeadAsync(stream) is { } head)
            {
                Requests.Enqueue(head);
                var exchange = new RawExchange(head, connection, _stop.Token);
                await _answer(exchange);
                if (exchange.Closes)
                    return;
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, as many of these tests want.
        }
    }

    private async Task<string?> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Append((char)one[0]);
            if (head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n')
                return head.ToString();
        }

        return null;
    }
}

/// <summary>One request to a <see cref="RawServer"/>, and the way to answer it.</summary>
internal sealed class RawExchange(string head, TcpClient connection, CancellationToken stop)
{
    public string Head => head;

    public string Path => head.Split(' ')[1];

    public CancellationToken Stop => stop;

    /// <summary>Whether the connection ends after this answer.</summary>
    public bool Closes { get; set; }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => connection.GetStream().WriteAsync(bytes, stop).AsTask();

    public async Task SendAsync(string headers, byte[] body)
    {
        await SendAsync($"HTTP/1.1 200 OK\r\n{headers}Content-Length: {body.Length}\r\n\r\n");
        await SendAsync(body);
    }

    public Task RedirectAsync(int status, string location) =>
        SendAsync($"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");

    /// <summary>Ends the connection with RST instead of FIN.</summary>
    public void Reset()
    {
        connection.LingerState = new LingerOption(enable: true, 0);
        Closes = true;
    }

    /// <summary>Says nothing more until the test ends.</summary>
    public Task StaySilentAsync() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
}
