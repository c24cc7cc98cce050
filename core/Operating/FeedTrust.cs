using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Feeds.Discovery;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;

namespace Notifier.Operating;

/// <summary><c>/feed insecure</c>: which feeds may be read over connections that prove nothing. None, unless the operator says so.</summary>
internal sealed class FeedTrust(FeedFinder finder, Poller poller)
{
    public async Task<Message> SetAsync(CommandCall call, string what, CancellationToken ct)
    {
        var blank = what.LastIndexOf(' ');
        var (name, choice) = blank < 0 ? ("", "") : (what[..blank].TrimEnd().Trim('"'), what[(blank + 1)..].ToLowerInvariant());
        if (name.Length == 0 || choice is not ("on" or "off"))
            throw call.Error("feed.insecure.usage");
        var accepts = choice == "on";
        var found = accepts ? await LookAsync(call, name, ct) : null;
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var id = found is null ? KnownFeeds.Find(db, call, name, id => $"/feed insecure {id} {choice}").Id : Subscribing.FindOrAddFeed(db, found.Url, found.Document.Title, call.Now).Id;
                var feed = db.Feeds.Single(f => f.Id == id);
                if (feed.Credential.Length > 0)
                    throw call.Error("feed.insecure.login", ("feed", Composer.FeedTitle(feed)));
                var before = FeedCommand.Json(feed);
                feed.AcceptsInsecure = accepts;
                if (feed.NextPoll is not null)
                    feed.NextPoll = call.Now;
                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), before, FeedCommand.Json(feed));
                return call.Reply(accepts ? "feed.insecure.on" : "feed.insecure.off", ("feed", Composer.FeedTitle(feed)), ("id", KnownFeeds.Written(feed)));
            },
            ct);
        poller.Wake();
        return reply;
    }

    /// <summary>The feed at an address that is not known yet, which could not be read to make it known; null for one that is, or no address.</summary>
    private async Task<FoundFeed?> LookAsync(CommandCall call, string name, CancellationToken ct)
    {
        if (!name.Contains("://", StringComparison.Ordinal))
            return null;
        var address = finder.Address(name, Again, call);
        return await call.ReadAsync(db => KnownFeeds.At(KnownFeeds.In(db, call.Chat), address)) is null
            ? await finder.FindAsync(address, acceptsInsecure: true, Again, call, ct)
            : null;

        static string Again(Uri url) => $"/feed insecure {url.AbsoluteUri} on";
    }
}
