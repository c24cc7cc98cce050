using System.ComponentModel.DataAnnotations;

namespace Notifier.Commands;

/// <summary>How much people may ask for in chats: section <c>Notifier:Commands</c>. Operators are not bound by it.</summary>
public sealed class CommandOptions
{
    public const string Section = "Notifier:Commands";

    /// <summary>How many subscriptions one chat may have, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int SubscriptionsPerChat { get; set; } = 150;

    /// <summary>How many subscriptions all chats of one server or group may have together, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int SubscriptionsPerSpace { get; set; } = 1000;

    /// <summary>How many commands a person may give in a minute, 1 to 1,000; a few may come at once.</summary>
    [Range(1, 1000)]
    public int PerMinute { get; set; } = 60;
}
