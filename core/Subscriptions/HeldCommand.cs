using Microsoft.EntityFrameworkCore;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>What is held back of a feed, since nearly all of it looked new at once: send it to this chat after all, or mark it as seen.</summary>
public sealed class HeldCommand(Outbox outbox) : Command("held")
{
    private const string Send = "send";
    private const string Seen = "seen";
    private const int Shown = 5;

    private static readonly Parameter<string> Fate = new("fate", "commands.held.fate", text => text.ToLowerInvariant())
    {
        IsOptional = true,
        Suggest = (_, _) => [new Suggestion(Send, Send), new Suggestion(Seen, Seen)],
    };

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, Fate];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var text = call.Get(SubscribedFeeds.FeedFirst);
        var fate = call.GetOr(Fate);
        if (fate is not (null or Send or Seen))
            throw call.Error("held.choices", ("text", fate));
        if (fate is null)
            return await call.ReadAsync(db => Show(db, call, SubscribedFeeds.Find(db, call, this, text)));
        var reply = await call.CommitAsync((db, chat) => Decide(db, call, chat, SubscribedFeeds.Find(db, call, this, text, fate), fate), ct);
        outbox.Wake();
        return reply;
    }

    private static IQueryable<Delivery> Held(NotifierDb db, SubscribedFeed subscribed) => db.Deliveries.Where(d =>
        d.ChatId == subscribed.Chat.Id && d.FeedId == subscribed.Feed.Id && d.SubscriptionId == subscribed.Subscription.Id && d.EndedAt == null && d.State == DeliveryState.Held);

    private Message Show(NotifierDb db, CommandCall call, SubscribedFeed subscribed)
    {
        var count = Held(db, subscribed).Count();
        if (count == 0)
            return call.Reply("held.none", ("feed", subscribed.Title));
        var titles = Held(db, subscribed).OrderByDescending(d => d.Id).Take(Shown).Join(db.Entries, d => d.EntryId, e => e.Id, (_, e) => e.Title).AsEnumerable()
            .Select(title => string.IsNullOrWhiteSpace(title) ? call.Say("entry.untitled") : CleanText.Line(title));
        return new Message
        {
            Text =
            [
                new Block.Paragraph([new Span.Text(call.Say("held.head", ("feed", subscribed.Title), ("count", count)))]),
                new Block.List(null, [.. titles.Select(title => new ListItem([new Block.Paragraph([new Span.Text(title)])]))]),
            ],
            Actions =
            [
                new MessageAction(call.Say("held.choice.send", ("count", count)), $"/{Name} {subscribed.Subscription.Number} {Send}"),
                new MessageAction(call.Say("held.choice.seen"), $"/{Name} {subscribed.Subscription.Number} {Seen}"),
            ],
        };
    }

    private Message Decide(NotifierDb db, CommandCall call, Chat chat, SubscribedFeed subscribed, string fate)
    {
        var (subscription, feed, _) = subscribed;
        var held = Held(db, subscribed);
        var count = held.Count();
        if (count == 0)
            return call.Reply("held.none", ("feed", subscribed.Title));
        var due = DeliveryTimes.Of(subscription, chat).FirstDue(call.Now);
        if (fate == Seen)
        {
            held.ExecuteUpdate(set => set.SetProperty(d => d.State, DeliveryState.Cancelled).SetProperty(d => d.EndedAt, call.Now).SetProperty(d => d.Reason, Phrase.Of("held.reason").Text));
        }
        else
        {
            held.ExecuteUpdate(set => set.SetProperty(d => d.State, DeliveryState.Waiting).SetProperty(d => d.DueAt, due).SetProperty(d => d.AskedFor, true));
        }

        var record = SubscriptionRecord.Of(feed, subscription);
        var line = call.Audit(db, chat, Name, Subscribing.Subject(subscription), (record with { Held = count }).Json, (record with { HeldBecame = fate == Seen ? SubscriptionRecord.Seen : SubscriptionRecord.Sent }).Json);
        var key = fate == Seen ? "held.seen" : due is null ? "held.paused" : due > call.Now ? "held.later" : "held.sent";
        var reply = call.Reply(
            key,
            ("feed", subscribed.Title),
            ("count", count),
            ("which", chat.PausedSince is null ? $"{subscription.Number}" : PauseCommand.All),
            ("time", call.SayMoment(due ?? call.Now, Zones.Named(chat.Zone))),
            ("zone", chat.Zone));
        return fate == Seen ? reply with { Actions = [call.Undo(line.Id)] } : reply;
    }
}
