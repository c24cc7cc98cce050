namespace Notifier.Model;

/// <summary>What a protected feed asks for. In a table of its own, left out of backups, never shown again, sent to <see cref="Origin"/> alone.</summary>
public sealed class FeedCredential
{
    public required string Key { get; set; }

    /// <summary>Scheme, host and port.</summary>
    public required string Origin { get; set; }

    /// <summary>The one chat that sees feeds fetched with it.</summary>
    public long ChatId { get; set; }

    public string? User { get; set; }

    public string? Secret { get; set; }

    /// <summary>JSON object of further request headers.</summary>
    public string? Headers { get; set; }
}
