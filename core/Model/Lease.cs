namespace Notifier.Model;

/// <summary>Who runs a role now, and until when. A new owner raises the epoch; what comes under an old one is refused.</summary>
public sealed class Lease
{
    public required string Role { get; set; }

    public required string Owner { get; set; }

    public long Epoch { get; set; }

    public DateTimeOffset Until { get; set; }
}
