using System.Net;
using Notifier.Commands;
using Notifier.Texts;

namespace Notifier.Bot.Discord.Rest;

/// <summary>Fetches what people attach to commands: from Discord's own hosts alone, whatever the address says, and without a token.</summary>
internal sealed class DiscordFiles : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);
    private static readonly string[] Hosts = ["cdn.discordapp.com", "media.discordapp.net"];

    private readonly Catalogue _texts;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <summary>Set where Discord is played by somebody else, who keeps the files as well.</summary>
    private readonly Uri? _otherDiscord;

    public DiscordFiles(DiscordOptions options, Catalogue texts, TimeProvider time)
    {
        (_texts, _time) = (texts, time);
        _otherDiscord = options.ApiUrl == new DiscordOptions().ApiUrl ? null : new Uri(options.ApiUrl);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // The address is a key to the file.
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 32,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", DiscordAgent.Name);
    }

    public IncomingFile File(DiscordAttachment attachment) => new(attachment.Name, attachment.Size, (limit, ct) => FetchAsync(attachment, limit, ct));

    public void Dispose() => _http.Dispose();

    private async Task<FileResult> FetchAsync(DiscordAttachment attachment, int limit, CancellationToken ct)
    {
        if (!Uri.TryCreate(attachment.Url, UriKind.Absolute, out var url) || !IsDiscords(url))
            return new FileResult.Failed(_texts.Say("discord.file.foreign"));
        if (attachment.Size > limit)
            return new FileResult.TooLarge();
        using var timeUp = new CancellationTokenSource(TimeLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, ct);
        try
        {
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return new FileResult.Failed(_texts.Say("discord.file.status", ("status", (int)response.StatusCode)));
            await response.Content.LoadIntoBufferAsync(limit, either.Token);
            return new FileResult.Fetched(await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new FileResult.TooLarge();
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return new FileResult.Failed(_texts.Say("discord.file.lost"));
        }
    }

    private bool IsDiscords(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort && Hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase))
        || (_otherDiscord is not null && url.Scheme == _otherDiscord.Scheme && url.Authority == _otherDiscord.Authority);
}
