using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Subscriptions;

/// <summary>What becomes of the message about an entry that its publisher withdraws soon after: it stays, or is deleted.</summary>
public sealed class WithdrawnCommand() : Command("withdrawn")
{
    private const string Keep = "keep";
    private const string Delete = "delete";

    private static readonly Parameter<string> Fate = new("fate", "commands.withdrawn.fate", text => text.Trim().ToLowerInvariant())
    {
        IsOptional = true,
        Suggest = (_, _) => [new Suggestion(Keep, Keep), new Suggestion(Delete, Delete)],
    };

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, Fate];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var text = call.Get(SubscribedFeeds.FeedFirst);
        if (call.GetOr(Fate) is not { Length: > 0 } fate)
        {
            var shown = await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, text));
            return call.Reply(shown.Subscription.DeletesWithdrawn ? "withdrawn.isdelete" : "withdrawn.iskeep", ("feed", shown.Title), ("number", shown.Subscription.Number));
        }

        if (fate is not (Keep or Delete))
            throw call.Error("withdrawn.unknown", ("text", fate));
        return await call.CommitAsync((db, chat) => Set(db, call, chat, SubscribedFeeds.Find(db, call, this, text, fate), fate), ct);
    }

    private Message Set(NotifierDb db, CommandCall call, Chat chat, SubscribedFeed subscribed, string fate)
    {
        var (subscription, feed, _) = subscribed;
        var before = SubscriptionRecord.Of(feed, subscription).Json;
        subscription.DeletesWithdrawn = fate == Delete;
        if (fate == Keep)
            Withdrawals.Forget(db, subscription.Id);
        var line = call.Audit(db, chat, Name, Subscribing.Subject(subscription), before, SubscriptionRecord.Of(feed, subscription).Json);
        return call.Reply(fate == Delete ? "withdrawn.delete" : "withdrawn.keep", ("feed", subscribed.Title)) with { Actions = [call.Undo(line.Id)] };
    }
}
