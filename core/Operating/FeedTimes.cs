using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Schedules;

namespace Notifier.Operating;

/// <summary>When a feed is polled: <c>/feed schedule</c>, <c>pause</c> and <c>resume</c>.</summary>
internal sealed class FeedTimes(Poller poller, PollOptions options)
{
    private const string Default = "default";

    private const int CronFields = 5;

    /// <summary>Says when a feed is polled, or gives it a schedule of its own.</summary>
    public async Task<Message> ScheduleAsync(CommandCall call, string what, CancellationToken ct)
    {
        var (name, rest) = CommandLine.Next(what);
        var feed = await call.ReadAsync(db => KnownFeeds.Find(db, call, name, id => $"/feed schedule {id} {rest}".TrimEnd()));
        if (rest.Length == 0)
            return Say(call, feed, Read(feed));
        var (cron, zone) = rest.Equals(Default, StringComparison.OrdinalIgnoreCase) ? (null, null) : Read(call, feed, rest);
        var changed = new Feed { Id = feed.Id, Url = feed.Url, Title = feed.Title, Cron = cron, Zone = zone };
        var schedule = Read(changed);
        await call.CommitAsync(
            (db, chat) =>
            {
                var now = db.Feeds.Single(f => f.Id == feed.Id);
                var before = FeedCommand.Json(now);
                (now.Cron, now.Zone) = (cron, zone);
                if (now.NextPoll is not null)
                {
                    var next = PollPlan.AfterSuccess(schedule, options.Floor, options.Spread, now.LastPoll ?? call.Now, feed.Id);
                    now.NextPoll = next > call.Now ? next : schedule.Next(call.Now);
                }

                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), before, FeedCommand.Json(now));
                return true;
            },
            ct);
        poller.Wake();
        return Say(call, changed, schedule);
    }

    /// <summary>Stops polling a feed, for everyone, until it is resumed.</summary>
    public static Task<Message> PauseAsync(CommandCall call, string what, CancellationToken ct) => call.CommitAsync(
        (db, chat) =>
        {
            var feed = Tracked(db, KnownFeeds.Find(db, call, what, id => $"/feed pause {id}"));
            if (feed.PausedSince is not null)
                return call.Reply("feed.pause.already", ("feed", Composer.FeedTitle(feed)));
            var before = FeedCommand.Json(feed);
            (feed.PausedSince, feed.NextPoll) = (call.Now, null);
            call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), before, FeedCommand.Json(feed));
            return call.Reply("feed.pause.done", ("feed", Composer.FeedTitle(feed)), ("count", KnownFeeds.Chats(db, feed.Id)));
        },
        ct);

    /// <summary>Polls a feed again, now and then by its schedule.</summary>
    public async Task<Message> ResumeAsync(CommandCall call, string what, CancellationToken ct)
    {
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var feed = Tracked(db, KnownFeeds.Find(db, call, what, id => $"/feed resume {id}"));
                if (feed.PausedSince is null)
                    return call.Reply("feed.resume.already", ("feed", Composer.FeedTitle(feed)));
                var before = FeedCommand.Json(feed);
                feed.PausedSince = null;
                if (feed.State != FeedState.Gone && db.Subscriptions.Any(s => s.FeedId == feed.Id))
                    feed.NextPoll = call.Now;
                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), before, FeedCommand.Json(feed));
                return call.Reply("feed.resume.done", ("feed", Composer.FeedTitle(feed)));
            },
            ct);
        poller.Wake();
        return reply;
    }

    private static Feed Tracked(NotifierDb db, Feed feed) => db.Feeds.Single(f => f.Id == feed.Id);

    /// <summary>What is meant by a schedule in words or cron, in quotes or as it is, and perhaps a time zone behind it.</summary>
    private (string Cron, string? Zone) Read(CommandCall call, Feed feed, string rest)
    {
        var words = rest.Split([' ', '"', '“', '”'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var zone = words.Length > 1 && Zones.Meant(words[^1]) is [var named] ? named : null;
        if (zone is null && words.Length > 1 && (words[^1].Contains('/', StringComparison.Ordinal) || words.Length == CronFields + 1) && char.IsAsciiLetter(words[^1][0]))
            throw call.Error("feed.schedule.zone", ("zone", words[^1]));
        var text = string.Join(' ', zone is null ? words : words[..^1]);
        var floor = options.Floor > ScheduleReader.Floor ? options.Floor : ScheduleReader.Floor;
        return ScheduleReader.Read(text, zone ?? Zone(feed), feed.Id, floor, call.Now) switch
        {
            ScheduleChoice.Cron cron => (cron.Expression, zone?.Id),
            ScheduleChoice.Refused refused => throw call.Error(refused.Key, refused.Values),
            _ => throw call.Error("feed.schedule.atonce"),
        };
    }

    private TimeZoneInfo Zone(Feed feed) => TimeZoneInfo.FindSystemTimeZoneById(feed.Zone ?? options.Zone);

    private Schedule Read(Feed feed) => Schedule.TryParse(feed.Cron ?? options.Schedule, Zone(feed), feed.Id, out var error) ?? throw new CommandError(error!);

    /// <summary>In words, with the next times by the clock of its zone.</summary>
    private Message Say(CommandCall call, Feed feed, Schedule schedule)
    {
        var zone = Zone(feed);
        return call.Reply("feed.schedule.is", ("feed", Composer.FeedTitle(feed)), ("often", call.SaySchedule(feed.Cron ?? options.Schedule)), ("times", call.SayNext(schedule, zone)), ("zone", zone.Id));
    }
}
