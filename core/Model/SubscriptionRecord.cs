using System.Text.Json;

namespace Notifier.Model;

/// <summary>What the audit remembers of a subscription: everything that a chat can set, with its feed's address.</summary>
internal sealed record SubscriptionRecord(string Feed, string? Filter = null, string? Cron = null, string? Style = null, DateTimeOffset? PausedSince = null)
{
    public static SubscriptionRecord Of(Feed feed, Subscription subscription) =>
        new(feed.Url, subscription.Filter, subscription.Cron, subscription.Style, subscription.PausedSince);

    public string ToJson() => JsonSerializer.Serialize(this);
}
