namespace Notifier.Subscriptions;

/// <summary>What the audit remembers of a subscription: its feed's address, and what the chat has set.</summary>
internal sealed record SubscriptionRecord(string Feed, string? Filter = null, string? Cron = null, string? Style = null, DateTimeOffset? PausedSince = null);
