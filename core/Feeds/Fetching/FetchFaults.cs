using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Notifier.Feeds.Fetching;

/// <summary>What went wrong with a fetch, as a value with a sentence for people.</summary>
internal static class FetchFaults
{
    public static FetchResult.Failed TimedOut(string host, TimeSpan limit) =>
        new(FetchFailure.TimedOut, string.Create(CultureInfo.InvariantCulture, $"{host} did not answer within {limit.TotalSeconds:0.#} seconds."));

    public static FetchResult.Failed NotPublic(string? redirectedFrom) =>
        new(FetchFailure.NotPublic, redirectedFrom is null ? PublicNetworkOnly.Reason : $"{redirectedFrom} redirects to an address that is not public, so I do not follow it.");

    public static FetchResult.Failed Status(int status, string host, TimeSpan? retryAfter)
    {
        using var standard = new HttpResponseMessage((HttpStatusCode)status);
        var phrase = standard.ReasonPhrase is { Length: > 0 } text ? $"{status} {text}" : $"{status}";
        return new(FetchFailure.Status, $"{host} answered {phrase}: {Meaning(status)}", retryAfter);
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
                    return new(own.Kind, own.Message);
                case AuthenticationException:
                    return new(FetchFailure.Tls, Certificate(inner.Message, host));
                case InvalidDataException:
                    return new(FetchFailure.Broken, $"{host} sent a packed answer that is damaged or cut off.");
                case TimeoutException:
                    return new(FetchFailure.TimedOut, $"{host} did not answer in time.");
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return new(FetchFailure.Broken, $"{host} broke off the connection.");
            }
        }

        return fault switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(FetchFailure.Tls, $"No secure connection to {host} could be made."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(FetchFailure.TooLarge, $"{host} sends more headers than any feed needs."),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => new(FetchFailure.Broken, $"{host} answered with something that is not HTTP."),
            HttpRequestException or IOException => new(FetchFailure.Broken, $"{host} broke off before its answer was complete."),
            _ => new(FetchFailure.Broken, $"The answer of {host} could not be read."),
        };
    }

    // The runtime names the fault of a certificate in its message only.
    private static string Certificate(string message, string host)
    {
        if (message.Contains("NameMismatch", StringComparison.Ordinal))
            return $"The certificate of {host} belongs to another name.";
        if (message.Contains("NotTimeValid", StringComparison.Ordinal))
            return $"The certificate of {host} has expired or is not valid yet.";
        if (message.Contains("UntrustedRoot", StringComparison.Ordinal) || message.Contains("PartialChain", StringComparison.Ordinal))
            return $"The certificate of {host} comes from an authority that is not known here.";
        return $"No secure connection to {host} could be made.";
    }

    private static string Meaning(int status) => status switch
    {
        401 or 407 => "it wants a user name and password.",
        402 => "it wants to be paid first.",
        403 => "it does not let me in.",
        404 => "nothing is at that address.",
        406 => "it does not offer a feed at that address.",
        451 => "it may not be shown here for legal reasons.",
        >= 500 => "the trouble is on its side.",
        _ => "there is no feed in that answer.",
    };
}
