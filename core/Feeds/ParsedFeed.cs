using System.Text.Json.Serialization;

namespace Notifier.Feeds;

/// <summary>
/// A feed's document as plain records: what the publisher wrote, made uniform over RSS, RDF, Atom and JSON Feed.
/// What the document does not say is null or empty; nothing is invented here.
/// </summary>
public sealed record ParsedFeed
{
    public required FeedFamily Family { get; init; }

    /// <summary>The format's version in short: <c>rss20</c>, <c>rss091</c>, <c>rss10</c>, <c>atom10</c>, <c>atom03</c>, <c>json11</c>; empty when unknown.</summary>
    public string Version { get; init; } = "";

    /// <summary>Plain text, white space collapsed.</summary>
    public string? Title { get; init; }

    /// <summary>The web site that the feed belongs to, absolute.</summary>
    public string? Link { get; init; }

    /// <summary>HTML or plain text, as the publisher wrote it.</summary>
    public string? Description { get; init; }

    /// <summary>A BCP 47 tag as written.</summary>
    public string? Language { get; init; }

    /// <summary>The feed's picture, absolute.</summary>
    public string? Image { get; init; }

    /// <summary>The WebSub hub and the topic (<c>rel="self"</c>) that the document names (W3C WebSub §4).</summary>
    public string? Hub { get; init; }

    public string? Self { get; init; }

    /// <summary>How long the publisher says the document keeps (RSS <c>ttl</c>, <c>sy:updatePeriod</c>).</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Hours of the day (0–23, UTC) and days in which the publisher asks not to be polled.</summary>
    public IReadOnlyList<int> SkipHours { get; init; } = [];

    public IReadOnlyList<DayOfWeek> SkipDays { get; init; } = [];

    /// <summary>In document order.</summary>
    public IReadOnlyList<ParsedEntry> Entries { get; init; } = [];

    /// <summary>The document breaks off inside its last entry: what is said of that one is not all, and more may have followed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCut { get; init; }

    /// <summary>By date where every entry has one, else in document order, which is newest first by custom.</summary>
    public IReadOnlyList<ParsedEntry> NewestFirst() =>
        Entries.All(e => e.Date is not null) ? [.. Entries.OrderByDescending(e => e.Date)] : Entries;
}

public enum FeedFamily
{
    Rss,
    Rdf,
    Atom,
    Json,
}

/// <summary>One entry as its document lists it.</summary>
public sealed record ParsedEntry
{
    /// <summary>The publisher's identity for the entry, exactly as written (white space trimmed); never resolved or decoded as a URL.</summary>
    public string? Id { get; init; }

    /// <summary>Absolute where the document or its address allows it.</summary>
    public string? Link { get; init; }

    /// <summary>Plain text, white space collapsed.</summary>
    public string? Title { get; init; }

    /// <summary>UTC; null when missing or not a date (the year 0001 of Hugo is no date).</summary>
    public DateTimeOffset? Published { get; init; }

    public DateTimeOffset? Updated { get; init; }

    /// <summary>When it was published, or for want of that when it was changed.</summary>
    public DateTimeOffset? Date => Published ?? Updated;

    /// <summary>The author's name; an e-mail address only where there is no name.</summary>
    public string? Author { get; init; }

    /// <summary>HTML.</summary>
    public string? Summary { get; init; }

    /// <summary>HTML.</summary>
    public string? Content { get; init; }

    /// <summary>What relative URLs inside <see cref="Summary"/> and <see cref="Content"/> are resolved against.</summary>
    public string? Base { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<Enclosure> Enclosures { get; init; } = [];

    /// <summary>media:content and media:thumbnail.</summary>
    public IReadOnlyList<Enclosure> Media { get; init; } = [];

    /// <summary>The page where people discuss the entry, absolute.</summary>
    public string? Comments { get; init; }
}

/// <summary>A file that belongs to an entry. <paramref name="Length"/> in bytes, where stated.</summary>
public sealed record Enclosure(string Url, string? Type = null, long? Length = null);
