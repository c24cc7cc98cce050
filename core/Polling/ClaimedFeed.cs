using Notifier.Model;

namespace Notifier.Polling;

/// <summary>A feed as a poll needs it, claimed until <paramref name="ClaimEnds"/>: what is recorded later under an older <paramref name="Claim"/> is refused.</summary>
internal sealed record ClaimedFeed(
    long Id,
    Uri Url,
    string? Title,
    string? Cron,
    string? Zone,
    string? ETag,
    string? LastModified,
    long? BodyHash,
    DateTimeOffset? LastFullPoll,
    int FailuresInARow,
    FeedState State,
    long Claim,
    int Subscribers,
    DateTimeOffset ClaimEnds);
