namespace Notifier.Model;

/// <summary>A chat's standing wish for a feed's entries: filter, schedule, style. Unique by (chat, feed).</summary>
public sealed class Subscription
{
    public long Id { get; set; }

    public long ChatId { get; set; }

    public long FeedId { get; set; }

    /// <summary>The short number by which the chat names it; the smallest free one when it was made.</summary>
    public int Number { get; set; }

    /// <summary>Which entries it wants, as typed; null for all.</summary>
    public string? Filter { get; set; }

    /// <summary>When to deliver, in the chat's zone; null for at once.</summary>
    public string? Cron { get; set; }

    public string? Style { get; set; }

    public string? Template { get; set; }

    /// <summary>A message is deleted when its publisher withdraws the entry soon after it was told.</summary>
    public bool DeletesWithdrawn { get; set; }

    /// <summary>Entries first seen before are not for it.</summary>
    public DateTimeOffset Since { get; set; }

    public DateTimeOffset? PausedSince { get; set; }

    /// <summary>Ended, and swept a day later: until then Undo loses nothing.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The platform's id of the person who subscribed; told when the chat can no longer be reached.</summary>
    public string? By { get; set; }
}
