using System.Globalization;
using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>The chat's feeds: number, title, state in words, schedule; a page at a time.</summary>
public sealed class ListCommand(FeedRhythm rhythm) : Command("list")
{
    private const int PageLength = 15;

    private static readonly Parameter<int> Page = new("page", "commands.list.page", ReadPage) { IsOptional = true };

    public override IReadOnlyList<string> Aliases => ["ls"];

    public override IReadOnlyList<Parameter> Parameters => [Page];

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var (all, held) = await call.ReadAsync(db => (SubscribedFeeds.Of(db, call.Chat), Held(db, call)));
        if (all.Count == 0)
            return call.Reply("list.none");
        var pages = (all.Count + PageLength - 1) / PageLength;
        var page = Math.Clamp(call.GetOr(Page, 1), 1, pages);

        // Lines of one paragraph, not a list: the numbers have gaps.
        var lines = all.Skip((page - 1) * PageLength).Take(PageLength).SelectMany(s => new Span[]
        {
            new Span.Text($"{s.Subscription.Number}. "),
            Named(s),
            new Span.Text(string.Concat(Facts(call, s, held.GetValueOrDefault(s.Subscription.Id)).Select(fact => $" · {fact}"))),
            new Span.Break(),
        }).SkipLast(1);
        return new Message
        {
            Text = [new Block.Paragraph([new Span.Text(call.Say("list.head", ("count", all.Count)))]), new Block.Paragraph([.. lines])],
            Actions = page < pages ? [new MessageAction(call.Say("list.more", ("page", page + 1), ("pages", pages)), $"/{Name} {page + 1}")] : [],
        };
    }

    /// <summary>With its address; but what stands behind a question mark may be somebody's key, and is nobody else's to see.</summary>
    private static Span Named(SubscribedFeed subscribed) => new Uri(subscribed.Feed.Url) is { Query.Length: > 1 } secret
        ? new Span.Text($"{subscribed.Title} ({FeedUrl.Display(secret, hideQuery: true)})")
        : new Span.Link(new Uri(subscribed.Feed.Url), [new Span.Text(subscribed.Title)]);

    /// <summary>How many entries are held back, by the subscription that would get them.</summary>
    private static Dictionary<long, int> Held(NotifierDb db, CommandCall call) => db.ChatAt(call.Chat) is not { Id: var chat } ? [] : db.Deliveries
        .Where(d => d.ChatId == chat && d.EndedAt == null && d.State == DeliveryState.Held && d.SubscriptionId != null)
        .GroupBy(d => d.SubscriptionId!.Value).ToDictionary(group => group.Key, group => group.Count());

    private IEnumerable<string> Facts(CommandCall call, SubscribedFeed subscribed, int held)
    {
        yield return State(call, subscribed);
        if (held > 0)
            yield return call.Say("state.held", ("count", held), ("number", subscribed.Subscription.Number));
        if (subscribed.Subscription.Cron is { } cron)
            yield return call.Say("list.gathered", ("often", call.SaySchedule(cron)));
        if (subscribed.Subscription.Filter is { } filter)
            yield return call.Say("list.filter", ("filter", filter));
    }

    private string State(CommandCall call, SubscribedFeed subscribed) => subscribed switch
    {
        { Subscription.PausedSince: not null } or { Chat.PausedSince: not null } => call.Say("state.paused"),
        { Feed.PausedSince: not null } => call.Say("state.feedpaused"),
        { Feed.State: FeedState.Gone } => call.Say("state.gone"),
        { Feed: { State: FeedState.Broken, FirstFailure: { } since, LastError: var error } } => call.Say("state.broken", ("since", call.SayTime(since)), ("error", new Phrase(error ?? ""))),
        { Feed.LastSuccess: null } => call.Say("state.new"),
        _ => call.Say("state.active", ("often", rhythm.InWords(subscribed.Feed))),
    };

    private static int ReadPage(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : throw new CommandError(Phrase.Of("value.page", ("text", text)));
}
