using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>Ends a pause. What came meanwhile is sent or skipped, as the asker chooses; until then the pause goes on, so that nothing is lost by not choosing.</summary>
public sealed class ResumeCommand(FeedNotices notices, Outbox outbox) : Command("resume")
{
    private const string Send = "send";
    private const string Skip = "skip";
    private const int MostNamed = 5;

    private static readonly Parameter<string> Waiting = new("waiting", "commands.resume.waiting", text => text.ToLowerInvariant())
    {
        IsOptional = true,
        Suggest = (_, _) => [new Suggestion(Send, Send), new Suggestion(Skip, Skip)],
    };

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, Waiting];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var text = call.Get(SubscribedFeeds.FeedFirst);
        var all = text.Equals(PauseCommand.All, StringComparison.OrdinalIgnoreCase);
        var choice = call.GetOr(Waiting);
        if (choice is not (null or Send or Skip))
            throw call.Error("resume.choices", ("text", choice));
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var paused = all ? Paused(db, call, chat) : [One(db, call, chat, text)];
                var ids = string.Join(',', paused.Select(s => s.Subscription.Id));
                var waiting = db.Connection().Scalar<long>($"SELECT COUNT(*) FROM Deliveries WHERE ChatId=$chat AND SubscriptionId IN ({ids}) AND State='Waiting' AND EndedAt IS NULL AND DueAt IS NULL", ("$chat", chat.Id));
                if (waiting > 0 && choice is null)
                    return Ask(call, all ? PauseCommand.All : $"{paused[0].Subscription.Number}", waiting);
                if (choice == Skip)
                    db.Connection().Execute(
                        $"UPDATE Deliveries SET State='Cancelled', EndedAt=$now, Reason=$reason WHERE ChatId=$chat AND SubscriptionId IN ({ids}) AND State='Waiting' AND EndedAt IS NULL AND DueAt IS NULL",
                        ("$chat", chat.Id),
                        ("$now", call.Now.UtcTicks),
                        ("$reason", Phrase.Of("resume.skipped").Text));
                var line = Resume(db, call, chat, paused, all);
                notices.HoldsIn(db, chat.Id, call.Now);
                var held = Held(db, call, paused);
                var key = waiting == 0 ? held.Count > 0 ? "resume.on" : "resume.done" : choice == Skip ? "resume.skip" : "resume.send";
                var reply = call.Reply(key, ("feeds", all ? call.Say("resume.all") : call.Say("resume.feed", ("feed", paused[0].Title))), ("count", waiting));
                return reply with { Text = [.. reply.Text, .. held], Actions = [call.Undo(line.Id)] };
            },
            ct);
        outbox.Wake();
        return reply;
    }

    /// <summary>What is held back is no part of what waited: it goes on being held.</summary>
    private static List<Block> Held(NotifierDb db, CommandCall call, List<SubscribedFeed> paused) =>
    [
        .. paused
            .Select(s => (Feed: s, Count: db.Deliveries.Count(d => d.SubscriptionId == s.Subscription.Id && d.EndedAt == null && d.State == DeliveryState.Held)))
            .Where(held => held.Count > 0)
            .Take(MostNamed)
            .Select(held => new Block.Paragraph([new Span.Text(call.Say("resume.held", ("feed", held.Feed.Title), ("count", held.Count), ("number", held.Feed.Subscription.Number)))])),
    ];

    private Message Ask(CommandCall call, string which, long waiting) => call.Reply("resume.waiting", ("count", waiting)) with
    {
        Actions =
        [
            new MessageAction(call.Say("resume.choice.send", ("count", waiting)), $"/{Name} {which} {Send}"),
            new MessageAction(call.Say("resume.choice.skip", ("count", waiting)), $"/{Name} {which} {Skip}"),
        ],
    };

    private SubscribedFeed One(NotifierDb db, CommandCall call, Chat chat, string text)
    {
        var subscribed = SubscribedFeeds.Find(db, call, this, text);
        if (chat.PausedSince is not null)
            throw new CommandError(call.Say("resume.chat"), new MessageAction(call.Say("resume.choice.all"), $"/{Name} {PauseCommand.All}"));
        return subscribed.Subscription.PausedSince is not null ? subscribed : throw call.Error("resume.not", ("feed", subscribed.Title));
    }

    private static List<SubscribedFeed> Paused(NotifierDb db, CommandCall call, Chat chat)
    {
        var paused = SubscribedFeeds.Of(db, call.Chat).FindAll(s => chat.PausedSince is not null || s.Subscription.PausedSince is not null);
        return paused.Count > 0 || chat.PausedSince is not null ? paused : throw call.Error("resume.none");
    }

    /// <returns>The first line of the change.</returns>
    private AuditLine Resume(NotifierDb db, CommandCall call, Chat chat, List<SubscribedFeed> paused, bool all)
    {
        AuditLine? first = null;
        if (all && chat.PausedSince is not null)
        {
            var before = ChatRecord.Of(chat);
            chat.PausedSince = null;
            first = call.Audit(db, chat, Name, ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json);
        }

        foreach (var (subscription, feed, _) in paused)
        {
            if (subscription.PausedSince is not null)
            {
                var before = SubscriptionRecord.Of(feed, subscription).Json;
                subscription.PausedSince = null;
                var line = call.Audit(db, chat, Name, Subscribing.Subject(subscription), before, SubscriptionRecord.Of(feed, subscription).Json);
                first ??= line;
            }

            DueTimes.Recompute(db, subscription, call.Now);
        }

        return first!;
    }
}
