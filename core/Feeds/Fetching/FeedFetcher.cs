using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Notifier.Texts;

namespace Notifier.Feeds.Fetching;

/// <summary>
/// Gets a feed's bytes from its address: conditionally, politely, within limits of time and size, and from public
/// networks only (<see cref="FetchOptions"/>). One for the whole process; safe to use concurrently.
/// </summary>
public sealed class FeedFetcher : IDisposable
{
    private const string Accepted =
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

    private const string AcceptedPages = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";

    private const int MaxPageBytes = 2 * 1024 * 1024;

    private const int MaxValidatorLength = 1024;

    private readonly FetchOptions _options;
    private readonly TimeProvider _time;
    private readonly PublicNetworkOnly _network;
    private readonly HttpMessageInvoker _http;
    private readonly HttpMessageInvoker _unchecked;
    private readonly HttpMessageInvoker _outside;

    public FeedFetcher(FetchOptions options, TimeProvider time)
        : this(options, time, resolve: null)
    {
    }

    /// <param name="resolve">Names to addresses; the system's resolver when null.</param>
    /// <param name="trust">Which authorities are known; the system's when null.</param>
    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "For feeds whose operator said so, and never with a login.")]
    internal FeedFetcher(
        FetchOptions options,
        TimeProvider time,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve,
        X509ChainPolicy? trust = null)
    {
        (_options, _time) = (options, time);
        _network = new PublicNetworkOnly(options, time, resolve);
        // Invoked without HttpClient: its time-out ends at the headers, and ours covers everything.
        _http = new HttpMessageInvoker(Handler(options, _network, new SslClientAuthenticationOptions { CertificateChainPolicy = trust }));
        // Apart, so that no connection that nobody vouched for is ever used by a feed that wants one.
        _unchecked = new HttpMessageInvoker(Handler(options, _network, new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true }));
        // For pages that are not on their feed's host, or whose feed may have come from the public network: no private network is open to them.
        _outside = new HttpMessageInvoker(Handler(options, new PublicNetworkOnly(new FetchOptions { ConnectTimeLimit = options.ConnectTimeLimit }, time, resolve), new SslClientAuthenticationOptions { CertificateChainPolicy = trust }));
    }

    /// <summary>Fetches once. Every fault of address, network and server comes back as a value.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!request.Url.IsAbsoluteUri || !FeedUrl.IsHttp(request.Url) || FeedUrl.Canonical(request.Url) is not { } url || url.AbsoluteUri.Length > FeedUrl.MaxLength)
            return new FetchResult.Failed(FetchFailure.BadAddress, FeedUrl.NotAnAddress);

        var (first, credentials, permanent) = (url, request.Credentials, true);
        // One limit from the name look-up to the last byte, redirects included.
        using var limit = new CancellationTokenSource(_options.TimeLimit, _time);
        using var cancelled = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            for (var hop = 0; hop <= Redirect.MaxHops; hop++)
            {
                if (!_network.Allows(url))
                    return FetchFaults.NotPublic(hop == 0 ? null : first.IdnHost);

                using var message = Message(url, request, credentials);
                using var response = await Way(url, request, credentials).SendAsync(message, limit.Token);
                var status = (int)response.StatusCode;
                if (!Redirect.Is(status))
                    return await AnswerAsync(status, response, request, url, hop > 0 && permanent && !request.AcceptsInsecure ? url : null, limit.Token);

                var next = Redirect.Next(url, Header(response.Headers, "Location"), request.AcceptsInsecure);
                permanent &= Redirect.IsPermanent(status);
                if (!Redirect.SameOrigin(url, next))
                    credentials = null;
                url = next;
            }

            return new FetchResult.Failed(FetchFailure.TooManyRedirects, Phrase.Of("fetch.redirect.many", ("host", first.IdnHost), ("times", Redirect.MaxHops)));
        }
        catch (Exception fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return limit.IsCancellationRequested
                ? FetchFaults.TimedOut(url.IdnHost, _options.TimeLimit)
                : FetchFaults.Of(fault, url.IdnHost, url == first ? null : first.IdnHost);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _unchecked.Dispose();
        _outside.Dispose();
    }

    internal static SocketsHttpHandler Handler(FetchOptions options, PublicNetworkOnly network, SslClientAuthenticationOptions tls) => new()
    {
        ConnectCallback = network.ConnectAsync,
        ConnectTimeout = options.ConnectTimeLimit,
        // A proxy would connect for us, past the callback.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = options.ConnectionsPerHost,
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A host is asked again in minutes, and there may be a hundred thousand of them.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        // An ETag with Latin-1 letters goes back as it came.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        SslOptions = tls,
    };

    private HttpMessageInvoker Way(Uri url, FetchRequest request, FeedCredentials? credentials)
    {
        if (request.PageOf is { } host && (!string.Equals(url.IdnHost, host, StringComparison.OrdinalIgnoreCase) || _network.WasPublic(host)))
            return _outside;
        return request.AcceptsInsecure && credentials is null ? _unchecked : _http;
    }

    private static HttpRequestMessage Message(Uri url, FetchRequest request, FeedCredentials? credentials)
    {
        // HTTP/2 where TLS offers it: one connection for all feeds of a host. Not over QUIC, where the connect callback would not be asked.
        var message = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        var headers = message.Headers;
        headers.TryAddWithoutValidation("User-Agent", UserAgent.For(request.Subscribers));
        headers.TryAddWithoutValidation("Accept", request.PageOf is null ? Accepted : AcceptedPages);
        headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br, deflate");
        if (request.ETag is { } tag)
            headers.TryAddWithoutValidation("If-None-Match", tag);
        if (request.LastModified is { } modified)
            headers.TryAddWithoutValidation("If-Modified-Since", modified);
        if (credentials?.ToBasic() is { } basic)
            headers.TryAddWithoutValidation("Authorization", basic);
        foreach (var (name, value) in credentials?.Headers ?? FrozenDictionary<string, string>.Empty)
            headers.TryAddWithoutValidation(name, value);
        return message;
    }

    private async ValueTask<FetchResult> AnswerAsync(int status, HttpResponseMessage response, FetchRequest request, Uri url, Uri? movedTo, CancellationToken cancellationToken)
    {
        switch (status)
        {
            case 304 when request.ETag is null && request.LastModified is null:
                return new FetchResult.Failed(FetchFailure.Broken, Phrase.Of("fetch.unasked", ("host", url.IdnHost)));
            case 304:
                return new FetchResult.NotModified(Validator(response.Headers, "ETag"), Validator(response.Content.Headers, "Last-Modified"), movedTo, MaxAge(response));
            case 410:
                return new FetchResult.Gone();
            // 206 would be a part that we did not ask for.
            case >= 200 and < 300 and not 206:
                return await BodyAsync(response, request, url, movedTo, cancellationToken);
            default:
                var wait = RetryAfter.Read(Header(response.Headers, "Retry-After"), _time.GetUtcNow());
                return status == 429 || (status == 503 && wait is not null) ? new FetchResult.Throttled(status, wait) : FetchFaults.Status(status, url.IdnHost, wait);
        }
    }

    private async ValueTask<FetchResult> BodyAsync(HttpResponseMessage response, FetchRequest request, Uri url, Uri? movedTo, CancellationToken cancellationToken)
    {
        using var reader = new BodyReader(request.PageOf is null ? _options.MaxBodyBytes : Math.Min(MaxPageBytes, _options.MaxBodyBytes), url.IdnHost);
        await reader.ReadAsync(response.Content, cancellationToken);
        var (etag, modified, maxAge) = (Validator(response.Headers, "ETag"), Validator(response.Content.Headers, "Last-Modified"), MaxAge(response));
        var hash = XxHash64.HashToUInt64(reader.Body);
        return hash == request.BodyHash
            ? new FetchResult.NotModified(etag, modified, movedTo, maxAge)
            : new FetchResult.Fetched(reader.Body.ToArray(), hash, url, Header(response.Content.Headers, "Content-Type"), etag, modified, movedTo, maxAge)
            {
                Base = BaseOf(response, url),
                MayBeCut = reader.MayBeCut && response.Headers.TransferEncodingChunked is not true && response.Version.Major < 2,
            };
    }

    /// <summary>Servers behind others name themselves by addresses that only they can reach; those are no base for anyone else.</summary>
    private static Uri BaseOf(HttpResponseMessage response, Uri url) =>
        Uri.TryCreate(url, Header(response.Content.Headers, "Content-Location"), out var location) && FeedUrl.IsHttp(location) && (!location.IsLoopback || url.IsLoopback) ? location : url;

    private static string? Header(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>A validator is stored with the feed, so one of unreasonable length is none.</summary>
    private static string? Validator(HttpHeaders headers, string name) =>
        Header(headers, name) is { Length: > 0 and <= MaxValidatorLength } value ? value : null;

    private static TimeSpan? MaxAge(HttpResponseMessage response) =>
        response.Headers.NonValidated.Contains("Cache-Control") && response.Headers.CacheControl is { NoCache: false, NoStore: false } cache ? cache.MaxAge : null;
}
