using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Subscriptions;

/// <summary>Ends a subscription, or all of them once that is confirmed; Undo takes it back for a day.</summary>
public sealed class UnsubscribeCommand() : Command("unsubscribe")
{
    private const string All = "all";
    private const string Confirmed = "all yes";

    private static readonly TimeSpan Decision = TimeSpan.FromMinutes(10);

    public override IReadOnlyList<string> Aliases => ["unsub", "remove", "rm"];

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.Feed];

    public override Rights Needs => Rights.ChatAdmin;

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var text = call.Get(SubscribedFeeds.Feed);
        return call.CommitAsync(
            (db, chat) =>
            {
                var ended = text is All or Confirmed ? SubscribedFeeds.Of(db, call.Chat) : [SubscribedFeeds.Find(db, call, this, text)];
                if (ended.Count == 0)
                    throw call.Error("feeds.none");
                if (text == All)
                    return call.Reply("unsubscribe.sure", ("count", ended.Count)) with { Actions = [new MessageAction(call.Say("unsubscribe.choice.all"), $"/{Name} {Confirmed}") { Lifetime = Decision }] };

                var first = 0L;
                foreach (var subscribed in ended)
                {
                    DueTimes.End(db, subscribed.Subscription, call.Now);
                    var line = call.Audit(db, chat, Name, Subscribing.Subject(subscribed.Subscription), SubscriptionRecord.Of(subscribed.Feed, subscribed.Subscription).Json, null);
                    first = first == 0 ? line.Id : first;
                }

                return (ended is [var one] ? call.Reply("unsubscribe.done", ("feed", one.Title)) : call.Reply("unsubscribe.all", ("count", ended.Count)))
                    with { Actions = [call.Undo(first)] };
            },
            ct);
    }
}
