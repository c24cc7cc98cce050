using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Operating;

/// <summary>How this chat's feeds are, in short; for the operator, where nobody else reads along, how all of Notifier is.</summary>
public sealed class StatusCommand(Platforms platforms) : Command("status")
{
    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var lines = await call.ReadAsync(db => db.ChatAt(call.Chat) is { } chat ? OfChat(db, call, chat) : [call.Say("list.none")]);
        if (call.Rights == Rights.Operator && call.IsConfidential)
            lines.AddRange(await call.ReadAsync(db => OfAll(db, call)));
        return new Message { Text = [new Block.List(null, [.. lines.Select(line => new ListItem([new Block.Paragraph([new Span.Text(line)])]))])] };
    }

    private static List<string> OfChat(NotifierDb db, CommandCall call, Chat chat)
    {
        var mine =
            from subscription in db.Subscriptions
            join feed in db.Feeds on subscription.FeedId equals feed.Id
            where subscription.ChatId == chat.Id && subscription.EndedAt == null
            select new { subscription.PausedSince, feed.State, FeedPaused = feed.PausedSince };
        var feeds = mine.ToList();
        if (feeds.Count == 0)
            return [call.Say("list.none")];
        var lines = new List<string> { call.Say("status.feeds", ("count", feeds.Count)) };
        Count("status.failing", feeds.Count(f => f.State == FeedState.Broken));
        Count("status.gone", feeds.Count(f => f.State == FeedState.Gone));
        Count("status.paused", chat.PausedSince is null ? feeds.Count(f => f.PausedSince is not null || f.FeedPaused is not null) : 0);
        if (chat.PausedSince is not null)
            lines.Add(call.Say("status.allpaused"));
        var owed = db.Deliveries.Where(d => d.ChatId == chat.Id && d.EndedAt == null);
        Count("status.waiting", owed.Count());
        if (owed.Min(d => d.DueAt) is { } next && next > call.Now)
            lines.Add(call.Say("status.next", ("time", call.SayMoment(next, Zones.Named(chat.Zone))), ("zone", chat.Zone)));
        if (chat is { QuietFrom: { } from, QuietUntil: { } until })
            lines.Add(call.Say("quiet.is", ("hours", new QuietHours(from, until)), ("zone", chat.Zone)));
        if (chat.NoAccessReason is { } reason)
            lines.Add(call.Say("status.noaccess", ("reason", new Phrase(reason))));
        else if (chat.NotBefore is { } wait && wait > call.Now)
            lines.Add(call.Say("status.wait", ("time", call.SayMoment(wait, Zones.Named(chat.Zone))), ("zone", chat.Zone)));
        var doubts = Doubts.Of(db, call.Now, chat.Id).SingleOrDefault() ?? Doubts.None;
        Count("status.quarantined", doubts.Failed);
        Count("status.missing", doubts.Missing);
        Count("status.twice", doubts.Twice);
        return lines;

        void Count(string key, int count)
        {
            if (count > 0)
                lines.Add(call.Say(key, ("count", count)));
        }
    }

    private List<string> OfAll(NotifierDb db, CommandCall call)
    {
        var polled = db.Feeds.Where(f => f.NextPoll != null);
        var lines = new List<string>
        {
            call.Say(
                "status.all",
                ("feeds", polled.Count()),
                ("failing", polled.Count(f => f.State == FeedState.Broken)),
                ("chats", db.Chats.Count(c => c.GoneSince == null)),
                ("subscriptions", db.Subscriptions.Count(s => s.EndedAt == null))),
            call.Say(
                "status.outbox",
                ("waiting", db.Deliveries.Count(d => d.EndedAt == null)),
                ("failed", db.Deliveries.Count(d => d.EndedAt != null && d.State == DeliveryState.Quarantined))),
            call.Say("status.lag", ("polls", Lag(polled.Min(f => f.NextPoll))), ("deliveries", Lag(db.Deliveries.Where(d => d.EndedAt == null && d.DueAt != null).Min(d => d.DueAt)))),
        };
        var doubts = Doubts.Of(db, call.Now);
        if (doubts.Count > 0)
            lines.Add(Said("status.doubts", new Doubts("", doubts.Sum(d => d.Failed), doubts.Sum(d => d.Missing), doubts.Sum(d => d.Twice), doubts.Sum(d => d.Waiting))));
        lines.AddRange(platforms.All.Select(platform =>
        {
            var line = $"{platform.Title}: {SetupCommand.InWords(platform.State, (key, values) => call.Say(key, values))}";
            return doubts.Find(d => d.Platform == platform.Name) is { } its ? $"{line} · {Said("status.platform", its)}" : line;
        }));
        return lines;

        string Said(string key, Doubts found) => call.Say(key, ("failed", found.Failed), ("missing", found.Missing), ("twice", found.Twice), ("chats", found.Waiting));

        string Lag(DateTimeOffset? oldest) => oldest is { } due && due <= call.Now ? call.SayTime(due) : call.Say("status.nolag");
    }
}
