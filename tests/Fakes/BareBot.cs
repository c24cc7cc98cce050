using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.Fakes;

/// <summary>A bot as thin as can be: it sends what a test says, rightly or wrongly, and shows what comes back.</summary>
internal sealed class BareBot : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly FakeDiscord _discord;
    private ClientWebSocket _socket = new();

    public BareBot(FakeDiscord discord, string? token = null)
    {
        _discord = discord;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bot", token ?? discord.Token);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("DiscordBot (http://a.test, 1.0)");
    }

    public HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    /// <summary>The last event's number, as a bot remembers it.</summary>
    public long Sequence { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<BotAnswer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_discord.ApiUrl + path));
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        using var answer = await _http.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        var isJson = text.Length > 0 && answer.Content.Headers.ContentType?.MediaType == "application/json";
        return new BotAnswer((int)answer.StatusCode, isJson ? JsonSerializer.Deserialize<JsonElement>(text) : null, answer.Headers.ToDictionary(h => h.Key, h => h.Value.First()));
    }

    public Task<BotAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<BotAnswer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<BotAnswer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    /// <summary>Sends a text that pings nobody.</summary>
    public Task<BotAnswer> SayAsync(FakeChannel channel, string text, string? nonce = null) =>
        PostAsync($"/channels/{channel.Id}/messages", nonce is null
            ? new { content = text, allowed_mentions = Quiet }
            : new { content = text, allowed_mentions = Quiet, nonce, enforce_nonce = true });

    public static object Quiet { get; } = new { parse = Array.Empty<string>() };

    public Task<BotAnswer> RegisterAsync(params object[] commands) => SendAsync(HttpMethod.Put, $"/applications/{_discord.ApplicationId}/commands", commands);

    /// <summary>Connects anew, and reads HELLO.</summary>
    public async Task<JsonElement> ConnectAsync(string? url = null)
    {
        _socket.Dispose();
        _socket = new ClientWebSocket();
        url ??= (await GetAsync("/gateway/bot")).Json!.Value.GetProperty("url").GetString();
        await _socket.ConnectAsync(new Uri($"{url}?v=10&encoding=json"), Ct);
        return await ReadAsync();
    }

    /// <summary>Logs in; gives READY.</summary>
    public async Task<JsonElement> LogInAsync()
    {
        await ConnectAsync();
        await IdentifyAsync();
        return await ReadEventAsync("READY");
    }

    public Task IdentifyAsync(string? token = null) =>
        TellAsync(new { op = 2, d = new { token = token ?? _discord.Token, intents = 1, properties = new { os = "linux", browser = "test", device = "test" } } });

    public Task TellAsync(object payload) => TellAsync(JsonSerializer.Serialize(payload));

    public Task TellAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Ct);

    /// <summary>The next payload; fails if the connection is closed instead.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        using var text = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, Ct);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new WebSocketException($"Closed with {(int)_socket.CloseStatus!}.");
            await text.WriteAsync(buffer.AsMemory(0, part.Count), Ct);
            if (part.EndOfMessage)
                break;
        }

        var json = JsonSerializer.Deserialize<JsonElement>(text.ToArray());
        if (json.TryGetProperty("s", out var s) && s.ValueKind == JsonValueKind.Number)
            Sequence = s.GetInt64();
        return json;
    }

    /// <summary>Reads until that event comes; gives its body.</summary>
    public async Task<JsonElement> ReadEventAsync(string name)
    {
        while (true)
        {
            var json = await ReadAsync();
            if (json.TryGetProperty("t", out var t) && t.ValueEquals(name))
                return json.GetProperty("d");
        }
    }

    /// <summary>Reads until Discord closes; gives the code.</summary>
    public async Task<int> ReadCloseAsync()
    {
        var buffer = new byte[65536];
        while ((await _socket.ReceiveAsync(buffer, Ct)).MessageType != WebSocketMessageType.Close)
        {
        }

        return (int)_socket.CloseStatus!;
    }

    public Task CloseAsync(int code) => _socket.CloseAsync((WebSocketCloseStatus)code, "", Ct);

    public void Dispose()
    {
        _socket.Dispose();
        _http.Dispose();
    }
}

/// <summary>What a request of a <see cref="BareBot"/> got.</summary>
internal sealed record BotAnswer(int Status, JsonElement? Json, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Discord's error code; null if it went well.</summary>
    public int? Code => Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("code", out var code) ? code.GetInt32() : null;

    public string Text(string name) => Json!.Value.GetProperty(name).GetString()!;
}
