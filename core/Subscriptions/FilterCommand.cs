using Notifier.Chats;
using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Subscriptions;

/// <summary>Says or sets which entries of a feed this chat wants, and tries it on the newest ones.</summary>
public sealed class FilterCommand(FeedFinder finder, TimeProvider time) : Command("filter")
{
    private const int Tried = 10;
    private const int TitleLength = 120;

    private static readonly Parameter<string> Expression = new("expression", "commands.filter.expression", text => text.Trim())
    {
        IsOptional = true,
        TakesRest = true,
    };

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, Expression];

    public override Rights Needs => Rights.ChatAdmin;

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct) => call.GetOr(Expression) switch
    {
        null or "" => ShowAsync(call, ct),
        var off when off.Equals("off", StringComparison.OrdinalIgnoreCase) || off.Equals("none", StringComparison.OrdinalIgnoreCase) => EndAsync(call, off, ct),
        var expression => SetAsync(call, expression, ct),
    };

    private async Task<Message> ShowAsync(CommandCall call, CancellationToken ct)
    {
        var subscribed = await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, call.Get(SubscribedFeeds.FeedFirst)));
        if (subscribed.Subscription.Filter is not { } text)
            return call.Reply("filter.none", ("feed", subscribed.Title), ("number", subscribed.Subscription.Number));
        return FilterParser.Read(text) switch
        {
            FilterReading.Understood { Filter: var filter } => Reply(
                call.Say("filter.is", ("feed", subscribed.Title), ("words", filter.InWords(call.Say)), ("filter", text)),
                (await TryAsync(call, subscribed, filter, ct)).Said),
            FilterReading.Refused mistake => call.Reply("filter.foreign", ("feed", subscribed.Title), ("filter", text), ("reason", mistake.InWords(call.Say))),
            var other => throw new InvalidOperationException($"No such reading: {other}"),
        };
    }

    private async Task<Message> SetAsync(CommandCall call, string text, CancellationToken ct)
    {
        var filter = FilterParser.Read(text) switch
        {
            FilterReading.Understood understood => understood.Filter,
            FilterReading.Refused mistake => throw new CommandError(mistake.InWords(call.Say)),
            var other => throw new InvalidOperationException($"No such reading: {other}"),
        };
        var named = await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, call.Get(SubscribedFeeds.FeedFirst), text));
        var (tried, isTooSlow) = await TryAsync(call, named, filter, ct);
        if (isTooSlow)
            throw call.Error("filter.slow", ("feed", named.Title));
        var (subscribed, change, waiting) = await ChangeAsync(call, text, text, ct);
        var said = call.Say("filter.set", ("feed", subscribed.Title), ("words", filter.InWords(call.Say)));
        if (waiting > 0)
            said = $"{said}\n{call.Say("filter.waiting", ("count", waiting))}";
        return Reply(said, tried) with { Actions = Undo(call, change) };
    }

    private async Task<Message> EndAsync(CommandCall call, string typed, CancellationToken ct)
    {
        var (subscribed, change, _) = await ChangeAsync(call, null, typed, ct);
        return change == 0
            ? call.Reply("filter.none", ("feed", subscribed.Title), ("number", subscribed.Subscription.Number))
            : call.Reply("filter.off", ("feed", subscribed.Title)) with { Actions = Undo(call, change) };
    }

    /// <returns>The subscription, the number of the change, and how many of its entries wait already; the change is 0 where there was nothing to change.</returns>
    private Task<(SubscribedFeed Subscribed, long Change, int Waiting)> ChangeAsync(CommandCall call, string? filter, string typed, CancellationToken ct) => call.CommitAsync(
        (db, chat) =>
        {
            var subscribed = SubscribedFeeds.Find(db, call, this, call.Get(SubscribedFeeds.FeedFirst), typed);
            var (feed, subscription) = (subscribed.Feed, subscribed.Subscription);
            if (subscription.Filter == filter)
                return (subscribed, 0L, 0);
            var before = SubscriptionRecord.Of(feed, subscription).Json;
            subscription.Filter = filter;
            var line = call.Audit(db, chat, Name, Subscribing.Subject(subscription), before, SubscriptionRecord.Of(feed, subscription).Json);
            return (subscribed, line.Id, db.Deliveries.Count(d => d.ChatId == chat.Id && d.FeedId == feed.Id && d.SubscriptionId == subscription.Id && d.State == DeliveryState.Waiting && d.EndedAt == null));
        },
        ct);

    private static IReadOnlyList<MessageAction> Undo(CommandCall call, long change) => change == 0 ? [] : [call.Undo(change)];

    private static Message Reply(string said, IReadOnlyList<Block> tried)
    {
        var message = Message.Of(said.Split('\n'));
        return message with { Text = [.. message.Text, .. tried] };
    }

    /// <summary>What to say of the feed's newest entries, each as it would fare; and whether the patterns take so long that no poll would wait for them.</summary>
    private async Task<(IReadOnlyList<Block> Said, bool IsTooSlow)> TryAsync(CommandCall call, SubscribedFeed subscribed, Filter filter, CancellationToken ct)
    {
        IReadOnlyList<ParsedEntry> newest;
        try
        {
            var document = await finder.ReadAsync(subscribed.Feed, call, ct);
            newest = [.. document.NewestFirst().Take(Tried)];
        }
        catch (CommandError unreadable)
        {
            return ([Paragraph(call.Say("filter.untried", ("reason", unreadable.What)))], false);
        }

        if (newest.Count == 0)
            return ([Paragraph(call.Say("latest.none", ("feed", subscribed.Title)))], false);
        var run = new FilterRun(filter, new FilterBudget(time));
        var tried = newest.Select(entry => (
            Wanted: run.Matches(FeedEntries.SubjectOf(Poller.EntryOf(entry, subscribed.Feed.Id, call.Now))),
            Title: CleanText.Line(entry.Title) is { Length: > 0 } title ? CleanText.Cut(title, TitleLength) : call.Say("entry.untitled"))).ToList();
        var head = call.Say("filter.tried", ("count", tried.Count), ("wanted", tried.Count(entry => entry.Wanted)));

        // Lines of one paragraph, not a list: the mark is the bullet.
        var lines = tried.SelectMany(entry => new Span[]
        {
            new Span.Text($"{(entry.Wanted ? '✓' : '–')} {entry.Title}"),
            new Span.Break(),
        }).SkipLast(1);
        return ([Paragraph(head), new Block.Paragraph([.. lines])], run.IsTooSlow);
    }

    private static Block.Paragraph Paragraph(string text) => new([new Span.Text(text)]);
}
