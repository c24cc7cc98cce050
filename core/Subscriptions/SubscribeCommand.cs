using System.Globalization;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>Finds the feed behind an address, shows its newest entry as it would look here, and subscribes the chat.</summary>
public sealed class SubscribeCommand(FeedFinder finder, Poller poller, EntryMessages messages, Outbox outbox, FeedRhythm rhythm, CommandOptions options)
    : Command("subscribe")
{
    private const int MostBackfilled = 20;

    private static readonly Parameter<string> Url = new("url", "commands.subscribe.url", text => text);
    private static readonly Parameter<int> Backfill = new("backfill", "commands.subscribe.backfill", ReadBackfill)
    {
        IsOptional = true,
        Suggest = (_, _) => [new Suggestion("none", "none"), new Suggestion("last", "last"), new Suggestion("5", "5"), new Suggestion("10", "10")],
    };

    private static readonly Parameter<string> Schedule = new("schedule", "commands.subscribe.schedule", text => text.Trim())
    {
        IsOptional = true,
        Suggest = ScheduleCommand.When.Suggest,
    };

    private static readonly Parameter<string> Style = new("style", "commands.subscribe.style", text => text.Trim())
    {
        IsOptional = true,
        Suggest = (_, _) => Look.Styles.Where(style => style != Look.Styles[(int)Messages.Style.Custom]).Select(style => new Suggestion(style, style)),
    };

    private static readonly Parameter<string> Filter = new("filter", "commands.subscribe.filter", text => text.Trim()) { IsOptional = true, TakesRest = true };

    public override IReadOnlyList<string> Aliases => ["sub", "add"];

    public override IReadOnlyList<Parameter> Parameters => [Url, Backfill, Schedule, Style, Filter];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var typed = call.Get(Url);
        var backfill = call.GetOr(Backfill, -1);
        var numbered = int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var again = Again(backfill, call.GetOr(Schedule), call.GetOr(Style), call.GetOr(Filter));
        var address = numbered ? null : finder.Address(typed, again, call);
        if (await call.ReadAsync(db => Mine(db, call, number, address)) is { } mine)
            return await AlreadyAsync(call, mine, backfill, ct);
        if (address is null)
            throw call.Error("subscribe.nonumber", ("number", number));
        var cron = call.GetOr(Schedule) is { Length: > 0 } when ? ScheduleCommand.Read(call, when, await call.ReadAsync(db => db.ChatAt(call.Chat)?.Zone), seed: 0) : null;
        var look = call.GetOr(Style) is { Length: > 0 } style ? StyleCommand.Read(call, style) : null;
        if (look?.Style == Messages.Style.Custom)
            throw call.Error("subscribe.notemplate");
        var filter = call.GetOr(Filter) is { Length: > 0 } wanted ? wanted : null;
        if (filter is not null && FilterParser.Read(filter) is FilterReading.Refused mistake)
            throw new CommandError(mistake.InWords(call.Say));
        if (await call.MissingRightAsync(ct) is { } right)
            throw call.Error("subscribe.noright", ("right", right));
        await call.ReadAsync(db => RequireRoom(db, call));

        var known = await call.ReadAsync(db => db.Feeds.SingleOrDefault(f => f.Url == address.AbsoluteUri && f.Credential == ""));
        var found = known is null ? await finder.FindAsync(address, again, call, ct) : null;
        if (found is not null)
            known = await call.ReadAsync(db => db.Feeds.SingleOrDefault(f => f.Url == found.Url.AbsoluteUri && f.Credential == ""));

        // A feed that is polled already is polled once more: what is new in it goes to those who have it, and is the past for this chat.
        var document = found?.Document;
        if (known is not null)
        {
            if (known.PausedSince is not null)
                throw call.Error("feed.paused", ("feed", Composer.FeedTitle(known)));
            var report = await poller.PollNowAsync(known.Id, whole: true, ct);
            document = report?.Document ?? throw new CommandError(report?.Failure ?? call.Say("find.notnow", ("host", address.Host)));

            // That poll may have been the one by which it has another address, or has become one with another feed.
            known = await call.ReadAsync(db => db.Feeds.SingleOrDefault(f => f.Id == known.Id)) ?? throw call.Error("find.notnow", ("host", address.Host));
        }

        var (feed, subscription, chatStyle, zone) = await call.CommitAsync(
            (db, chat) =>
            {
                RequireRoom(db, call);
                var feed = Subscribing.FindOrAddFeed(db, found?.Url ?? new Uri(known!.Url), document!.Title, call.Now);
                if (found is not null)
                    poller.RecordFirst(db, feed.Id, found.Fetched, found.Document, call.Now);
                db.Entry(feed).Reload();
                var made = Subscribing.Add(db, chat, feed, call.Person.Id, call.Now);
                if (made is not null)
                {
                    (made.Cron, made.Filter, made.Style) = (cron, filter, look?.ToString());
                    call.Audit(db, chat, Name, Subscribing.Subject(made), null, SubscriptionRecord.Of(feed, made).Json);
                    if (backfill > 0)
                        Poller.Owe(db, made, Newest(document, backfill), call.Now);
                }

                return (feed, made, chat.Style, chat.Zone);
            },
            ct);
        poller.Wake();
        outbox.Wake();
        return subscription is null
            ? call.Reply("subscribe.already", ("feed", Composer.FeedTitle(feed)))
            : Welcome(call, feed, subscription, Look.Read(subscription.Style ?? chatStyle) ?? new Look(), zone, document!, backfill);
    }

    /// <exception cref="CommandError">The chat, or its guild or group, has as many subscriptions as it may.</exception>
    private bool RequireRoom(NotifierDb db, CommandCall call)
    {
        if (call.Rights == Rights.Operator)
            return true;
        var room = Room.Of(db, call.Chat, call.Space ?? db.SpaceOf(call.Chat), options);
        return room.Left > 0 ? true : throw call.Error(room.Key, ("count", room.Count));
    }

    /// <summary>The same wish for one of several feeds.</summary>
    private static Func<Uri, string> Again(int backfill, string? schedule, string? style, string? filter) => url => string.Concat(
        $"/subscribe {url.AbsoluteUri}",
        backfill < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" backfill:{backfill}"),
        string.IsNullOrEmpty(schedule) ? "" : $" schedule:\"{schedule.Replace("\"", "", StringComparison.Ordinal)}\"",
        string.IsNullOrEmpty(style) ? "" : $" style:\"{style.Replace("\"", "", StringComparison.Ordinal)}\"",

        // It stands last and takes the rest of the line; in parentheses, since quotes at its beginning would be the argument's.
        string.IsNullOrEmpty(filter) ? "" : $" filter:({filter})");

    private static SubscribedFeed? Mine(NotifierDb db, CommandCall call, int number, Uri? address) =>
        SubscribedFeeds.Of(db, call.Chat).Find(s => address is null ? s.Subscription.Number == number : s.Feed.Url == address.AbsoluteUri);

    /// <summary>The choice after subscribing: whether the entry that was shown is sent as well.</summary>
    private async Task<Message> AlreadyAsync(CommandCall call, SubscribedFeed mine, int backfill, CancellationToken ct)
    {
        if (backfill <= 0)
            return call.Reply(backfill == 0 ? "subscribe.onlynew" : "subscribe.already", ("feed", mine.Title));
        var document = await finder.ReadAsync(mine.Feed, call, ct);
        var (owed, waits) = await call.CommitAsync(
            (db, chat) =>
            {
                var owed = Poller.Owe(db, mine.Subscription, Newest(document, backfill), call.Now);

                // In a chat a feed's entries keep their order.
                var waits = db.Deliveries.Any(d => d.ChatId == chat.Id && d.FeedId == mine.Feed.Id && d.EndedAt == null && d.State != DeliveryState.Held && (d.DueAt == null || d.DueAt > call.Now));
                return (owed, waits);
            },
            ct);
        outbox.Wake();
        return call.Reply(
            owed == 0 ? "subscribe.sentbefore" : waits ? "subscribe.backfilllater" : "subscribe.backfill",
            ("count", owed == 0 ? backfill : owed),
            ("feed", mine.Title));
    }

    private Message Welcome(CommandCall call, Feed feed, Subscription subscription, Look look, string zone, ParsedFeed document, int backfill)
    {
        var title = Composer.FeedTitle(feed);
        var often = rhythm.InWords(feed);
        if (subscription.Cron is { } cron)
            often = call.Say("subscribe.gathered", ("polled", often), ("often", call.SaySchedule(cron)));
        if (document.Entries.Count == 0)
            return call.Reply("subscribe.empty", ("feed", title), ("often", often));
        if (backfill >= 0)
            return call.Reply("subscribe.done", ("feed", title), ("often", often));
        var reply = call.Reply("subscribe.preview", ("feed", title), ("often", often));
        var entry = messages.Of(Poller.EntryOf(Newest(document, 1)[0], feed.Id, call.Now), feed, look, template: null, zone, out _);
        return reply with
        {
            Text = [.. reply.Text, .. entry.Text],
            Card = entry.Card,
            Actions =
            [
                new MessageAction(call.Say("subscribe.choice.new"), $"/subscribe {subscription.Number} none"),
                new MessageAction(call.Say("subscribe.choice.last"), $"/subscribe {subscription.Number} last"),
            ],
        };
    }

    /// <summary>The newest entries, oldest first.</summary>
    private static List<ParsedEntry> Newest(ParsedFeed document, int count) => [.. document.NewestFirst().Take(count).Reverse()];

    private static int ReadBackfill(string text) => text.ToLowerInvariant() switch
    {
        "none" => 0,
        "last" => 1,
        var number when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= MostBackfilled => n,
        _ => throw new CommandError(Phrase.Of("value.backfill", ("text", text), ("most", MostBackfilled))),
    };
}
