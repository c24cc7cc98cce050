namespace Notifier.Model;

/// <summary>A place on a platform where people talk to Notifier and it talks back. Unique by (platform, id, thread).</summary>
public sealed class Chat
{
    public long Id { get; set; }

    public required string Platform { get; set; }

    /// <summary>The guild or group that the chat belongs to; quotas count by it. Empty where a platform has none.</summary>
    public string Space { get; set; } = "";

    /// <summary>The platform's own id of the chat.</summary>
    public required string Address { get; set; }

    /// <summary>The thread or topic inside it, empty for the chat itself.</summary>
    public string Thread { get; set; } = "";

    public string? Title { get; set; }

    /// <summary>IANA name; what the chat's times are told in.</summary>
    public string Zone { get; set; } = "UTC";

    public string Language { get; set; } = "en";

    /// <summary>Minutes after midnight in <see cref="Zone"/>; both null without quiet hours.</summary>
    public int? QuietFrom { get; set; }

    public int? QuietUntil { get; set; }

    public DateTimeOffset? PausedSince { get; set; }

    /// <summary>Set once the platform says the chat is no more.</summary>
    public DateTimeOffset? GoneSince { get; set; }

    /// <summary>Set while Notifier may not post there; deliveries wait and go on when the right is back.</summary>
    public DateTimeOffset? NoAccessSince { get; set; }

    public string? NoAccessReason { get; set; }

    /// <summary>Nothing is sent before: the platform's flood wait, or the pause after a fault. It stands here, not on a delivery, so order holds.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>What to do when an answer was lost and the platform cannot tell what became of the message: rather once too few than twice.</summary>
    public bool AtMostOnce { get; set; }

    /// <summary>The chat wants every entry, also those that tell a story it has heard.</summary>
    public bool StoriesApart { get; set; }

    /// <summary>The style of subscriptions that name none.</summary>
    public string? Style { get; set; }

    public bool Greeted { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public ChatAddress Where => new(Platform, Address, Thread);
}
