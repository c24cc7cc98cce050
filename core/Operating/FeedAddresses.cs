using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;

namespace Notifier.Operating;

/// <summary>Which feeds there are and where: <c>/feed add</c>, <c>edit</c> and <c>remove</c>.</summary>
internal sealed partial class FeedAddresses(FeedFinder finder, Poller poller, FeedNotices notices, Outbox outbox)
{
    private static readonly TimeSpan Decision = TimeSpan.FromMinutes(10);

    /// <summary>Makes a feed known. It is polled once a chat wants it.</summary>
    public async Task<Message> AddAsync(CommandCall call, string what, CancellationToken ct)
    {
        if (what.Length == 0)
            throw call.Error("feed.which");
        var found = await finder.FindAsync(finder.Address(what, Again, call), Again, call, ct);
        return await call.CommitAsync(
            (db, chat) =>
            {
                var address = found.Url.AbsoluteUri;
                if (db.Feeds.AsNoTracking().SingleOrDefault(f => f.Url == address && f.Credential == "") is { } known)
                    return call.Reply("feed.known", ("feed", Composer.FeedTitle(known)), ("id", KnownFeeds.Written(known)));
                var feed = Subscribing.FindOrAddFeed(db, found.Url, found.Document.Title, call.Now);
                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), null, FeedCommand.Json(feed));
                return call.Reply("feed.added", ("feed", Composer.FeedTitle(feed)), ("id", KnownFeeds.Written(feed)));
            },
            ct);

        static string Again(Uri url) => $"/feed add {url.AbsoluteUri}";
    }

    /// <summary>Gives a feed another address; what it has seen, and who gets it, stays. One that is known there already takes it in.</summary>
    public async Task<Message> EditAsync(CommandCall call, string what, CancellationToken ct)
    {
        var blank = what.LastIndexOf(' ');
        if (blank < 0)
            throw call.Error("feed.edit.usage");
        var to = what[(blank + 1)..];
        var feed = await call.ReadAsync(db => KnownFeeds.Find(db, call, what[..blank].TrimEnd().Trim('"'), id => $"/feed edit {id} {to}"));
        string Again(Uri url) => $"/feed edit {KnownFeeds.Written(feed)} {url.AbsoluteUri}";
        var address = finder.Address(to, Again, call);
        var login = await call.ReadAsync(db => FeedLogin.Of(db, feed.Credential, address));
        var found = login is null ? await finder.FindAsync(address, Again, call, ct) : await finder.ReadAsync(address, login, call, ct);
        if (found.Url.AbsoluteUri == feed.Url)
            return call.Reply("feed.edit.same", ("feed", Composer.FeedTitle(feed)));
        var (there, told) = await call.CommitAsync(
            (db, chat) =>
            {
                // Reading took its time: meanwhile it may have become one with another, or have moved.
                feed = KnownFeeds.In(db, call.Chat).SingleOrDefault(f => f.Id == feed.Id) ?? throw call.Error("feed.noid", ("id", feed.Id));
                if (found.Url.AbsoluteUri == feed.Url)
                    throw call.Error("feed.edit.same", ("feed", Composer.FeedTitle(feed)));
                var listeners = FeedNotices.Listeners(db, feed.Id);
                var id = FeedMoves.Move(db, feed.Id, found.Url, found.Document, call.Now)!.Value;

                // It was read just now, over connections that were checked: whatever was wrong with the old address is over.
                db.Connection().Execute(
                    """
                    UPDATE Feeds SET State='Active', FailuresInARow=0, FirstFailure=NULL, LastError=NULL, FailureToldAt=NULL,
                      AcceptsInsecure=CASE WHEN Id=$before THEN 0 ELSE AcceptsInsecure END,
                      NextPoll=CASE WHEN PausedSince IS NULL AND EXISTS (SELECT 1 FROM Subscriptions s WHERE s.FeedId=$id) THEN $now END
                    WHERE Id=$id
                    """,
                    ("$id", id),
                    ("$before", feed.Id),
                    ("$now", call.Now.UtcTicks));
                var now = db.Feeds.AsNoTracking().Single(f => f.Id == id);
                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), FeedCommand.Json(feed), FeedCommand.Json(now));
                var told = notices.HasMoved(db, listeners, id, FeedUrl.Display(found.Url, hideQuery: true), call.Now);
                notices.Holds(db, id, call.Now);
                return (now, told);
            },
            ct);
        poller.Wake();
        outbox.Wake();
        return call.Reply(
            there.Id == feed.Id ? "feed.edit.done" : "feed.edit.merged",
            ("feed", Composer.FeedTitle(there)),
            ("id", KnownFeeds.Written(there)),
            ("url", FeedUrl.Display(found.Url, hideQuery: true)),
            ("count", told));
    }

    /// <summary>Ends every subscription to a feed, once that is confirmed; each chat is told and may take it back for a day.</summary>
    public async Task<Message> RemoveAsync(CommandCall call, string what, CancellationToken ct)
    {
        var confirmed = Confirmed().Match(what) is { Success: true } yes ? yes.Groups["feed"].Value : null;
        var feed = await call.ReadAsync(db => KnownFeeds.Find(db, call, confirmed ?? what, id => $"/feed remove {id}"));
        if (confirmed is null)
        {
            var chats = await call.ReadAsync(db => KnownFeeds.Chats(db, feed.Id));
            return call.Reply("feed.remove.sure", ("feed", Composer.FeedTitle(feed)), ("count", chats)) with
            {
                Actions = [new MessageAction(call.Say("feed.remove.yes"), $"/feed remove {KnownFeeds.Written(feed)} yes") { Lifetime = Decision }],
            };
        }

        var ended = await call.CommitAsync(
            (db, chat) =>
            {
                var all = FeedLife.End(db, feed.Id, call.Person.Id, call.Person.Name, keepsDue: false, call.Now);
                foreach (var (where, line) in all.Where(one => one.Chat.GoneSince is null))
                    notices.WasRemoved(db, where, feed.Id, line, call.Now);
                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), FeedCommand.Json(feed), null);
                return all.Count;
            },
            ct);
        outbox.Wake();
        return call.Reply("feed.removed", ("feed", Composer.FeedTitle(feed)), ("count", ended));
    }

    [GeneratedRegex(@"^(?<feed>#\d+) yes$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Confirmed();
}
