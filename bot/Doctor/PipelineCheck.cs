using Notifier.Model;

namespace Notifier.Bot.Doctor;

/// <summary>What stands still on the way from feeds to chats: what is long due, feeds that fail, chats that may not be written to, deliveries that were given up.</summary>
internal static class PipelineCheck
{
    private const int Worst = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What should have happened by now, while a service runs.</summary>
    public static IEnumerable<Finding> Lag(Storage storage, DateTimeOffset now)
    {
        using var db = storage.Read();
        var late = now - Patience;
        var lags = 0;
        var polls = db.Feeds.Where(feed => feed.NextPoll < late);
        if (polls.Min(feed => feed.NextPoll) is { } oldestPoll)
        {
            lags++;
            yield return Finding.Warning(
                "lag of polls",
                $"{polls.Count()} feeds should have been polled, the oldest at {Words.Time(oldestPoll)}.",
                "Look into the service's log and at the load of this machine; raise Notifier:Polling:Concurrency, or restart the service where nothing moves at all.");
        }

        var owed = from delivery in db.Deliveries
                   join chat in db.Chats on delivery.ChatId equals chat.Id
                   where delivery.EndedAt == null && delivery.DueAt < late && chat.NoAccessSince == null && (chat.NotBefore == null || chat.NotBefore < now)
                   group delivery by chat.Platform into platform
                   select new { Platform = platform.Key, Count = platform.Count(), Oldest = platform.Min(delivery => delivery.DueAt) };
        foreach (var platform in owed.ToList())
        {
            lags++;
            yield return Finding.Warning(
                $"lag of deliveries to {platform.Platform}",
                $"{platform.Count} deliveries are due, the oldest since {Words.Time(platform.Oldest!.Value)}.",
                "Look at that platform's token above and into the service's log. Nothing is lost: they go out once the platform takes them.");
        }

        if (lags == 0)
            yield return Finding.Ok("lag", $"nothing is due for more than {Patience.TotalMinutes:0} minutes");
    }

    public static IEnumerable<Finding> Feeds(Storage storage)
    {
        using var db = storage.Read();
        var failing = db.Feeds.Where(feed => feed.State == FeedState.Broken && db.Subscriptions.Any(subscription => subscription.FeedId == feed.Id && subscription.EndedAt == null));
        var count = failing.Count();
        var worst = failing.OrderBy(feed => feed.FirstFailure).Take(Worst)
            .Select(feed => new { Feed = feed, Chats = db.Subscriptions.Count(subscription => subscription.FeedId == feed.Id && subscription.EndedAt == null) })
            .ToList();
        foreach (var one in worst)
        {
            yield return Finding.Warning(
                $"feed {Words.Feed(one.Feed)}",
                $"Fails since {Words.Time(one.Feed.FirstFailure ?? one.Feed.CreatedAt)}{(one.Feed.FailuresInARow > 0 ? $", {one.Feed.FailuresInARow} times in a row" : "")}; {one.Chats} chats wait for it. {Words.Said(one.Feed.LastError)}",
                "It is tried again by itself, less and less often. If its address is wrong, unsubscribe from it and subscribe to the right one.");
        }

        yield return Finding.Ok("feeds", $"{db.Feeds.Count(feed => feed.NextPoll != null)} are polled, {count} of them fail{(count > Worst ? $"; the {Worst} that fail longest are named" : "")}");
    }

    public static IEnumerable<Finding> Chats(Storage storage, DateTimeOffset now)
    {
        using var db = storage.Read();
        var closed = db.Chats.Where(chat => chat.NoAccessSince != null && chat.GoneSince == null);
        foreach (var chat in closed.OrderBy(chat => chat.NoAccessSince).Take(Worst).ToList())
        {
            var waiting = db.Deliveries.Count(delivery => delivery.ChatId == chat.Id && delivery.EndedAt == null);
            yield return Finding.Warning(
                $"chat {chat.Where}",
                $"{(chat.Title is { Length: > 0 } title ? $"In “{title}”" : "There")} Notifier may not write since {Words.Time(chat.NoAccessSince!.Value)}; {waiting} deliveries wait. {Words.Said(chat.NoAccessReason)}",
                "Give the bot the right to write there again (README.md says which); it goes on within the hour, and nothing is lost. Or unsubscribe that chat.");
        }

        var count = closed.Count();
        yield return Finding.Ok("chats", $"{db.Chats.Count(chat => chat.GoneSince == null)} are known, {count} of them may not be written to{(count > Worst ? $"; the {Worst} of longest standing are named" : "")}");
        var yesterday = now - TimeSpan.FromDays(1);
        var givenUp = db.Deliveries.Where(delivery => delivery.State == DeliveryState.Quarantined && delivery.EndedAt > yesterday);
        if (givenUp.Any())
        {
            yield return Finding.Warning(
                "deliveries given up",
                $"{givenUp.Count()} in the last day, refused in every form: {string.Join("; ", givenUp.Select(delivery => delivery.Reason).Distinct().Take(3).AsEnumerable().Select(Words.Said))}",
                "Nobody else is held up by it, but those entries were not told. What the platform gives as its reason is for whoever develops Notifier: please report it.");
        }
    }
}
