using Notifier.Texts;

namespace Notifier.Feeds.Fetching;

/// <summary>What to fetch, and what is already known of it.</summary>
/// <param name="ETag">The validators of the last answer, sent back as they came; null for an unconditional request.</param>
/// <param name="BodyHash">XxHash64 of the last decoded body: an equal body counts as not modified.</param>
/// <param name="Subscribers">Told to the publisher in the User-Agent, where known.</param>
/// <param name="Credentials">Sent to the origin of <paramref name="Url"/> alone, never to where it redirects.</param>
/// <param name="AcceptsInsecure">Certificates are not checked, and https may lead to plain http; but what carries credentials is checked all the same.</param>
public sealed record FetchRequest(
    Uri Url,
    string? ETag = null,
    string? LastModified = null,
    ulong? BodyHash = null,
    int Subscribers = 0,
    FeedCredentials? Credentials = null,
    bool AcceptsInsecure = false)
{
    /// <summary>Set for a page that an entry links to, to the host that its feed's document came from: it is asked for as a page, and no more of it is taken than a page needs.</summary>
    /// <remarks>A private network that the settings open is open for feeds: of it, such a page may be on that host alone, and only if its name never led into the public network: or any feed could have told what stands there.</remarks>
    public string? PageOf { get; init; }
}

/// <summary>How a fetch ended. The network's faults are values here, never exceptions.</summary>
public abstract record FetchResult
{
    private FetchResult()
    {
    }

    /// <summary>A new body, decompressed.</summary>
    /// <param name="Url">Where it was found in the end, after redirects.</param>
    /// <param name="ContentType">The header's value as sent, with its charset.</param>
    /// <param name="MovedTo">Set when every redirect on the way was permanent (301, 308), and nobody else can have said so.</param>
    /// <param name="MaxAge">From Cache-Control, where stated.</param>
    public sealed record Fetched(
        ReadOnlyMemory<byte> Body,
        ulong BodyHash,
        Uri Url,
        string? ContentType,
        string? ETag,
        string? LastModified,
        Uri? MovedTo,
        TimeSpan? MaxAge) : FetchResult
    {
        /// <summary>Nothing said where the body ends, it simply ended, and what it holds does not look complete: the connection may have been cut.</summary>
        public bool MayBeCut { get; init; }

        /// <summary>What relative addresses in it are resolved against: Content-Location where the server names one (RFC 3986 § 5.1.2), else <see cref="Url"/>.</summary>
        public Uri Base { get; init; } = Url;
    }

    /// <summary>304, or a body equal to the last one. New validators replace the old ones where given.</summary>
    public sealed record NotModified(string? ETag, string? LastModified, Uri? MovedTo, TimeSpan? MaxAge) : FetchResult;

    /// <summary>410: the publisher took it away for good.</summary>
    public sealed record Gone : FetchResult;

    /// <summary>429, or 503 with Retry-After: the host asks for patience. <paramref name="RetryAfter"/> is between 0 and 24 h.</summary>
    public sealed record Throttled(int Status, TimeSpan? RetryAfter) : FetchResult;

    /// <summary>Anything else. <paramref name="Reason"/> is for a person: what, where and, if there is one, the cure.</summary>
    /// <param name="RetryAfter">When the answer says so: between 0 and 24 h, and for this address alone.</param>
    public sealed record Failed(FetchFailure Kind, Phrase Reason, TimeSpan? RetryAfter = null) : FetchResult;
}

/// <summary>Why a fetch failed, for code; <see cref="FetchResult.Failed.Reason"/> is for people.</summary>
public enum FetchFailure
{
    /// <summary>The address is not http(s), too long, or not a URL.</summary>
    BadAddress,

    /// <summary>The address, or one it redirects to, is not public.</summary>
    NotPublic,
    NameNotFound,
    Refused,
    Tls,

    /// <summary>It redirects from https to plain http.</summary>
    Downgraded,
    TimedOut,
    TooLarge,
    TooManyRedirects,

    /// <summary>A status of 400 or above, other than 410 and the throttling ones.</summary>
    Status,

    /// <summary>The connection broke, or the body could not be decompressed.</summary>
    Broken,
}
