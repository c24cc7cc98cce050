using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;

namespace Notifier.Subscriptions;

/// <summary>When this chat gets a feed's entries: as they come, or gathered for the times of a schedule.</summary>
public sealed class ScheduleCommand(Outbox outbox) : Command("schedule")
{
    internal static readonly Parameter<string> When = new("when", "commands.schedule.when", text => text.Trim())
    {
        IsOptional = true,
        TakesRest = true,
        Suggest = (_, _) => ScheduleReader.Presets.Select(preset => new Suggestion(preset, preset)),
    };

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, When];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var text = call.Get(SubscribedFeeds.FeedFirst);
        if (call.GetOr(When) is not { Length: > 0 } when)
            return call.Reply("schedule.is", Words(call, await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, text))));
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var subscribed = SubscribedFeeds.Find(db, call, this, text, when);
                var subscription = subscribed.Subscription;
                var before = SubscriptionRecord.Of(subscribed.Feed, subscription).Json;
                subscription.Cron = Read(call, when, chat.Zone, subscription.Id);
                DueTimes.Recompute(db, subscription, call.Now);
                var line = call.Audit(db, chat, Name, Subscribing.Subject(subscription), before, SubscriptionRecord.Of(subscribed.Feed, subscription).Json);
                return call.Reply("schedule.set", Words(call, subscribed)) with { Actions = [call.Undo(line.Id)] };
            },
            ct);
        outbox.Wake();
        return reply;
    }

    /// <summary>The cron expression that somebody means for a chat; null for at once.</summary>
    /// <exception cref="CommandError">It cannot be used.</exception>
    internal static string? Read(CommandCall call, string when, string? zone, long seed) => ScheduleReader.Read(when, Zones.Named(zone), seed, ScheduleReader.Floor, call.Now) switch
    {
        ScheduleChoice.AtOnce => null,
        ScheduleChoice.Cron cron => cron.Expression,
        ScheduleChoice.Refused refused => throw call.Error(refused.Key, refused.Values),
        var other => throw new InvalidOperationException($"No such choice: {other}"),
    };

    private static (string, object)[] Words(CommandCall call, SubscribedFeed subscribed)
    {
        var (subscription, chat) = (subscribed.Subscription, subscribed.Chat);
        var zone = Zones.Named(chat.Zone);
        var often = subscription.Cron is { } cron && Schedule.TryParse(cron, zone, subscription.Id, out _) is { } schedule
            ? call.Say("schedule.gathered", ("often", call.SaySchedule(cron)), ("zone", chat.Zone), ("next", call.SayNext(schedule, zone)))
            : call.Say("schedule.atonce");
        return [("feed", subscribed.Title), ("often", often)];
    }
}
