namespace Notifier.Feeds.Discovery;

/// <summary>A feed that a web page seems to have.</summary>
/// <param name="Title">As the page calls it; null when it does not.</param>
public sealed record FeedCandidate(Uri Url, string? Title);
