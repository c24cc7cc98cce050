using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;

namespace Notifier.Operating;

/// <summary><c>/feed fulltext</c>: of which feeds the pages are read that their new entries link to.</summary>
internal static class FeedText
{
    public static Task<Message> SetAsync(CommandCall call, string what, CancellationToken ct)
    {
        var blank = what.LastIndexOf(' ');
        var (name, choice) = blank < 0 ? ("", "") : (what[..blank].TrimEnd().Trim('"'), what[(blank + 1)..].ToLowerInvariant());
        if (name.Length == 0 || choice is not ("on" or "off"))
            throw call.Error("feed.fulltext.usage");
        return call.CommitAsync(
            (db, chat) =>
            {
                var id = KnownFeeds.Find(db, call, name, id => $"/feed fulltext {id} {choice}").Id;
                var feed = db.Feeds.Single(f => f.Id == id);
                var before = FeedCommand.Json(feed);
                feed.FullText = choice == "on";
                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), before, FeedCommand.Json(feed));
                return call.Reply(feed.FullText ? "feed.fulltext.on" : "feed.fulltext.off", ("feed", Composer.FeedTitle(feed)), ("id", KnownFeeds.Written(feed)));
            },
            ct);
    }
}
