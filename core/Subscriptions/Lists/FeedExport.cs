using Notifier.Feeds;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Subscriptions.Lists;

/// <summary>The feeds of a chat as an OPML list, in the order of their numbers, with what the chat has set for each. The chat's own settings are no part of it.</summary>
public static class FeedExport
{
    /// <summary>What the file is called: nothing that anybody typed is part of it.</summary>
    public const string FileName = "notifier-feeds.opml";

    public const string MediaType = "text/x-opml";

    /// <returns>Null where there is no such chat.</returns>
    public static OpmlDocument? Of(NotifierDb db, ChatAddress address, Catalogue texts)
    {
        if (db.Chats.SingleOrDefault(c => c.Platform == address.Platform && c.Address == address.Id && c.Thread == address.Thread) is not { } chat)
            return null;
        return new OpmlDocument(texts.Say("export.title", ("chat", chat.Title ?? address.ToString())), [.. SubscribedFeeds.Of(db, address).Select(Outline)], More: false);
    }

    private static OpmlOutline Outline(SubscribedFeed subscribed)
    {
        var (subscription, feed) = (subscribed.Subscription, subscribed.Feed);
        return new OpmlOutline(string.IsNullOrWhiteSpace(feed.Title) ? null : feed.Title, feed.Url, Site(feed), [])
        {
            Filter = subscription.Filter,
            Schedule = subscription.Cron,
            Style = subscription.Style,
            Template = subscription.Template,
            IsPaused = subscription.PausedSince is not null,
        };
    }

    /// <summary>Publishers write anything there.</summary>
    private static string? Site(Feed feed) => Uri.TryCreate(feed.Site, UriKind.Absolute, out var site) && site.Scheme is "http" or "https" ? site.AbsoluteUri : null;
}
