using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Notifier.Texts;

namespace Notifier.Feeds.Fetching;

/// <summary>What went wrong with a fetch, as a value with words for people.</summary>
internal static class FetchFaults
{
    public static FetchResult.Failed TimedOut(string host, TimeSpan limit) =>
        new(FetchFailure.TimedOut, Phrase.Of("fetch.late", ("host", host), ("seconds", limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture))));

    public static FetchResult.Failed NotPublic(string? redirectedFrom) =>
        new(FetchFailure.NotPublic, redirectedFrom is null ? PublicNetworkOnly.Reason : Phrase.Of("fetch.redirect.notpublic", ("host", redirectedFrom)));

    public static FetchResult.Failed Status(int status, string host, TimeSpan? retryAfter)
    {
        using var standard = new HttpResponseMessage((HttpStatusCode)status);
        var phrase = standard.ReasonPhrase is { Length: > 0 } text ? $"{status} {text}" : $"{status}";
        return new(FetchFailure.Status, Phrase.Of("fetch.status", ("host", host), ("status", phrase), ("meaning", Phrase.Of(Meaning(status)))), retryAfter);
    }

    /// <param name="redirectedFrom">The host of the feed's own address when the fault arose after a redirect.</param>
    public static FetchResult.Failed Of(Exception fault, string host, string? redirectedFrom)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case FetchFaultException { Kind: FetchFailure.NotPublic }:
                    return NotPublic(redirectedFrom);
                case FetchFaultException own:
                    return new(own.Kind, own.Reason);
                case AuthenticationException:
                    return new(FetchFailure.Tls, Phrase.Of(Certificate(inner.Message), ("host", host)));
                case InvalidDataException:
                    return new(FetchFailure.Broken, Phrase.Of("fetch.packed", ("host", host)));
                case TimeoutException:
                    return new(FetchFailure.TimedOut, Phrase.Of("fetch.intime", ("host", host)));
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return new(FetchFailure.Broken, Phrase.Of("fetch.broke", ("host", host)));
            }
        }

        return fault switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(FetchFailure.Tls, Phrase.Of("fetch.tls", ("host", host))),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(FetchFailure.TooLarge, Phrase.Of("fetch.headers", ("host", host))),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => new(FetchFailure.Broken, Phrase.Of("fetch.garbled", ("host", host))),
            HttpRequestException or IOException => new(FetchFailure.Broken, Phrase.Of("fetch.cut", ("host", host))),
            _ => new(FetchFailure.Broken, Phrase.Of("fetch.unreadable", ("host", host))),
        };
    }

    // The runtime names the fault of a certificate in its message only.
    private static string Certificate(string message)
    {
        if (message.Contains("NameMismatch", StringComparison.Ordinal))
            return "fetch.certificate.name";
        if (message.Contains("NotTimeValid", StringComparison.Ordinal))
            return "fetch.certificate.time";
        if (message.Contains("UntrustedRoot", StringComparison.Ordinal) || message.Contains("PartialChain", StringComparison.Ordinal))
            return "fetch.certificate.authority";
        return "fetch.tls";
    }

    private static string Meaning(int status) => status switch
    {
        401 or 407 => "fetch.means.login",
        402 => "fetch.means.pay",
        403 => "fetch.means.forbidden",
        404 => "fetch.means.nothing",
        406 => "fetch.means.nofeed",
        451 => "fetch.means.legal",
        >= 500 => "fetch.means.itsside",
        _ => "fetch.means.other",
    };
}
