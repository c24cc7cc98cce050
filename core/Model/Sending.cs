namespace Notifier.Model;

/// <summary>One composed message on its way, stored before the first attempt; a retry sends exactly these bytes under this nonce.</summary>
public sealed class Sending
{
    /// <summary>How long after it was sent a message follows its entry: changed, or deleted where that is wanted. Telegram deletes no older ones.</summary>
    public static readonly TimeSpan Changeable = TimeSpan.FromHours(48);

    public long Id { get; set; }

    public long ChatId { get; set; }

    /// <summary>Which part of a message that needs several, from 0.</summary>
    public int Part { get; set; }

    /// <summary>What the platform rendered, in its own format.</summary>
    public required byte[] Body { get; set; }

    /// <summary>How its entries look, as it was composed: a change of the message keeps it. Null for a notice.</summary>
    public string? Look { get; set; }

    /// <summary>At most 25 characters, unique.</summary>
    public required string Nonce { get; set; }

    /// <summary>The epoch under which it was composed or last tried.</summary>
    public long Epoch { get; set; }

    public DateTimeOffset FirstAttempt { get; set; }

    /// <summary>How many answers were lost; each may have left a copy where the platform knows no nonce.</summary>
    public int LostAnswers { get; set; }

    /// <summary>The platform's id of the message, once confirmed; empty where none is known that still means it; null again when the message was deleted.</summary>
    public string? MessageId { get; set; }

    /// <summary>When the message is to be changed to what its entry says now; null when it says that.</summary>
    public DateTimeOffset? EditDue { get; set; }

    /// <summary>How often that was done or tried: each time the pause before the next grows.</summary>
    public int Edits { get; set; }

    /// <summary>When the message is to be deleted, as its publisher has withdrawn the entry and the subscription wants it so: in about a thousand years until a second look confirms that; null otherwise.</summary>
    public DateTimeOffset? DeleteDue { get; set; }
}
