using System.Globalization;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling.Identity;

namespace Notifier.Subscriptions;

/// <summary>An entry's way into this chat, or why it is not there, in stored facts alone.</summary>
public sealed class WhyCommand(FeedRhythm rhythm, Platforms platforms) : Command("why")
{
    private const int Listed = 5;
    private const int InFull = 3;

    /// <summary>Among so many of the newest entries of the chat's feeds it is looked for.</summary>
    private const int MostSearched = 20_000;

    private static readonly Parameter<string> What = new("what", "commands.why.what", text => text.Trim().Trim('<', '>', '“', '”', '"'))
    {
        TakesRest = true,
        Suggest = SubscribedFeeds.Suggestions,
    };

    public override IReadOnlyList<Parameter> Parameters => [What];

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct) => call.ReadAsync(db => Answer(db, call, call.Get(What)));

    private Message Answer(NotifierDb db, CommandCall call, string text)
    {
        if (text.Length == 0 || db.ChatAt(call.Chat) is not { } chat)
            return call.Reply("feeds.none");
        var feeds = SubscribedFeeds.Of(db, call.Chat);
        var number = int.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? typed : (int?)null;
        if (feeds.Find(s => s.Subscription.Number == number || s.Title.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } named)
            return OfFeed(db, call, chat, named);
        var found = Search(db, chat, feeds, text);
        if (found.Count > InFull)
            return Lines(db, call, chat, found, call.Say("why.several", ("count", found.Count), ("text", text), ("zone", chat.Zone)));
        if (found.Count > 0)
            return new Message { Text = [.. found.SelectMany(id => InDetail(call, new EntryWay(db, chat, id)))] };
        return feeds.Count > 0 && FeedOf(db, call, feeds, text, number is not null) is { } feed ? OfFeed(db, call, chat, feed) : call.Reply("why.unknown", ("text", CleanText.Line(text)));
    }

    /// <summary>The feed that is meant, where no entry was; null for none.</summary>
    /// <exception cref="CommandError">A number was given that no feed has.</exception>
    private SubscribedFeed? FeedOf(NotifierDb db, CommandCall call, List<SubscribedFeed> feeds, string text, bool isNumber) =>
        isNumber ? SubscribedFeeds.Find(db, call, this, text)
        : Feeds.FeedUrl.TryParse(text, out var url, out _) && feeds.Find(s => s.Feed.Url == url.Url.AbsoluteUri) is { } byAddress ? byAddress
        : feeds.FindAll(s => s.Title.Contains(text, StringComparison.OrdinalIgnoreCase)) is [var only] ? only : null;

    /// <summary>The entries that are meant, newest first: of feeds that the chat has, and those that were owed to it.</summary>
    private static List<long> Search(NotifierDb db, Chat chat, List<SubscribedFeed> feeds, string text)
    {
        var ids = feeds.ConvertAll(s => s.Feed.Id);
        var here = db.Entries.Where(e => ids.Contains(e.FeedId)).OrderByDescending(e => e.Id).Take(MostSearched).Select(e => new { e.Id, e.Title, e.Link }).AsEnumerable()
            .Concat(db.Deliveries.Where(d => d.ChatId == chat.Id).OrderByDescending(d => d.Id).Take(MostSearched).Join(db.Entries, d => d.EntryId, e => e.Id, (_, e) => new { e.Id, e.Title, e.Link }))
            .DistinctBy(e => e.Id).OrderByDescending(e => e.Id);
        if (WebLink.Read(text) is not null)
        {
            var link = CanonicalLink.Of(text);
            return [.. here.Where(e => CanonicalLink.Of(e.Link) == link).Select(e => e.Id)];
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. here.Where(e => e.Title is { } title && Array.TrueForAll(words, word => title.Contains(word, StringComparison.OrdinalIgnoreCase))).Select(e => e.Id)];
    }

    private Message OfFeed(NotifierDb db, CommandCall call, Chat chat, SubscribedFeed subscribed)
    {
        var newest = db.Entries.Where(e => e.FeedId == subscribed.Feed.Id).OrderByDescending(e => e.Id).Take(Listed).Select(e => e.Id).ToList();
        return newest.Count == 0
            ? call.Reply("why.none", ("feed", subscribed.Title))
            : Lines(db, call, chat, newest, call.Say("why.newest", ("count", newest.Count), ("feed", subscribed.Title), ("zone", chat.Zone)));
    }

    private Message Lines(NotifierDb db, CommandCall call, Chat chat, IEnumerable<long> entries, string head) => new()
    {
        Text =
        [
            Paragraph(new Span.Text(head)),
            new Block.List(null, [.. entries.Take(Listed).Select(id => new EntryWay(db, chat, id)).Select(way => new ListItem([Paragraph(Title(call, way), new Span.Text($": {Words(call, way).Fate()}"))]))]),
        ],
    };

    private IEnumerable<Block> InDetail(CommandCall call, EntryWay way) =>
    [
        Paragraph(Title(call, way)),
        new Block.List(null, [.. Words(call, way).All().Select(fact => new ListItem([Paragraph(new Span.Text(fact))]))]),
    ];

    private WayWords Words(CommandCall call, EntryWay way) => new(call, way, rhythm, platforms.Find(call.Chat.Platform));

    private static Span Title(CommandCall call, EntryWay way)
    {
        var title = new Span.Text(WayWords.Title(call, way.Entry));
        return WebLink.Read(way.Entry.Link) is { } link ? new Span.Link(link, [title]) : title;
    }

    private static Block.Paragraph Paragraph(params Span[] spans) => new(spans);
}
