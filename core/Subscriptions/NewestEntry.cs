using Notifier.Commands;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Subscriptions;

/// <summary>A feed's newest entry as it is now, to show how something would look; no poll is touched.</summary>
public sealed class NewestEntry(FeedFinder finder)
{
    /// <summary>Null for a feed without entries.</summary>
    /// <exception cref="CommandError">The feed cannot be read now.</exception>
    internal async Task<Entry?> OfAsync(Feed feed, CommandCall call, CancellationToken ct) =>
        (await finder.ReadAsync(feed, call, ct)).NewestFirst() is [var entry, ..] ? Poller.EntryOf(entry, feed.Id, call.Now) : null;
}
