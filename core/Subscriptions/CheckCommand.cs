using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Subscriptions;

/// <summary>Polls a feed now and says what was found; at most once a minute.</summary>
public sealed class CheckCommand(Poller poller) : Command("check")
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.Feed];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var subscribed = await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, call.Get(SubscribedFeeds.Feed)));
        if (subscribed.Feed.PausedSince is not null)
            throw call.Error("feed.paused", ("feed", subscribed.Title));
        if (subscribed.Feed.LastPoll is { } last && call.Now - last < Pause)
            return call.Reply("check.soon", ("feed", subscribed.Title), ("seconds", Math.Max(1, (int)(Pause - (call.Now - last)).TotalSeconds)));
        var report = await poller.PollNowAsync(subscribed.Feed.Id, whole: false, ct);

        // Of what was held, this chat holds what it wants.
        var held = report is { Held: > 0 }
            ? await call.ReadAsync(db => db.Deliveries.Count(d => d.SubscriptionId == subscribed.Subscription.Id && d.EndedAt == null && d.State == DeliveryState.Held))
            : 0;
        return report switch
        {
            { Failure: { } reason } => call.Reply("check.failed", ("feed", subscribed.Title), ("reason", reason)),
            { New: var fresh } when held > 0 => call.Reply(fresh > 0 ? "check.heldbeside" : "check.held", ("feed", subscribed.Title), ("fresh", fresh), ("count", held)) with
            {
                Actions = [new MessageAction(call.Say("check.held.choice"), $"/held {subscribed.Subscription.Number}")],
            },
            { New: > 0 and var fresh } => call.Reply("check.found", ("feed", subscribed.Title), ("count", fresh)),
            { Edited: > 0 and var edited } => call.Reply("check.edited", ("feed", subscribed.Title), ("count", edited)),
            _ => call.Reply("check.nothing", ("feed", subscribed.Title)),
        };
    }
}
