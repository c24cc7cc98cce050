using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Fakes;

/// <summary>A fake Telegram with the barest of bots before it: a test calls methods and reads the answers as they come.</summary>
internal sealed class BotUnderTest : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private BotUnderTest(FakeTelegram fake) => Fake = fake;

    public FakeTelegram Fake { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<BotUnderTest> StartAsync(TimeProvider? clock = null) => new(await FakeTelegram.StartAsync(clock: clock, ct: Token));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Fake.DisposeAsync();
    }

    /// <summary>The whole answer, good or bad.</summary>
    public async Task<JsonNode> AnswerAsync(string method, object? parameters = null, string? token = null)
    {
        using var answer = await PostAsync(method, parameters, token);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
    }

    public Task<HttpResponseMessage> PostAsync(string method, object? parameters = null, string? token = null) =>
        _http.PostAsJsonAsync(new Uri(Fake.Url, $"/bot{token ?? Fake.Token}/{method}"), parameters ?? new { }, Token);

    public Task<HttpResponseMessage> PostAsync(string method, HttpContent body) => _http.PostAsync(new Uri(Fake.Url, $"/bot{Fake.Token}/{method}"), body, Token);

    public Task<HttpResponseMessage> GetAsync(string pathAndQuery) => _http.GetAsync(new Uri(Fake.Url, pathAndQuery), Token);

    /// <summary>The result of a call that must go well.</summary>
    public async Task<JsonNode> DoAsync(string method, object? parameters = null)
    {
        var answer = await AnswerAsync(method, parameters);
        Assert.True(answer["ok"]!.GetValue<bool>(), answer.ToJsonString());
        return answer["result"]!;
    }

    /// <summary>Telegram's words to a call that must be refused, with the code before them.</summary>
    public async Task<string> RefusalAsync(string method, object? parameters = null)
    {
        var answer = await AnswerAsync(method, parameters);
        Assert.False(answer["ok"]!.GetValue<bool>(), answer.ToJsonString());
        return $"{answer["error_code"]} {answer["description"]}";
    }

    public async Task<JsonArray> UpdatesAsync(long offset = 0, int timeout = 0, int limit = 100, string[]? allowed = null) =>
        (await DoAsync("getUpdates", allowed is null ? new { offset, timeout, limit } : new { offset, timeout, limit, allowed_updates = allowed })).AsArray();

    /// <summary>Neither did the test ask for what the fake does not play, nor did anybody break the contract.</summary>
    public void AssertClean()
    {
        Assert.Empty(Fake.Unexpected);
        Assert.Empty(Fake.Violations);
    }
}
