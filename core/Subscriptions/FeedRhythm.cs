using Notifier.Model;
using Notifier.Polling;
using Notifier.Schedules;

namespace Notifier.Subscriptions;

/// <summary>How often a feed is polled, in words that follow “polled”: by its schedule, or, for a built-in one, as often as it publishes.</summary>
public sealed class FeedRhythm(Poller poller, IEnumerable<NamedFeed> named)
{
    public string InWords(Feed feed) => named.FirstOrDefault(own => own.Address().AbsoluteUri == feed.Url) is { } builtIn
        ? $"every {Schedule.InWords(builtIn.Every)}"
        : poller.ScheduleInWords(feed.Cron);
}
