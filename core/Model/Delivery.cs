namespace Notifier.Model;

/// <summary>One entry, or one notice, owed to one chat: a row of the outbox. Unique by (chat, key). Ended ones are kept 30 days.</summary>
public sealed class Delivery
{
    public long Id { get; set; }

    public long ChatId { get; set; }

    /// <summary>With the chat, the lane in which order holds; 0 for notices that concern no feed.</summary>
    public long FeedId { get; set; }

    public long? SubscriptionId { get; set; }

    public long? EntryId { get; set; }

    /// <summary><c>e:ENTRY</c>, or the kind and occasion of a notice: what makes a second one the same.</summary>
    public required string Key { get; set; }

    /// <summary>A notice's text, paragraphs separated by a line break; null for an entry.</summary>
    public string? Notice { get; set; }

    /// <summary>What a notice's readers can do next: JSON list of label, command line and the token of its offered action; null for nothing.</summary>
    public string? NoticeActions { get; set; }

    public DeliveryState State { get; set; }

    /// <summary>Null while nothing lets it go: paused, or held.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The composed message that carries it, from <see cref="DeliveryState.Sending"/> on.</summary>
    public long? SendingId { get; set; }

    public int Attempts { get; set; }

    /// <summary>How far its form fell back after refusals: 0 as styled, 1 plain, 2 title and link.</summary>
    public int Fallback { get; set; }

    /// <summary>Why it is where it is, for people.</summary>
    public string? Reason { get; set; }

    /// <summary>Somebody asked for just this entry and waits for it: it goes although the chat has heard its story.</summary>
    public bool AskedFor { get; set; }

    /// <summary>The delivery whose message told this one's story.</summary>
    public long? FoldedInto { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Set in the states sent, folded, cancelled and quarantined, and for a lost answer that is not tried again.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Where a delivery stands; ARCHITECTURE.md draws the transitions.</summary>
public enum DeliveryState
{
    /// <summary>Owed, not composed.</summary>
    Waiting,

    /// <summary>Kept back by the flood guard until somebody decides.</summary>
    Held,

    /// <summary>Composed and on its way; after a crash, ambiguous.</summary>
    Sending,

    /// <summary>The platform confirmed it.</summary>
    Sent,

    /// <summary>The answer was lost.</summary>
    Unknown,

    /// <summary>Its story was told by another delivery.</summary>
    Folded,

    /// <summary>Nobody wants it any more.</summary>
    Cancelled,

    /// <summary>The platform refused it in every form; its reason says why.</summary>
    Quarantined,
}
