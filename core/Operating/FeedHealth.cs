using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Texts;

namespace Notifier.Operating;

/// <summary><c>/feed health</c>: the feeds that fare worst, or one of them with all that is known of its polls.</summary>
internal sealed class FeedHealth(Poller poller)
{
    private const int Worst = 10;

    public Task<Message> SayAsync(CommandCall call, string what) =>
        call.ReadAsync(db => what.Length == 0 ? SayWorst(call, db) : SayOne(call, db, KnownFeeds.Find(db, call, what, id => $"/feed health {id}")));

    private static Message SayWorst(CommandCall call, NotifierDb db)
    {
        var feeds = KnownFeeds.In(db, call.Chat);
        var bad = feeds.Where(f => f.PausedSince != null || f.State == FeedState.Broken || (f.State == FeedState.Gone && db.Subscriptions.Any(s => s.FeedId == f.Id && s.EndedAt == null)));
        var all = feeds.Count();
        if (bad.Count() is var count && count == 0)
            return call.Reply("feed.health.fine", ("count", all));
        var lines = bad.OrderByDescending(f => f.FailuresInARow).ThenBy(f => f.Id).Take(Worst).ToList();
        return new Message
        {
            Text =
            [
                new Block.Paragraph([new Span.Text(call.Say("feed.health.head", ("count", count), ("all", all)))]),
                new Block.List(null, [.. lines.Select(f => new ListItem([new Block.Paragraph([new Span.Text($"{KnownFeeds.Written(f)} {CleanText.Line(Composer.FeedTitle(f))} · {State(call, f)}")])]))]),
            ],
        };
    }

    private static string State(CommandCall call, Feed feed) => feed switch
    {
        { PausedSince: not null } => call.Say("state.feedpaused"),
        { State: FeedState.Gone } => call.Say("state.gone"),
        { State: FeedState.Broken, FirstFailure: { } since } => call.Say("state.broken", ("since", call.SayTime(since)), ("error", new Phrase(feed.LastError ?? ""))),
        { LastSuccess: null } => call.Say("state.new"),
        _ => call.Say("feed.health.works"),
    };

    private Message SayOne(CommandCall call, NotifierDb db, Feed feed)
    {
        var lines = new List<string>
        {
            call.Say("feed.health.state", ("state", State(call, feed))),
            call.Say("feed.health.polls", ("last", Time(feed.LastPoll)), ("success", Time(feed.LastSuccess)), ("full", Time(feed.LastFullPoll))),
            call.Say("feed.health.next", ("next", feed.NextPoll is { } next ? call.Say("feed.health.in", ("time", call.SaySpan(TimeSpan.FromMinutes(Math.Max(1, Math.Ceiling((next - call.Now).TotalMinutes)))))) : call.Say("feed.health.never")), ("often", call.SaySchedule(feed.Cron ?? poller.DefaultSchedule))),
            call.Say("feed.health.failures", ("count", feed.FailuresInARow), ("since", Time(feed.FirstFailure))),
            call.Say("feed.health.validators", ("validators", Validators(feed) is { Length: > 0 } some ? some : call.Say("feed.health.never"))),
            call.Say("feed.health.chats", ("count", KnownFeeds.Chats(db, feed.Id))),
            call.Say(feed.Credential.Length > 0 ? "feed.health.login" : "feed.health.nologin"),
        };
        if (feed.AcceptsInsecure)
            lines.Add(call.Say("feed.health.insecure"));
        if (feed.FullText)
            lines.Add(call.Say("feed.health.fulltext"));
        if (feed.MovedTo is { } to)
            lines.Add(call.Say("feed.health.moving", ("url", FeedUrl.Display(new Uri(to), hideQuery: true)), ("count", feed.MovedTimes)));
        return new Message
        {
            Text =
            [
                new Block.Paragraph([new Span.Text($"{KnownFeeds.Written(feed)} {CleanText.Line(Composer.FeedTitle(feed))}: {FeedUrl.Display(new Uri(feed.Url), hideQuery: true)}")]),
                new Block.List(null, [.. lines.Select(line => new ListItem([new Block.Paragraph([new Span.Text(line)])]))]),
            ],
        };

        string Time(DateTimeOffset? then) => then is { } at ? call.SayTime(at) : call.Say("feed.health.never");
    }

    private static string Validators(Feed feed) =>
        string.Join(", ", new[] { feed.ETag is null ? null : "ETag", feed.LastModified is null ? null : "Last-Modified" }.OfType<string>());
}
