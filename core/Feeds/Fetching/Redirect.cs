using Notifier.Texts;

namespace Notifier.Feeds.Fetching;

/// <summary>Where a redirect leads. Ours, because the built-in ones follow gopher: as HTTP and carry headers to other hosts.</summary>
internal static class Redirect
{
    public const int MaxHops = 5;

    public static bool Is(int status) => status is 301 or 302 or 303 or 307 or 308;

    public static bool IsPermanent(int status) => status is 301 or 308;

    /// <exception cref="FetchFaultException">It leads nowhere, out of the web, or from https back to http where that is not accepted.</exception>
    public static Uri Next(Uri from, string? location, bool acceptsInsecure)
    {
        var host = from.IdnHost;
        if (string.IsNullOrWhiteSpace(location))
            throw new FetchFaultException(FetchFailure.Broken, Phrase.Of("fetch.redirect.nowhere", ("host", host)));
        if (location.Length > FeedUrl.MaxLength || !Uri.TryCreate(from, location.Trim(), out var to))
            throw new FetchFaultException(FetchFailure.BadAddress, Phrase.Of("fetch.redirect.noaddress", ("host", host)));
        if (!FeedUrl.IsHttp(to))
            throw new FetchFaultException(FetchFailure.BadAddress, Phrase.Of("fetch.redirect.nothttp", ("host", host)));
        if (!acceptsInsecure && from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp)
            throw new FetchFaultException(FetchFailure.Downgraded, Phrase.Of("fetch.redirect.insecure", ("host", host)));
        return FeedUrl.Canonical(to) is { } next && next.AbsoluteUri.Length <= FeedUrl.MaxLength
            ? next
            : throw new FetchFaultException(FetchFailure.BadAddress, Phrase.Of("fetch.redirect.noaddress", ("host", host)));
    }

    /// <summary>RFC 6454 §4: scheme, host and port.</summary>
    public static bool SameOrigin(Uri one, Uri other) =>
        one.Port == other.Port && one.Scheme == other.Scheme && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
