using System.Globalization;
using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>The newest entries of a feed as they are now, delivering nothing and touching no poll.</summary>
public sealed class LatestCommand(FeedFinder finder) : Command("latest")
{
    private const int Most = 20;

    private static readonly Parameter<int> Count = new("n", "commands.latest.n", ReadCount) { IsOptional = true };

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, Count];

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var subscribed = await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, call.Get(SubscribedFeeds.FeedFirst)));
        var document = await finder.ReadAsync(subscribed.Feed, call, ct);
        var newest = document.NewestFirst().Take(call.GetOr(Count, 5)).ToList();
        if (newest.Count == 0)
            return call.Reply("latest.none", ("feed", subscribed.Title));
        return new Message
        {
            Text =
            [
                new Block.Paragraph([new Span.Text(call.Say("latest.head", ("feed", subscribed.Title), ("count", newest.Count)))]),
                new Block.List(null, [.. newest.Select(entry => new ListItem([new Block.Paragraph(Line(entry, call))]))]),
            ],
        };
    }

    private static List<Span> Line(ParsedEntry entry, CommandCall call)
    {
        var title = new Span.Text(string.IsNullOrWhiteSpace(entry.Title) ? call.Say("entry.untitled") : entry.Title);
        var line = new List<Span> { Uri.TryCreate(entry.Link, UriKind.Absolute, out var link) && link.Scheme is "http" or "https" ? new Span.Link(link, [title]) : title };
        if (entry.Date is { } date)
            line.Add(new Span.Text($" · {call.SayTime(date)}"));
        return line;
    }

    private static int ReadCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= Most
            ? count
            : throw new CommandError(Phrase.Of("value.count", ("text", text), ("most", Most)));
}
