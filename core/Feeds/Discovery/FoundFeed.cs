using Notifier.Feeds.Fetching;

namespace Notifier.Feeds.Discovery;

/// <summary>A feed as it was found.</summary>
/// <param name="Url">Where it is to be polled.</param>
public sealed record FoundFeed(Uri Url, FetchResult.Fetched Fetched, ParsedFeed Document);
