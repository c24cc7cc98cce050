using System.Globalization;
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

    /// <summary>How many times of a schedule are looked at for two that come too close.</summary>
    private const int Looked = 200;

    private const int Shown = 3;
    private const int CronFields = 5;

    /// <summary>Says when a feed is polled, or gives it a schedule of its own.</summary>
    public async Task<Message> ScheduleAsync(CommandCall call, string what, CancellationToken ct)
    {
        var (name, rest) = CommandLine.Next(what);
        var feed = await call.ReadAsync(db => KnownFeeds.Find(db, call, name, id => $"/feed schedule {id} {rest}".TrimEnd()));
        if (rest.Length == 0)
            return Say(call, feed, Read(feed));
        var (cron, zone) = rest.Equals(Default, StringComparison.OrdinalIgnoreCase) ? (null, null) : Split(call, rest);
        var changed = new Feed { Id = feed.Id, Url = feed.Url, Title = feed.Title, Cron = cron, Zone = zone };
        var schedule = cron is null ? Read(changed) : Schedule.TryParse(cron, Zone(changed), feed.Id, out var error) ?? throw new CommandError(error!);
        if (cron is not null && Closest(schedule, call.Now) < options.Floor)
            throw call.Error("feed.schedule.floor", ("floor", Schedule.InWords(options.Floor)));
        await call.CommitAsync(
            (db, chat) =>
            {
                var now = db.Feeds.Single(f => f.Id == feed.Id);
                var before = FeedCommand.Json(now);
                (now.Cron, now.Zone) = (cron, zone);
                if (now.NextPoll is not null)
                {
                    var next = PollPlan.AfterSuccess(schedule, options.Floor, now.LastPoll ?? call.Now);
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

    /// <summary>A cron expression, in quotes or as it is, and perhaps a time zone.</summary>
    private static (string Cron, string? Zone) Split(CommandCall call, string rest)
    {
        var (first, tail) = CommandLine.Next(rest);
        if (!first.Contains(' ', StringComparison.Ordinal) && !first.StartsWith('@'))
        {
            var words = rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            (first, tail) = (string.Join(' ', words.Take(CronFields)), string.Join(' ', words.Skip(CronFields)));
        }

        if (first.Split(' ').Length > CronFields || (tail.Length > 0 && !char.IsAsciiLetter(tail[0])))
            throw call.Error("feed.schedule.seconds");
        if (tail.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(tail, out _))
            throw call.Error("feed.schedule.zone", ("zone", tail));
        return (first, tail.Length == 0 ? null : tail);
    }

    private static TimeSpan Closest(Schedule schedule, DateTimeOffset now)
    {
        var closest = TimeSpan.MaxValue;
        var last = schedule.Next(now);
        for (var i = 0; i < Looked && last is { } from && schedule.Next(from.AddTicks(1)) is { } next; i++)
        {
            closest = next - from < closest ? next - from : closest;
            last = next;
        }

        return closest;
    }

    private TimeZoneInfo Zone(Feed feed) => TimeZoneInfo.FindSystemTimeZoneById(feed.Zone ?? options.Zone);

    private Schedule Read(Feed feed) => Schedule.TryParse(feed.Cron ?? options.Schedule, Zone(feed), feed.Id, out var error) ?? throw new CommandError(error!);

    /// <summary>In words, with the next times by the clock of its zone.</summary>
    private Message Say(CommandCall call, Feed feed, Schedule schedule)
    {
        var zone = Zone(feed);
        var times = new List<string>();
        var next = schedule.Next(call.Now);
        for (; times.Count < Shown && next is { } at; next = schedule.Next(at.AddTicks(1)))
            times.Add(TimeZoneInfo.ConvertTime(at, zone).ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture));
        return call.Reply("feed.schedule.is", ("feed", Composer.FeedTitle(feed)), ("often", poller.ScheduleInWords(feed.Cron)), ("times", string.Join(", ", times)), ("zone", zone.Id));
    }
}
