using Notifier.Commands;
using Notifier.Feeds.Discovery;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Subscriptions;

/// <summary>From what a person types to a feed: an address, a page that announces feeds, a known site, or the word for a built-in one.</summary>
public sealed class FeedFinder(FeedFetcher fetcher, FeedParser parser, CommonPaths paths, ApplePodcasts podcasts, IEnumerable<NamedFeed> named)
{
    /// <summary>The address as typed, made canonical; for a page of a known site the feed that belongs to it.</summary>
    /// <param name="again">Makes the command line that chooses one of several feeds.</param>
    /// <exception cref="CommandError">It is no address, or it has several feeds: then with choices.</exception>
    public Uri Address(string typed, Func<Uri, string> again, CommandCall call)
    {
        if (named.FirstOrDefault(n => n.Name.Equals(typed.Trim(), StringComparison.OrdinalIgnoreCase)) is { } known)
            return known.Address();
        if (!FeedUrl.TryParse(typed, out var url, out var error))
            throw new CommandError(error);
        if (url.Credentials is not null)
            throw call.Error("find.credentials");
        return KnownSites.FeedsOf(url.Url) switch
        {
            [] => url.Url,
            [var only] => only.Url,
            var several => throw Choices(several, again, call),
        };
    }

    /// <summary>Fetches it, and where it is a page the feed that the page announces, or has without a word about it.</summary>
    /// <param name="again">Makes the command line that chooses one of several feeds.</param>
    /// <exception cref="CommandError">There is no feed, or there are several: then with choices.</exception>
    public Task<FoundFeed> FindAsync(Uri address, Func<Uri, string> again, CommandCall call, CancellationToken ct) => FindAsync(address, acceptsInsecure: false, again, call, ct);

    /// <summary>The same, if need be over connections that prove nothing.</summary>
    /// <param name="again">Makes the command line that chooses one of several feeds.</param>
    /// <exception cref="CommandError">There is no feed, or there are several: then with choices.</exception>
    public async Task<FoundFeed> FindAsync(Uri address, bool acceptsInsecure, Func<Uri, string> again, CommandCall call, CancellationToken ct)
    {
        var first = await LookAsync(ApplePodcasts.IsPage(address) ? await podcasts.FeedOfAsync(address, ct) ?? address : address, null, acceptsInsecure, call, ct);
        if (first is Look.OfFeed feed)
            return feed.Found;
        var page = (Look.Page)first;
        var candidates = FeedDiscovery.InPage(page.Html, page.Url);
        switch (candidates)
        {
            case []:
                return await paths.FindAsync(page.Url, ct) ?? throw call.Error("find.nofeed", ("host", page.Url.Host));
            case [var only]:
                return await LookAsync(only.Url, null, acceptsInsecure, call, ct) is Look.OfFeed announced ? announced.Found : throw call.Error("find.broken", ("url", only.Url));
            default:
                throw Choices(candidates, again, call);
        }
    }

    /// <summary>The document behind an address that is known to be a feed, fetched whole and touching no poll state.</summary>
    /// <exception cref="CommandError">It cannot be had now.</exception>
    public async Task<ParsedFeed> ReadAsync(Uri address, CommandCall call, CancellationToken ct) => (await ReadAsync(address, null, call, ct)).Document;

    /// <summary>The same of a feed that may need a login.</summary>
    /// <exception cref="CommandError">It cannot be had now.</exception>
    public async Task<ParsedFeed> ReadAsync(Feed feed, CommandCall call, CancellationToken ct)
    {
        var url = new Uri(feed.Url);
        return (await ReadAsync(url, await call.ReadAsync(db => FeedLogin.Of(db, feed.Credential, url)), feed.AcceptsInsecure, call, ct)).Document;
    }

    /// <summary>The same with a login, or without.</summary>
    /// <exception cref="CommandError">It cannot be had now.</exception>
    public Task<FoundFeed> ReadAsync(Uri address, FeedCredentials? login, CommandCall call, CancellationToken ct) => ReadAsync(address, login, acceptsInsecure: false, call, ct);

    private async Task<FoundFeed> ReadAsync(Uri address, FeedCredentials? login, bool acceptsInsecure, CommandCall call, CancellationToken ct) =>
        await LookAsync(address, login, acceptsInsecure, call, ct) is Look.OfFeed feed ? feed.Found : throw call.Error("find.notnow", ("host", address.Host));

    private static CommandError Choices(IReadOnlyList<FeedCandidate> candidates, Func<Uri, string> again, CommandCall call) => new(
        call.Say("find.several", ("count", candidates.Count)),
        [.. candidates.Take(9).Select(c => new MessageAction(c.Title is { Length: > 0 } title ? $"{title} ({FeedUrl.Display(c.Url)})" : FeedUrl.Display(c.Url), again(c.Url)))]);

    private Task<Look> LookAsync(Uri address, FeedCredentials? login, bool acceptsInsecure, CommandCall call, CancellationToken ct) => LookAsync(address, login, acceptsInsecure, null, call, ct);

    /// <param name="cut">The hash of an answer that looked cut off: what looks the same once more is how its publisher writes it.</param>
    private async Task<Look> LookAsync(Uri address, FeedCredentials? login, bool acceptsInsecure, ulong? cut, CommandCall call, CancellationToken ct)
    {
        switch (await fetcher.FetchAsync(new FetchRequest(address, Credentials: login, AcceptsInsecure: acceptsInsecure), ct))
        {
            case FetchResult.Fetched fetched:
                return parser.Parse(fetched.Body, fetched.Base, fetched.ContentType) switch
                {
                    ParseResult.Parsed parsed when (parsed.Feed.IsCut || fetched.MayBeCut) && cut != fetched.BodyHash =>
                        cut is null ? await LookAsync(address, login, acceptsInsecure, fetched.BodyHash, call, ct) : throw call.Error("find.cut", ("host", address.Host)),
                    ParseResult.Parsed parsed => new Look.OfFeed(new FoundFeed(fetched.MovedTo ?? address, fetched, parsed.Feed with { IsCut = false })),
                    ParseResult.WebPage page => new Look.Page(page.Html, fetched.Url),
                    ParseResult.NotAFeed not => throw call.Error("find.other", ("host", address.Host), ("reason", not.Reason)),
                    var other => throw new InvalidOperationException($"No such result: {other}"),
                };
            case FetchResult.Failed { Kind: FetchFailure.Tls or FetchFailure.Downgraded } insecure when login is null:
                throw call.Error("find.insecure", ("reason", insecure.Reason), ("url", address));
            case FetchResult.Failed failed:
                throw new CommandError(failed.Reason);
            case FetchResult.Throttled:
                throw call.Error("find.throttled", ("host", address.Host));
            case FetchResult.Gone:
                throw call.Error("find.gone", ("host", address.Host));
            case var other:
                throw new InvalidOperationException($"An unconditional request ended in {other}");
        }
    }

    private abstract record Look
    {
        public sealed record OfFeed(FoundFeed Found) : Look;

        public sealed record Page(string Html, Uri Url) : Look;
    }
}
