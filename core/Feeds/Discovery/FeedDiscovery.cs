using System.Net;

namespace Notifier.Feeds.Discovery;

/// <summary>
/// Finds the feeds of a web page: those it announces (<c>link rel="alternate"</c>), else links that look like feeds.
/// <see cref="KnownSites"/> needs no page at all.
/// </summary>
public static class FeedDiscovery
{
    /// <summary>Characters of a page that are looked at; feeds are announced near the top.</summary>
    public const int MaxPageLength = 2 * 1024 * 1024;

    public const int MaxCandidates = 20;

    private static readonly HashSet<string> FeedTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
        "application/xml", "text/xml", "application/rss", "application/atom", "text/rss", "text/rss+xml",
    };

    private static readonly string[] FeedEndings =
        [".rss", ".atom", ".rdf", "/feed", "/feeds", "/rss", "/atom", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json"];

    /// <summary>The feeds of a page, announced ones first and alone; at most <see cref="MaxCandidates"/>, in document order.</summary>
    public static IReadOnlyList<FeedCandidate> InPage(string html, Uri page)
    {
        var (announced, linked) = (new Found(), new Found());
        var root = page;
        var tags = new HtmlTags(html.AsSpan(0, Math.Min(html.Length, MaxPageLength)));
        while (tags.Next())
        {
            if (tags.Is("base") && tags.Attribute("href") is { } rooted && Uri.TryCreate(page, rooted.Trim(), out var declared) && FeedUrl.IsHttp(declared))
                root = declared;
            else if (tags.Is("link") && announced.HasRoom && AnnouncesFeed(tags))
                announced.Add(root, tags.Attribute("href"), tags.Attribute("title"));
            else if (tags.Is("a") && linked.HasRoom && tags.Attribute("href") is { } href && LooksLikeFeed(href))
                linked.Add(root, href, tags.Attribute("title") ?? WebUtility.HtmlDecode(tags.TextAfter().ToString()));
        }

        return announced.Count > 0 ? announced.Candidates : linked.Candidates;
    }

    private static bool AnnouncesFeed(HtmlTags tags)
    {
        var relations = (tags.Attribute("rel") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (relations.Contains("feed", StringComparer.OrdinalIgnoreCase))
            return true;
        if (!relations.Contains("alternate", StringComparer.OrdinalIgnoreCase) || tags.Attribute("type") is not { } type)
            return false;
        var parameters = type.IndexOf(';', StringComparison.Ordinal);
        if (parameters >= 0)
            type = type[..parameters];
        // WordPress announces its REST interface the way JSON Feed 1.0 announced feeds.
        return FeedTypes.Contains(type.Trim()) && tags.Attribute("href")?.Contains("wp-json", StringComparison.OrdinalIgnoreCase) == false;
    }

    private static bool LooksLikeFeed(string href)
    {
        var end = href.AsSpan().IndexOfAny('?', '#');
        var path = (end < 0 ? href : href.AsSpan(0, end)).Trim().TrimEnd('/');
        foreach (var ending in FeedEndings)
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase) || path.Equals(ending.AsSpan(1), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return end >= 0 && href[end] == '?' && (href.Contains("feed=", StringComparison.OrdinalIgnoreCase) || href.Contains("format=rss", StringComparison.OrdinalIgnoreCase));
    }

    private sealed class Found
    {
        private const int MaxTried = 500;

        private readonly HashSet<Uri> _seen = [];
        private readonly List<FeedCandidate> _candidates = [];
        private int _tried;

        public IReadOnlyList<FeedCandidate> Candidates => _candidates;

        public int Count => _candidates.Count;

        // A page may repeat one link a hundred thousand times, and making an address of each is what costs.
        public bool HasRoom => Count < MaxCandidates && _tried < MaxTried;

        public void Add(Uri root, string? href, string? title)
        {
            if (!HasRoom)
                return;
            _tried++;
            if (string.IsNullOrWhiteSpace(href) || href.Length > FeedUrl.MaxLength)
                return;
            if (!Uri.TryCreate(root, href.Trim(), out var uri) || !FeedUrl.IsHttp(uri) || FeedUrl.Canonical(uri) is not { } url || !_seen.Add(url))
                return;
            var words = string.Join(' ', (title ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            _candidates.Add(new FeedCandidate(url, words.Length == 0 ? null : words.Length > 200 ? words[..200] : words));
        }
    }
}
