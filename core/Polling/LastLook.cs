using Notifier.Feeds;

namespace Notifier.Polling;

/// <summary>What is known of a feed's last poll that went well.</summary>
/// <param name="At">Null when there was none.</param>
/// <param name="NewestEntry">See <see cref="Model.Feed.NewestEntry"/>.</param>
internal sealed record LastLook(DateTimeOffset? At, DateTimeOffset? NewestEntry)
{
    /// <summary>Whether the entry is dated no later than what was there then; false where that cannot be told.</summary>
    public bool Precedes(ParsedEntry entry) => entry.Date <= NewestEntry;

    /// <summary>Whether the entry is dated later than all that was there then; false where that cannot be told.</summary>
    public bool Follows(ParsedEntry entry) => entry.Date > NewestEntry;
}
