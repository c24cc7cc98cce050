using Notifier.Feeds.Fetching;

namespace Notifier.Feeds.Discovery;

/// <summary>Looks for the feed of a site that says nowhere where it is, at the few addresses where most sites have theirs.</summary>
public sealed class CommonPaths(FeedFetcher fetcher, FeedParser parser, TimeProvider time)
{
    /// <summary>As many requests as a host gets at the same time; a browser makes more for one page.</summary>
    private const int AtOnce = 3;

    /// <summary>The likeliest first.</summary>
    internal static IReadOnlyList<string> Paths { get; } = ["/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/blog/feed", "/blog/rss.xml"];

    /// <summary>For all of them together: somebody is waiting for the answer.</summary>
    internal TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The first feed at the origin of a page that answered; null where there is none, or not in time.</summary>
    public async Task<FoundFeed?> FindAsync(Uri page, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            foreach (var few in Paths.Chunk(AtOnce))
            {
                var answers = await Task.WhenAll(few.Select(path => LookAsync(new Uri(page, path), both.Token)));
                if (Array.Find(answers, answer => answer.Found is not null).Found is { } found) return found;
                if (Array.Exists(answers, answer => answer.IsTired)) return null;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        return null;
    }

    /// <returns>The feed at that address, and whether the host had better be left alone now.</returns>
    private async Task<(FoundFeed? Found, bool IsTired)> LookAsync(Uri address, CancellationToken cancellationToken) =>
        await fetcher.FetchAsync(new FetchRequest(address), cancellationToken) switch
        {
            FetchResult.Fetched fetched => (parser.Parse(fetched.Body, fetched.Base, fetched.ContentType) is ParseResult.Parsed parsed && IsWhole(fetched, parsed.Feed) ? new FoundFeed(fetched.MovedTo ?? address, fetched, parsed.Feed) : null, false),
            FetchResult.Failed failed => (null, failed.Kind is not (FetchFailure.Status or FetchFailure.TooLarge or FetchFailure.TooManyRedirects or FetchFailure.NotPublic)),
            FetchResult.Throttled => (null, true),
            _ => (null, false),
        };

    /// <summary>What broke off would be taken for all that was there before; whoever knows the address can have it looked at twice.</summary>
    private static bool IsWhole(FetchResult.Fetched fetched, ParsedFeed feed) => !fetched.MayBeCut && !feed.IsCut;
}
