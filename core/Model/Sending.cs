namespace Notifier.Model;

/// <summary>One composed message on its way, stored before the first attempt; a retry sends exactly these bytes under this nonce.</summary>
public sealed class Sending
{
    public long Id { get; set; }

    public long ChatId { get; set; }

    /// <summary>Which part of a message that needs several, from 0.</summary>
    public int Part { get; set; }

    /// <summary>What the platform rendered, in its own format.</summary>
    public required byte[] Body { get; set; }

    /// <summary>At most 25 characters, unique.</summary>
    public required string Nonce { get; set; }

    /// <summary>The epoch under which it was composed or last tried.</summary>
    public long Epoch { get; set; }

    public DateTimeOffset FirstAttempt { get; set; }

    /// <summary>How many answers were lost; each may have left a copy where the platform knows no nonce.</summary>
    public int LostAnswers { get; set; }

    /// <summary>The platform's id of the message, once confirmed.</summary>
    public string? MessageId { get; set; }
}
