using Notifier.Model;
using Notifier.Polling.Identity;

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
    DateTimeOffset ClaimEnds)
{
    /// <summary>See <see cref="Feed.Credential"/>.</summary>
    public string Credential { get; init; } = "";

    public DateTimeOffset? FirstFailure { get; init; }

    /// <summary>See <see cref="Feed.FailureToldAt"/>.</summary>
    public DateTimeOffset? FailureToldAt { get; init; }

    /// <summary>Where permanent redirects led last, and how often in a row.</summary>
    public string? MovedTo { get; init; }

    public int MovedTimes { get; init; }

    public LastLook Last { get; init; } = new(null, null);

    /// <summary>What its document said last of how seldom to poll it.</summary>
    public PollHints Hints { get; init; } = PollHints.None;

    /// <summary>Its last poll took long (<see cref="SlowFeeds"/>).</summary>
    public bool IsSlow { get; init; }

    /// <summary>A subscription wants messages deleted when their publisher withdraws the entry (<see cref="Withdrawals"/>).</summary>
    public bool DeletesWithdrawn { get; init; }

    /// <summary>See <see cref="Feed.AcceptsInsecure"/>.</summary>
    public bool AcceptsInsecure { get; init; }

    /// <summary>See <see cref="Feed.FullText"/>.</summary>
    public bool FullText { get; init; }
}
