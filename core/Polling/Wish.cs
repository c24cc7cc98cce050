using Notifier.Filters;

namespace Notifier.Polling;

/// <summary>What subscriptions of a feed have in common that wish the same: one filter, and one time at which what they are owed is due.</summary>
/// <param name="Filter">Null for every entry.</param>
/// <param name="Due">When what is owed from now on may go; null while nothing lets it.</param>
/// <param name="Subscriptions">Their ids, as a JSON list.</param>
internal sealed record Wish(FilterRun? Filter, DateTimeOffset? Due, string Subscriptions)
{
    /// <summary>Only those that began later.</summary>
    public DateTimeOffset After { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Only those that began no later.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;
}
