using Notifier.Bot.Secrets;
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

    private readonly HttpClient _http;
    private readonly TelegramBotClient _bot;
    private readonly TimeProvider _time;

    public TelegramClient(TelegramOptions options, Func<string?> token, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new TokenHandler(token)) { Timeout = LongestRequest };
        _bot = new TelegramBotClient(new TelegramBotClientOptions(TokenHandler.Placeholder, options.ApiUrl.TrimEnd('/')) { RetryThreshold = 0, RetryCount = 0 }, _http);
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

    public void Dispose() => _http.Dispose();

    /// <summary>Whether anything can have reached Telegram.</summary>
    private static bool Connected(RequestException fault) => fault.InnerException is not (
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }

        // The handler's own limit for connecting, which ends before ours.
        or OperationCanceledException { InnerException: TimeoutException });
}
