using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notifier.Tests.Discord;

/// <summary>A gateway whose side the test plays itself, one connection after the other.</summary>
internal sealed class ScriptedGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Peer> _peers = Channel.CreateUnbounded<Peer>();

    private ScriptedGateway(WebApplication app)
    {
        _app = app;
        app.UseWebSockets();
        app.Run(async context =>
        {
            if (Refusals-- > 0)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var peer = new Peer(socket, context);
            _peers.Writer.TryWrite(peer);
            await peer.Over.WaitAsync(context.RequestAborted).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        });
    }

    /// <summary>So many connections more are turned away.</summary>
    public int Refusals { get; set; }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("http", "ws", StringComparison.Ordinal);

    public static async Task<ScriptedGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var gateway = new ScriptedGateway(builder.Build());
        gateway._app.Urls.Add("http://127.0.0.1:0");
        await gateway._app.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    /// <summary>The next connection.</summary>
    public async Task<Peer> NextAsync()
    {
        using var limit = Peer.Limit();
        return await _peers.Reader.ReadAsync(limit.Token);
    }

    public bool HasNext => _peers.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>One connection, seen from Discord's side.</summary>
    internal sealed class Peer(WebSocket socket, HttpContext context)
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Over => _over.Task;

        public string UserAgent => context.Request.Headers.UserAgent.ToString();

        public string Address => context.Request.Path + context.Request.QueryString;

        public static CancellationTokenSource Limit()
        {
            var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            return limit;
        }

        public Task SendAsync(object message) => SendTextAsync(JsonSerializer.Serialize(message));

        public Task SendTextAsync(string text) => SendBytesAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

        public async Task SendBytesAsync(byte[] bytes, WebSocketMessageType type)
        {
            using var limit = Limit();
            await socket.SendAsync(bytes, type, endOfMessage: true, limit.Token);
        }

        public Task HelloAsync(int interval = 40_000) => SendAsync(new { op = 10, d = new { heartbeat_interval = interval } });

        public Task AcknowledgeAsync() => SendAsync(new { op = 11 });

        public Task DispatchAsync(long sequence, string name, object? body = null) => SendAsync(new { op = 0, s = sequence, t = name, d = body ?? new { } });

        /// <summary>What the client says next; a heartbeat too.</summary>
        public async Task<JsonElement> HearAsync(int operation)
        {
            using var limit = Limit();
            var buffer = new byte[8192];
            var result = await socket.ReceiveAsync(buffer, limit.Token);
            Assert.Equal(WebSocketMessageType.Text, result.MessageType);
            var message = JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, result.Count));
            Assert.Equal(operation, message.GetProperty("op").GetInt32());
            return message.GetProperty("d");
        }

        /// <summary>Waits until the client closes, and answers that. Returns its code.</summary>
        public async Task<int> HearCloseAsync()
        {
            using var limit = Limit();
            var buffer = new byte[8192];
            while ((await socket.ReceiveAsync(buffer, limit.Token)).MessageType != WebSocketMessageType.Close)
                continue;
            var code = (int)socket.CloseStatus!;
            await CloseAsync(code);
            return code;
        }

        public async Task CloseAsync(int code)
        {
            using var limit = Limit();
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, statusDescription: null, limit.Token);
            _over.TrySetResult();
        }

        /// <summary>Ends the connection without a word.</summary>
        public void Abort()
        {
            context.Abort();
            _over.TrySetResult();
        }
    }
}
