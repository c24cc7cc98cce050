using Notifier.Commands;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Subscriptions;

/// <summary>A feed's newest entry as it is now, to show how something would look; no poll is touched.</summary>
public sealed class NewestEntry(FeedFinder finder)
{
    /// <summary>Null for a feed without entries.</summary>
    /// <exception cref="CommandError">The feed cannot be read now.</exception>
    internal async Task<Entry?> OfAsync(Feed feed, CommandCall call, CancellationToken ct)
    {
        if ((await finder.ReadAsync(feed, call, ct)).NewestFirst() is not [var entry, ..])
            return null;

        // Of a page that was read for its text, that text is what is told.
        var known = feed.FullText && entry.Link is { } link
            ? await call.ReadAsync(db => db.Entries.Where(e => e.FeedId == feed.Id && e.Link == link).OrderByDescending(e => e.Id).FirstOrDefault())
            : null;
        return known ?? Poller.EntryOf(entry, feed.Id, call.Now);
    }
}
