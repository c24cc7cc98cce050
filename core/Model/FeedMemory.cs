namespace Notifier.Model;

/// <summary>
/// What a feed's polls have seen, one packed value per feed, read only when the body changed. Its layout and the rules of its
/// fingerprints are those of SeenEntries; a row exists from the first poll on, be the document empty.
/// </summary>
public sealed class FeedMemory
{
    public long FeedId { get; set; }

    /// <summary>The version of the fingerprint rules under which it was packed.</summary>
    public int Version { get; set; }

    public required byte[] Packed { get; set; }
}
