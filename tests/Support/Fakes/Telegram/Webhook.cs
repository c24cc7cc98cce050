using System.Text;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>The address to which updates are sent instead of being polled, one after the other, each again until it is taken with a status 2xx.</summary>
internal sealed class Webhook(FakeTelegram world) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;
    private (DateTimeOffset At, string Message)? _lastError;

    public string? Url { get; private set; }

    public string Secret { get; private set; } = "";

    /// <summary>How long it waits before it sends an update again.</summary>
    public TimeSpan Again { get; set; } = TimeSpan.FromMilliseconds(200);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
    }

    /// <summary>Sets or, without a URL, removes it. Telegram wants https and few ports; loopback may be anything here.</summary>
    internal void Set(ApiCall call)
    {
        var url = call.Text("url");
        if (call.Flag("drop_pending_updates"))
            world.Updates.Clear();
        if (url.Length == 0)
        {
            Url = null;
            return;
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback))
            throw Refusal.Bad("bad webhook: An HTTPS URL must be provided for webhook");
        if (!uri.IsLoopback && uri.Port is not (443 or 80 or 88 or 8443))
            throw Refusal.Bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
        var secret = call.Text("secret_token");
        if (secret.Length > 256 || secret.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')))
            throw Refusal.Bad("secret token contains unallowed characters");
        world.Updates.Allow(call.Json("allowed_updates", "allowed updates"));
        world.Updates.EndPoll("terminated by setWebhook request");
        Secret = secret;
        Url = url;
        if (_sending.IsCompleted)
            _sending = Task.Run(() => SendAllAsync(_stop.Token), CancellationToken.None);
        world.Changed.Ring();
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["url"] = Url ?? "", ["has_custom_certificate"] = false, ["pending_update_count"] = world.Updates.Pending.Count };
        if (_lastError is var (at, message))
        {
            json["last_error_date"] = at.ToUnixTimeSeconds();
            json["last_error_message"] = message;
        }

        if (Url is not null)
        {
            json["max_connections"] = 40;
            json["ip_address"] = "127.0.0.1";
        }

        if (world.Updates.Allowed is { Count: > 0 } allowed)
            json["allowed_updates"] = new JsonArray([.. allowed.Select(kind => (JsonNode)kind)]);
        return json;
    }

    private async Task SendAllAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var next = world.Changed.Next;

            // In this order: what came after it was removed is not sent to it.
            if (world.Updates.First() is not { } update || Url is not { } url)
                await next.WaitAsync(ct);
            else if (await SendAsync(url, update.Json, ct))
                world.Updates.Delivered(update);
            else
                await Task.Delay(Again, world.Clock, ct);
        }
    }

    private async Task<bool> SendAsync(string url, string json, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (Secret.Length > 0)
            request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", Secret);
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            if (answer.IsSuccessStatusCode)
            {
                if ((await answer.Content.ReadAsStringAsync(ct)).Contains("\"method\"", StringComparison.Ordinal))
                    world.Unexpected.Enqueue("a method in the answer to a webhook, which the fake does not play");
                return true;
            }

            _lastError = (world.Clock.GetUtcNow(), $"Wrong response from the webhook: {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }
        catch (HttpRequestException e)
        {
            _lastError = (world.Clock.GetUtcNow(), e.Message);
        }

        return false;
    }
}
