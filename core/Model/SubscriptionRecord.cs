using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notifier.Model;

/// <summary>What the audit remembers of a subscription: its feed's address, and what the chat has set.</summary>
public sealed record SubscriptionRecord(string Feed, string? Filter = null, string? Cron = null, string? Style = null, DateTimeOffset? PausedSince = null)
{
    public const string Seen = "seen";

    public const string Sent = "sent";

    /// <summary>Messages are deleted when their publisher withdraws the entry.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DeletesWithdrawn { get; init; }

    /// <summary>Of the style <c>custom</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Template { get; init; }

    /// <summary>How many entries were held back, where that is what was changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Held { get; init; }

    /// <summary>What became of them: <see cref="Seen"/> or <see cref="Sent"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? HeldBecame { get; init; }

    public static SubscriptionRecord Of(Feed feed, Subscription subscription) =>
        new(feed.Url, subscription.Filter, subscription.Cron, subscription.Style, subscription.PausedSince) { DeletesWithdrawn = subscription.DeletesWithdrawn, Template = subscription.Template };

    /// <summary>As the audit keeps it.</summary>
    [JsonIgnore]
    public string Json => JsonSerializer.Serialize(this);
}
