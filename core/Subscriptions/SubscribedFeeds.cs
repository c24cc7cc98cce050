using System.Globalization;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Subscriptions;

/// <summary>The feeds of a chat, and how people name them: by the number that /list prints, by address, or by a piece of the title.</summary>
internal static class SubscribedFeeds
{
    public static readonly Parameter<string> Feed = new("feed", "commands.anyfeed", text => text.Trim()) { TakesRest = true, Suggest = Suggestions };

    /// <summary>The same where more follows it: of a title with blanks in quotes.</summary>
    public static readonly Parameter<string> FeedFirst = new("feed", Feed.Key, text => text.Trim()) { Suggest = Suggestions };

    /// <summary>The chat's subscriptions that have not ended, by number.</summary>
    public static List<SubscribedFeed> Of(NotifierDb db, ChatAddress address) => [.. (
        from subscription in db.Subscriptions
        join chat in db.Chats on subscription.ChatId equals chat.Id
        join feed in db.Feeds on subscription.FeedId equals feed.Id
        where chat.Platform == address.Platform && chat.Address == address.Id && chat.Thread == address.Thread && subscription.EndedAt == null
        orderby subscription.Number
        select new SubscribedFeed(subscription, feed, chat))];

    /// <summary>The chat's feeds to choose from.</summary>
    public static IEnumerable<Suggestion> Suggestions(NotifierDb db, ChatAddress chat) =>
        Of(db, chat).Select(s => new Suggestion($"{s.Subscription.Number}. {s.Title}", s.Subscription.Number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The one that is meant.</summary>
    /// <param name="others">The arguments behind the feed, so that whoever chooses one of several need not type them again.</param>
    /// <exception cref="CommandError">None or several are; the reply says which there are.</exception>
    public static SubscribedFeed Find(NotifierDb db, CommandCall call, Command command, string text, string others = "")
    {
        var all = Of(db, call.Chat);
        if (all.Count == 0)
            throw call.Error("feeds.none");
        if (int.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return all.Find(s => s.Subscription.Number == number) ?? throw call.Error("feeds.nonumber", ("number", number), ("last", all[^1].Subscription.Number));
        if (Feeds.FeedUrl.TryParse(text, out var url, out _) && all.Find(s => s.Feed.Url == url.Url.AbsoluteUri) is { } byAddress)
            return byAddress;
        var byTitle = all.FindAll(s => s.Title.Contains(text, StringComparison.OrdinalIgnoreCase));
        if (byTitle.Find(s => s.Title.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } exact)
            return exact;
        switch (byTitle)
        {
            case [var only]:
                return only;
            case []:
                throw all.FindAll(s => IsNear(s.Title.ToLowerInvariant(), text.ToLowerInvariant())) is { Count: > 0 } near
                    ? Choices("feeds.near", near)
                    : call.Error("feeds.notfound", ("feed", text));
            default:
                throw Choices("feeds.several", byTitle);
        }

        CommandError Choices(string key, List<SubscribedFeed> feeds) => new(
            call.Say(key, ("feed", text), ("count", feeds.Count)),
            [.. feeds.Take(9).Select(s => new MessageAction($"{s.Title} (#{s.Subscription.Number})", $"/{command.Name} {s.Subscription.Number} {others}".TrimEnd()))]);
    }

    /// <summary>Whether a mistyped text may mean the title, or a word of it.</summary>
    private static bool IsNear(string title, string text) => Likeness.Nearest(text, [title, .. title.Split(' ').Where(word => word.Length > 3)]) is not null;
}

/// <summary>A subscription with its feed and its chat.</summary>
internal sealed record SubscribedFeed(Subscription Subscription, Feed Feed, Chat Chat)
{
    public string Title => Composer.FeedTitle(Feed);
}
