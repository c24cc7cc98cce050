using Notifier.Model;
using Notifier.Polling;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>How often a feed is polled, in words that follow “polled”: by its schedule, or, for a built-in one, as often as it publishes.</summary>
public sealed class FeedRhythm(Poller poller, IEnumerable<NamedFeed> named, Catalogue texts)
{
    public string InWords(Feed feed) => named.FirstOrDefault(own => own.Address().AbsoluteUri == feed.Url) is { } builtIn
        ? texts.Say("schedule.span", ("span", ScheduleWords.Of(texts, builtIn.Every)))
        : ScheduleWords.Of(texts, feed.Cron ?? poller.DefaultSchedule);
}
