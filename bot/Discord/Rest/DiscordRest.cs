using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Notifier.Chats;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Rest;

/// <summary>
/// Asks Discord's REST API, one attempt a request: whatever may be tried again, the outbox tries again. What its limits would refuse is not sent.
/// One for the whole process; safe to use concurrently.
/// </summary>
internal sealed partial class DiscordRest : IDisposable
{
    /// <summary>For one attempt, from the first look-up to the last byte of the answer.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private const int MaxAnswerBytes = 8 << 20;

    private readonly string _apiUrl;
    private readonly Func<string?> _token;
    private readonly RateLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<DiscordRest> _log;
    private readonly HttpClient _http;

    /// <param name="apiUrl">With the version, such as <c>https://discord.com/api/v10</c>.</param>
    /// <param name="token">Asked for each request, since it may be replaced while we run; null if there is none.</param>
    public DiscordRest(Uri apiUrl, Func<string?> token, RateLimits limits, TimeProvider time, ILogger<DiscordRest> log)
    {
        (_apiUrl, _token, _limits, _time, _log) = (apiUrl.AbsoluteUri.TrimEnd('/'), token, limits, time, log);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // Without a propagator nothing is traced either.
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 32,
        };
        // Our own limit covers the body, too.
        _http = new HttpClient(new TokenHandler(handler)) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", DiscordAgent.Name);
    }

    /// <summary>Sends the request once, or answers <see cref="DiscordAnswer.Wait"/> without sending it.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was on its way may have been done.</exception>
    public Task<DiscordAnswer> SendAsync(DiscordRequest request, CancellationToken cancellationToken) => SendAsync(request, SendPermit.Unlimited, cancellationToken);

    /// <summary>The same with a place that was taken before; one for another route is of no use here, and stays its owner's.</summary>
    public async Task<DiscordAnswer> SendAsync(DiscordRequest request, SendPermit reserved, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var token = request.IsByToken ? null : _token()?.Trim();
        if (!request.IsByToken && string.IsNullOrEmpty(token))
            return new DiscordAnswer.NotSent("There is no token for Discord.");
        var permit = reserved as RatePermit;
        if (permit?.IsFor(request) != true && !_limits.TryReserve(request, out permit, out var wait))
            return wait;

        using var limit = new CancellationTokenSource(TimeLimit, _time);
        using var cancelled = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        DiscordAnswer? answer = null;
        RateHeaders? headers = null;
        try
        {
            using var message = Message(request, token);
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            headers = RateHeaders.Read(status, response.Headers, null);
            var body = await BodyAsync(response, limit.Token);
            headers = RateHeaders.Read(status, response.Headers, body);
            answer = Judge(headers, body);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            answer = headers is { Status: >= 400 and < 500 and not 408 } ? Judge(headers, null) : DiscordFaults.Of(fault, limit.IsCancellationRequested, TimeLimit);
        }
        finally
        {
            if (headers is not null)
                permit!.Answered(headers);
            else if (answer is DiscordAnswer.NotSent)
                permit!.NotSent();
            else
                permit!.Lost();
        }

        if (answer is DiscordAnswer.Refused refused)
            answer = refused with { Message = Hide(Hide(refused.Message, token), request.Secret) };
        Log(request, answer);
        return answer;
    }

    /// <summary>The same for a question that others wait for: it takes its place before any message does, and waits for it, half a second at most.</summary>
    public async Task<DiscordAnswer> SendFirstAsync(DiscordRequest request, CancellationToken cancellationToken)
    {
        if (!_limits.TryReserveFirst(request, out var permit, out var wait))
            return wait;
        using (permit)
        {
            if (wait.Delay > TimeSpan.Zero)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.Delay.TotalMilliseconds)), _time, cancellationToken);
            return await SendAsync(request, permit, cancellationToken);
        }
    }

    /// <summary>Takes a place for a request that is yet to be made.</summary>
    public Admission Admit(DiscordRequest request) => _limits.Admit(request);

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Message(DiscordRequest request, string? token)
    {
        var message = new HttpRequestMessage(request.Method, _apiUrl + request.ShownPath);
        message.Options.Set(TokenHandler.Address, new Uri(_apiUrl + request.Path));
        if (token is not null)
            message.Options.Set(TokenHandler.Token, token);
        if (!request.Body.IsEmpty)
            message.Content = request.File is { } file ? WithFile(request.Body, file) : Content(request.Body, "application/json");
        return message;
    }

    /// <summary>Body and file in the form of https://docs.discord.com/developers/reference#uploading-files.</summary>
    private static MultipartFormDataContent WithFile(ReadOnlyMemory<byte> body, MessageFile file)
    {
        var (json, upload) = (Content(body, "application/json"), Content(file.Content, file.MediaType));
        json.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"payload_json\"" };
        upload.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"files[0]\"", FileName = $"\"{file.Name}\"" };
        return new MultipartFormDataContent { json, upload };
    }

    private static ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    /// <summary>The answer's JSON; undefined for an answer that has none to give (204); null if it is something else.</summary>
    private static async Task<JsonElement?> BodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.StatusCode == HttpStatusCode.NoContent)
            return default(JsonElement);
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, ct);
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(ct));
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What others say may quote what we sent.</summary>
    private static string Hide(string text, string? secret) => string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "***", StringComparison.Ordinal);

    private static DiscordAnswer Judge(RateHeaders headers, JsonElement? body) => headers.Status switch
    {
        >= 200 and < 300 when body is { } json => new DiscordAnswer.Ok(json),
        >= 200 and < 300 => new DiscordAnswer.Lost($"Discord answered {headers.Status} with something unreadable."),
        // Somebody between us and Discord: it has not come there.
        < 400 => new DiscordAnswer.NotSent($"Discord's address only redirects (HTTP {headers.Status}). Is Notifier:Discord:ApiUrl right?"),
        407 => new DiscordAnswer.NotSent("The proxy wants a password."),
        429 => new DiscordAnswer.Wait(headers.Delay!.Value, headers.Scope is RateScope.Token or RateScope.Address),
        >= 400 and < 500 and not 408 => DiscordFaults.Refusal(headers.Status, body) with { RetryAfter = headers.RetryAfter },
        _ => new DiscordAnswer.Lost($"Discord answered HTTP {headers.Status}.", IsAnswered: true),
    };

    private void Log(DiscordRequest request, DiscordAnswer answer)
    {
        switch (answer)
        {
            case DiscordAnswer.Ok:
                LogDone(request);
                break;
            case DiscordAnswer.Refused refused:
                LogRefused(request, refused.Status, refused.Code, refused.Message);
                break;
            case DiscordAnswer.Wait wait:
                LogTooEarly(request, wait.Delay, wait.IsGlobal);
                break;
            case DiscordAnswer.NotSent notSent:
                LogNotSent(request, notSent.Reason);
                break;
            case DiscordAnswer.Lost lost:
                LogLost(request, lost.Reason);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Request}: done")]
    private partial void LogDone(DiscordRequest request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Request}: Discord refuses it ({Status}, code {Code}): {Reason}")]
    private partial void LogRefused(DiscordRequest request, int status, int code, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Request}: Discord says that it comes too early, and asks to wait {Delay} (for everything: {IsGlobal})")]
    private partial void LogTooEarly(DiscordRequest request, TimeSpan delay, bool isGlobal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Request}: not sent. {Reason}")]
    private partial void LogNotSent(DiscordRequest request, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Request}: the answer is lost, it may have been done. {Reason}")]
    private partial void LogLost(DiscordRequest request, string reason);
}
