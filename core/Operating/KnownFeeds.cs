using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Operating;

/// <summary>
/// All feeds of this Notifier, and how its operator names one: by the id that <c>/feed health</c> prints, by its address, or by a piece of its title.
/// One that needs a login is there for the chat that gave it, and for no other.
/// </summary>
internal static class KnownFeeds
{
    private const int MostChoices = 9;

    /// <summary>The feeds that may be spoken of in a chat. One whose login a restored backup does not have is there for the chat that subscribed to it.</summary>
    public static IQueryable<Feed> In(NotifierDb db, ChatAddress chat)
    {
        var here = db.Chats.Where(c => c.Platform == chat.Platform && c.Address == chat.Id && c.Thread == chat.Thread);
        return db.Feeds.AsNoTracking().Where(f => f.Credential == ""
            || db.FeedCredentials.Any(login => login.Key == f.Credential && here.Any(owner => owner.Id == login.ChatId))
            || (!db.FeedCredentials.Any(login => login.Key == f.Credential) && db.Subscriptions.Any(s => s.FeedId == f.Id && here.Any(owner => owner.Id == s.ChatId))));
    }

    /// <summary>The one that is meant.</summary>
    /// <param name="again">Makes the command line that chooses one of several by its id.</param>
    /// <exception cref="CommandError">None or several are; the reply says which there are.</exception>
    public static Feed Find(NotifierDb db, CommandCall call, string text, Func<string, string> again)
    {
        if (text.Length == 0)
            throw call.Error("feed.which");
        var all = In(db, call.Chat);
        if (long.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return all.SingleOrDefault(f => f.Id == id) ?? throw call.Error("feed.noid", ("id", id));
        if (FeedUrl.TryParse(text, out var url, out _) && At(all, url.Url) is { } byAddress)
            return byAddress;
        var pattern = "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        return all.Where(f => EF.Functions.Like(f.Title ?? f.Url, pattern, "\\")).OrderBy(f => f.Id).Take(MostChoices + 1).ToList() switch
        {
            [var only] => only,
            [] => throw call.Error("feed.notfound", ("feed", text)),
            var several => throw new CommandError(
                call.Say("feed.several", ("feed", text)),
                [.. several.Take(MostChoices).Select(f => new MessageAction($"{Composer.FeedTitle(f)} ({Written(f)})", again(Written(f))))]),
        };
    }

    /// <summary>The feed at an address, if there is one; the chat's own before the one for all.</summary>
    public static Feed? At(IQueryable<Feed> feeds, Uri url)
    {
        var address = url.AbsoluteUri;
        return feeds.Where(f => f.Url == address).OrderByDescending(f => f.Credential != "").FirstOrDefault();
    }

    /// <summary>How it is named for sure.</summary>
    public static string Written(Feed feed) => string.Create(CultureInfo.InvariantCulture, $"#{feed.Id}");

    /// <summary>How many chats get it.</summary>
    public static int Chats(NotifierDb db, long feedId) => db.Subscriptions.Count(s => s.FeedId == feedId && s.EndedAt == null);

    public static string Subject(Feed feed) => string.Create(CultureInfo.InvariantCulture, $"feed:{feed.Id}");
}
