using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Subscriptions;

/// <summary>Keeps back what this chat is owed of a feed, or of all of them, until it is resumed; for other chats nothing changes.</summary>
public sealed class PauseCommand() : Command("pause")
{
    internal const string All = "all";

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.Feed];

    public override Rights Needs => Rights.ChatAdmin;

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var text = call.Get(SubscribedFeeds.Feed);
        return call.CommitAsync((db, chat) => text.Equals(All, StringComparison.OrdinalIgnoreCase) ? PauseAll(db, call, chat) : PauseOne(db, call, chat, text), ct);
    }

    private Message PauseAll(NotifierDb db, CommandCall call, Chat chat)
    {
        if (chat.PausedSince is not null)
            throw call.Error("pause.allalready");
        var before = ChatRecord.Of(chat);
        chat.PausedSince = call.Now;
        DueTimes.Recompute(db, chat, call.Now);
        return call.Reply("pause.all") with { Actions = [call.Undo(call.Audit(db, chat, Name, ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json).Id)] };
    }

    private Message PauseOne(NotifierDb db, CommandCall call, Chat chat, string text)
    {
        var subscribed = SubscribedFeeds.Find(db, call, this, text);
        var subscription = subscribed.Subscription;
        if (subscription.PausedSince is not null)
            throw call.Error("pause.already", ("feed", subscribed.Title), ("number", subscription.Number));
        var before = SubscriptionRecord.Of(subscribed.Feed, subscription).Json;
        subscription.PausedSince = call.Now;
        DueTimes.Recompute(db, subscription, call.Now);
        var line = call.Audit(db, chat, Name, Subscribing.Subject(subscription), before, SubscriptionRecord.Of(subscribed.Feed, subscription).Json);
        return call.Reply("pause.done", ("feed", subscribed.Title), ("number", subscription.Number)) with { Actions = [call.Undo(line.Id)] };
    }
}
