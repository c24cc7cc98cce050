namespace Notifier.Model;

/// <summary>A document on the web that lists entries; polled once however many chats want it. Unique by (<see cref="Url"/>, <see cref="Credential"/>).</summary>
public sealed class Feed
{
    public long Id { get; set; }

    /// <summary>Canonical: absolute, punycode host, no fragment, no credentials.</summary>
    public required string Url { get; set; }

    /// <summary>The key of its row in FeedCredentials; empty for a public feed. A feed with credentials is fetched and shown only for the chat that gave them.</summary>
    public string Credential { get; set; } = "";

    public string? Title { get; set; }

    /// <summary>The web site that the feed belongs to.</summary>
    public string? Site { get; set; }

    /// <summary>The feed's picture, as the document names it.</summary>
    public string? Icon { get; set; }

    /// <summary>The operator wants the pages that new entries link to read, for the text that the feed leaves out.</summary>
    public bool FullText { get; set; }

    /// <summary>When to poll, with <see cref="Zone"/>; null for the setting <c>Notifier:Polling:Schedule</c>.</summary>
    public string? Cron { get; set; }

    public string? Zone { get; set; }

    /// <summary>Null when it is not to be polled: no subscription, paused, or gone. While a poll runs, the end of its claim; anything else there is a nudge, and stays.</summary>
    public DateTimeOffset? NextPoll { get; set; }

    /// <summary>While a poll runs: until when the feed is claimed. Null between polls.</summary>
    public DateTimeOffset? ClaimEnds { get; set; }

    /// <summary>Raised by each claim; the result of a poll under an older one is refused, whoever brings it.</summary>
    public long Claim { get; set; }

    /// <summary>xxhash64 of the host, 0–1023: all feeds of a host share a partition, so politeness to it lives in one place.</summary>
    public int Partition { get; set; }

    public string? ETag { get; set; }

    public string? LastModified { get; set; }

    /// <summary>XxHash64 of the last body, as signed bits.</summary>
    public long? BodyHash { get; set; }

    public DateTimeOffset? LastPoll { get; set; }

    /// <summary>The last poll that read the whole document; once a day one is made without validators.</summary>
    public DateTimeOffset? LastFullPoll { get; set; }

    public DateTimeOffset? LastSuccess { get; set; }

    public int FailuresInARow { get; set; }

    public DateTimeOffset? FirstFailure { get; set; }

    /// <summary>In plain words, for people.</summary>
    public string? LastError { get; set; }

    public FeedState State { get; set; }

    /// <summary>Paused by the operator, for everyone: not polled until it is resumed.</summary>
    public DateTimeOffset? PausedSince { get; set; }

    /// <summary>When its chats were told that it fails; null when they were not, or were told that it works again.</summary>
    public DateTimeOffset? FailureToldAt { get; set; }

    /// <summary>Where permanent redirects lead, and how often in a row; followed after three.</summary>
    public string? MovedTo { get; set; }

    public int MovedTimes { get; set; }

    /// <summary>WebSub, as the document announces it.</summary>
    public string? Hub { get; set; }

    public string? Topic { get; set; }

    /// <summary>How long the publisher says the document keeps, in minutes.</summary>
    public int? MinutesToLive { get; set; }

    /// <summary>The latest date that an entry had so far, future ones left out: what comes with an earlier one cannot have been published since.</summary>
    public DateTimeOffset? NewestEntry { get; set; }

    /// <summary>Hours of the day (UTC) in which the publisher asks not to be polled: bit 0 is midnight to one, bit 23 the last.</summary>
    public int SkipHours { get; set; }

    /// <summary>Days of the week (UTC) of the same kind: bit 0 is Sunday, bit 6 Saturday.</summary>
    public int SkipDays { get; set; }

    /// <summary>The operator lets it be read over connections that prove nothing: a bad certificate, or plain http after https.</summary>
    public bool AcceptsInsecure { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

public enum FeedState
{
    Active,

    /// <summary>Its last poll failed; it is tried again with growing pauses.</summary>
    Broken,

    /// <summary>The publisher took it away for good (410).</summary>
    Gone,
}
