using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Feeds.Discovery;
using Notifier.Feeds.Fetching;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;

namespace Notifier.Operating;

/// <summary>
/// <c>/feed credentials</c>: what a feed that needs a login is fetched with. It is taken where nobody reads along, tried, stored, and never shown again;
/// the feed is from then on another one than the same address without it, for this chat alone.
/// </summary>
internal sealed class FeedLogins(FeedFinder finder, Poller poller, FeedNotices notices, Outbox outbox)
{
    /// <summary>Headers that say how the request is made, and not by whom.</summary>
    private static readonly string[] Own =
        ["host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect", "accept", "accept-encoding", "user-agent", "if-none-match", "if-modified-since", "range"];

    public async Task<Message> GiveAsync(CommandCall call, string what, CancellationToken ct)
    {
        var (name, rest) = CommandLine.Next(what);
        if (name.Length == 0 || rest.Length == 0)
            throw call.Error("feed.credentials.usage");
        var isNone = rest.Equals("none", StringComparison.OrdinalIgnoreCase);
        if (!isNone && !call.IsConfidential)
            throw call.Error("feed.credentials.seen");
        var address = await AddressAsync(call, name);
        if (isNone)
            return await TakeAwayAsync(call, address, ct);
        var login = Login(call, rest);
        var found = await finder.ReadAsync(address, login, call, ct);
        var feed = await call.CommitAsync((db, chat) => Store(call, db, chat, Place(address, found), login, found), ct);
        poller.Wake();
        outbox.Wake();
        return call.Reply("feed.credentials.done", ("feed", Composer.FeedTitle(feed)));
    }

    /// <summary>A feed of the chat or any other, or an address that is not known yet. No choices: they would have to hold the secret.</summary>
    private static async Task<Uri> AddressAsync(CommandCall call, string name)
    {
        if (!name.StartsWith('#') && FeedUrl.TryParse(name, out var url, out _))
            return url.Credentials is null ? url.Url : throw call.Error("feed.credentials.usage");
        try
        {
            return new Uri((await call.ReadAsync(db => KnownFeeds.Find(db, call, name, id => id))).Url);
        }
        catch (CommandError several) when (several.Actions.Count > 0)
        {
            throw call.Error("feed.credentials.several", ("feed", name));
        }
    }

    private static FeedCredentials Login(CommandCall call, string rest)
    {
        var (first, second) = CommandLine.Next(rest);
        if (first.Equals("header", StringComparison.OrdinalIgnoreCase) && CommandLine.Next(second) is { Tail.Length: > 0 } header)
        {
            var value = Whole(header.Tail);
            if (!header.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || Own.Contains(header.Value, StringComparer.OrdinalIgnoreCase) || !value.All(c => c is >= ' ' and <= '~'))
                throw call.Error("feed.credentials.header");
            return new FeedCredentials(null, null) { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { [header.Value] = value } };
        }

        return second.Length > 0 ? new FeedCredentials(first, Whole(second)) : throw call.Error("feed.credentials.usage");
    }

    /// <summary>All of it, or what the quotes around it hold.</summary>
    private static string Whole(string text) => CommandLine.Next(text) is { Tail: "", Value: var value } ? value : text;

    /// <summary>Where the feed is to be polled: where permanent redirects led, but not away from the place that the login is for.</summary>
    private static Uri Place(Uri address, FoundFeed found) => FeedLogin.Origin(found.Url) == FeedLogin.Origin(address) ? found.Url : address;

    private Feed Store(CommandCall call, NotifierDb db, Chat chat, Uri url, FeedCredentials login, FoundFeed found)
    {
        var address = url.AbsoluteUri;
        var feed = KnownFeeds.At(KnownFeeds.In(db, call.Chat), url) is { Credential.Length: > 0 } mine ? db.Feeds.Single(f => f.Id == mine.Id) : null;
        var before = feed is null ? null : FeedCommand.Json(feed);
        if (feed is null)
        {
            feed = new Feed { Url = address, Credential = OfferedAction.NewToken(), Title = found.Document.Title, Partition = Partition.Of(url.IdnHost), CreatedAt = call.Now };
            db.Feeds.Add(feed);
        }

        // Backups leave logins out: after a restore the feed has none.
        var key = feed.Credential;
        if (db.FeedCredentials.SingleOrDefault(c => c.Key == key) is not { } stored)
        {
            stored = new FeedCredential { Key = key, Origin = FeedLogin.Origin(url), ChatId = chat.Id };
            db.FeedCredentials.Add(stored);
        }

        (stored.Origin, stored.User, stored.Secret, stored.Headers) = (FeedLogin.Origin(url), login.User, login.Password, FeedLogin.Write(login.Headers));
        db.SaveChanges();
        if (db.Feeds.SingleOrDefault(f => f.Url == address && f.Credential == "") is { } open && db.Subscriptions.Any(s => s.ChatId == chat.Id && s.FeedId == open.Id && s.EndedAt == null))
        {
            FeedMoves.Remember(db.Connection(), open.Id, feed.Id);
            FeedMoves.Bring(db, open.Id, feed.Id, chat.Id, call.Now);
        }

        // What is new in it since the chat was last told goes to the chat; without a subscription yet, all of it is the past.
        poller.Record(db, feed.Id, found.Fetched, found.Document, call.Now);
        db.ChangeTracker.Clear();
        feed = db.Feeds.Single(f => f.Id == feed.Id);
        if (Subscribing.Add(db, chat, feed, call.Person.Id, call.Now) is { } made)
            call.Audit(db, chat, "subscribe", Subscribing.Subject(made), null, SubscriptionRecord.Of(feed, made).Json);
        call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), before, FeedCommand.Json(feed));
        return feed;
    }

    /// <summary>The chat gets the feed without a login again, and what was stored is deleted.</summary>
    private async Task<Message> TakeAwayAsync(CommandCall call, Uri url, CancellationToken ct)
    {
        await call.ReadAsync(db => Mine(call, db, url));
        var document = await OpenAsync(call, url, ct);
        var title = await call.CommitAsync(
            (db, chat) =>
            {
                var feed = Mine(call, db, url);
                var open = Subscribing.FindOrAddFeed(db, url, feed.Title, call.Now);

                // What the operator paused sees nothing until that is over.
                FeedMoves.Return(db, feed.Id, open.Id, chat, open.PausedSince is null ? document : null, call.Now);
                notices.Holds(db, open.Id, call.Now);
                if (open is { State: not FeedState.Gone, PausedSince: null })
                    open.NextPoll ??= call.Now;
                db.Connection().Execute("UPDATE Feeds SET NextPoll=NULL, Claim=Claim+1, ClaimEnds=NULL WHERE Id=$id", ("$id", feed.Id));
                db.FeedCredentials.RemoveRange(db.FeedCredentials.Where(c => c.Key == feed.Credential));
                call.Audit(db, chat, "feed", KnownFeeds.Subject(feed), FeedCommand.Json(feed), FeedCommand.Json(open));
                return Composer.FeedTitle(open);
            },
            ct);
        poller.Wake();
        outbox.Wake();
        return call.Reply("feed.credentials.gone", ("feed", title));
    }

    private static Feed Mine(CommandCall call, NotifierDb db, Uri url) =>
        KnownFeeds.At(KnownFeeds.In(db, call.Chat), url) is { Credential.Length: > 0 } mine ? mine : throw call.Error("feed.credentials.none");

    /// <summary>What is there without a login; null where that cannot be read, which is nothing to wait for.</summary>
    private async Task<ParsedFeed?> OpenAsync(CommandCall call, Uri url, CancellationToken ct)
    {
        try
        {
            return await finder.ReadAsync(url, call, ct);
        }
        catch (CommandError)
        {
            return null;
        }
    }
}
