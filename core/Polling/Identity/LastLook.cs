namespace Notifier.Polling.Identity;

/// <summary>What is known of a feed's last poll that went well.</summary>
/// <param name="At">Null when there was none.</param>
/// <param name="NewestEntry">See <see cref="Model.Feed.NewestEntry"/>.</param>
internal sealed record LastLook(DateTimeOffset? At, DateTimeOffset? NewestEntry);
