using System.Net.Http.Headers;
using System.Text.Json;
using Notifier.Commands;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests.Abstractions;

namespace Notifier.Bot.Telegram;

/// <summary>
/// The one way to Telegram's Bot API: Telegram.Bot with its own retries off, its exceptions turned into values, and the token put into the
/// address by the innermost handler alone, so that no log, trace or exception ever has it.
/// </summary>
internal sealed class TelegramClient : IDisposable
{
    /// <summary>Longer than the longest poll (50 s); an infinite one would make Telegram.Bot poll in a busy loop.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(65);

    /// <summary>A longer wait, in seconds, is a mistake: ten years.</summary>
    private const long LongestWait = 315_360_000;

    private readonly HttpClient _http;
    private readonly TelegramBotClient _bot;
    private readonly string _apiUrl;
    private readonly TimeProvider _time;

    public TelegramClient(TelegramOptions options, Func<string?> token, TimeProvider time)
    {
        (_time, _apiUrl) = (time, options.ApiUrl.TrimEnd('/'));
        _http = new HttpClient(new TokenHandler(token)) { Timeout = LongestRequest };
        _bot = new TelegramBotClient(new TelegramBotClientOptions(TokenHandler.Placeholder, _apiUrl) { RetryThreshold = 0, RetryCount = 0 }, _http);
    }

    /// <param name="limit">How long it may take; then the answer counts as lost.</param>
    /// <exception cref="OperationCanceledException">By <paramref name="ct"/> alone.</exception>
    public async Task<TelegramAnswer<T>> CallAsync<T>(IRequest<T> request, TimeSpan limit, CancellationToken ct)
    {
        using var timeUp = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, ct);
        try
        {
            return new TelegramAnswer<T>.Ok(await _bot.SendRequest(request, either.Token));
        }
        catch (ApiRequestException refused) when (refused.ErrorCode < 500)
        {
            var wait = refused.Parameters?.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            return new TelegramAnswer<T>.Refused(refused.ErrorCode, refused.Message, wait, refused.Parameters?.MigrateToChatId);
        }
        catch (RequestException fault)
        {
            ct.ThrowIfCancellationRequested();
            return Connected(fault) || timeUp.IsCancellationRequested ? new TelegramAnswer<T>.Lost(fault.Message) : new TelegramAnswer<T>.NotSent(fault.InnerException!.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new TelegramAnswer<T>.Lost($"Telegram gave no answer within {limit.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>The same for a body that is JSON already. The answer is taken as it comes: the library reads none of it if it cannot read one part.</summary>
    public async Task<TelegramAnswer<JsonElement>> CallAsync(string method, ReadOnlyMemory<byte> body, TimeSpan limit, CancellationToken ct)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await CallAsync(method, content, limit, ct);
    }

    /// <summary>The same for a form with a file in it.</summary>
    public async Task<TelegramAnswer<JsonElement>> CallAsync(string method, HttpContent content, TimeSpan limit, CancellationToken ct)
    {
        using var timeUp = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, ct);
        try
        {
            using var response = await _http.PostAsync($"{_apiUrl}/bot{TokenHandler.Placeholder}/{method}", content, either.Token);
            return Read((int)response.StatusCode, Wait(response.Headers.RetryAfter), await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return timeUp.IsCancellationRequested ? new TelegramAnswer<JsonElement>.Lost($"Telegram gave no answer within {limit.TotalSeconds:0} seconds.")
                : IsUnsent(fault) ? new TelegramAnswer<JsonElement>.NotSent(fault.Message)
                : new TelegramAnswer<JsonElement>.Lost(fault.Message);
        }
    }

    /// <summary>The bytes of a file of which Telegram told the path; so many at most.</summary>
    public async Task<TelegramAnswer<FileResult>> DownloadAsync(string path, int maxBytes, TimeSpan limit, CancellationToken ct)
    {
        var steps = path.Split('/');
        if (Array.Exists(steps, step => step is "" or "." or ".."))
            return new TelegramAnswer<FileResult>.Lost("Telegram told a path that is none.");
        using var timeUp = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, ct);
        try
        {
            var address = $"{_apiUrl}/file/bot{TokenHandler.Placeholder}/{string.Join('/', steps.Select(Uri.EscapeDataString))}";
            using var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
                return new TelegramAnswer<FileResult>.Refused((int)response.StatusCode, $"HTTP {(int)response.StatusCode}", RetryAfter: null, MigratedTo: null);
            await response.Content.LoadIntoBufferAsync(maxBytes, either.Token);
            return new TelegramAnswer<FileResult>.Ok(new FileResult.Fetched(await response.Content.ReadAsByteArrayAsync(either.Token)));
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new TelegramAnswer<FileResult>.Ok(new FileResult.TooLarge());
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return new TelegramAnswer<FileResult>.Lost(fault.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private TimeSpan? Wait(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);

    private static TelegramAnswer<JsonElement> Read(int status, TimeSpan? wait, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var answer = json.RootElement;
            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("ok", out var ok))
                return Foreign(status, wait);
            if (ok.ValueKind == JsonValueKind.True && status < 300 && answer.TryGetProperty("result", out var result))
                return new TelegramAnswer<JsonElement>.Ok(result.Clone());
            var code = answer.TryGetProperty("error_code", out var number) && number.TryGetInt32(out var given) ? given : status;
            if (code is < 400 or >= 500)
                return new TelegramAnswer<JsonElement>.Lost($"Telegram answered {code}.", IsAnswered: code >= 500);
            var parameters = answer.TryGetProperty("parameters", out var some) && some.ValueKind == JsonValueKind.Object ? some : default;
            if (Number(parameters, "retry_after") is { } seconds && !(wait?.TotalSeconds > seconds))
                wait = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestWait));
            return new TelegramAnswer<JsonElement>.Refused(
                code,
                answer.TryGetProperty("description", out var description) ? description.GetString() ?? "" : "",
                wait,
                Number(parameters, "migrate_to_chat_id"));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Foreign(status, wait);
        }
    }

    /// <summary>What is not of Telegram's form is said by somebody on the way: with a 4xx the request went no further.</summary>
    private static TelegramAnswer<JsonElement> Foreign(int status, TimeSpan? wait) => status switch
    {
        413 or 429 => new TelegramAnswer<JsonElement>.Refused(status, $"HTTP {status}, and not in Telegram's form.", wait, MigratedTo: null),
        >= 400 and < 500 and not 408 => new TelegramAnswer<JsonElement>.NotSent($"HTTP {status}, and not in Telegram's form."),
        _ => new TelegramAnswer<JsonElement>.Lost($"Telegram answered HTTP {status} with something else than its own form.", IsAnswered: status >= 500),
    };

    private static long? Number(JsonElement parameters, string name) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Whether anything can have reached Telegram.</summary>
    private static bool Connected(RequestException fault) => fault.InnerException is not { } inner || !IsUnsent(inner);

    private static bool IsUnsent(Exception fault) => fault is
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }

        // The handler's own limit for connecting, which ends before ours.
        or OperationCanceledException { InnerException: TimeoutException };
}
