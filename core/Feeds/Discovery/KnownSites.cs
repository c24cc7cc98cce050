namespace Notifier.Feeds.Discovery;

/// <summary>Sites whose pages have feeds at addresses that follow from the page's own, so nothing need be fetched to find them.</summary>
public static class KnownSites
{
    /// <summary>The feeds of that page, the likeliest first; empty for pages of other sites and for feeds themselves.</summary>
    public static IReadOnlyList<FeedCandidate> FeedsOf(Uri page)
    {
        var host = page.IdnHost.ToLowerInvariant();
        if (host.StartsWith("www.", StringComparison.Ordinal))
            host = host[4..];
        var path = page.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // What already names a feed is left alone.
        if (path is [.., var last] && (last.EndsWith(".atom", StringComparison.Ordinal) || last.EndsWith(".rss", StringComparison.Ordinal) || last.EndsWith(".xml", StringComparison.Ordinal)))
            return [];
        return host switch
        {
            "youtube.com" or "m.youtube.com" => YouTube(page, path),
            "github.com" => GitHub(path),
            "reddit.com" or "old.reddit.com" or "new.reddit.com" => Reddit(path),
            "bsky.app" when path is ["profile", var name] => [Feed($"https://bsky.app/profile/{name}/rss", $"@{name} on Bluesky")],
            "medium.com" when path is [['@', _, ..] name] => [Feed($"https://medium.com/feed/{name}", name)],
            // Their people are written with an @ too, but they are no Mastodon servers.
            "medium.com" or "tiktok.com" or "threads.net" or "threads.com" => [],
            _ => Mastodon(page, path),
        };
    }

    // A channel by its @name needs its page, which announces the feed.
    private static FeedCandidate[] YouTube(Uri page, string[] path) => path switch
    {
        ["channel", var id, ..] => [Feed($"https://www.youtube.com/feeds/videos.xml?channel_id={id}", "Videos")],
        ["playlist"] or ["watch"] when QueryValue(page, "list") is { } list => [Feed($"https://www.youtube.com/feeds/videos.xml?playlist_id={list}", "Playlist")],
        _ => [],
    };

    private static FeedCandidate[] GitHub(string[] path)
    {
        if (path is [var person])
            return [Feed($"https://github.com/{person}.atom", $"Public activity of {person}")];
        if (path is not [var owner, var repository, ..] || (path.Length > 2 && path[2] is not ("releases" or "tags" or "commits" or "tree")))
            return [];
        var root = $"https://github.com/{owner}/{repository}";
        var releases = Feed($"{root}/releases.atom", $"Releases of {repository}");
        var tags = Feed($"{root}/tags.atom", $"Tags of {repository}");
        var commits = Feed($"{root}/commits.atom", $"Commits to {repository}");
        return path.Length < 3 ? [releases, tags, commits] : path[2] switch
        {
            "tags" => [tags, releases, commits],
            "commits" or "tree" => [commits, releases, tags],
            _ => [releases, tags, commits],
        };
    }

    private static FeedCandidate[] Reddit(string[] path) => path switch
    {
        ["r", var name, ..] when path.Length == 2 || path[2] is "hot" or "new" or "top" => [Feed($"https://www.reddit.com/r/{name}/.rss", $"r/{name}")],
        ["user" or "u", var name] => [Feed($"https://www.reddit.com/user/{name}/.rss", $"u/{name}")],
        _ => [],
    };

    private static FeedCandidate[] Mastodon(Uri page, string[] path) =>
        path is [['@', _, ..] name] && name.LastIndexOf('@') == 0
            ? [Feed($"{page.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}/{name}.rss", $"{name}@{page.IdnHost}")]
            : [];

    private static FeedCandidate Feed(string url, string title) => new(new Uri(url), title);

    private static string? QueryValue(Uri page, string name)
    {
        foreach (var pair in page.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith(name + "=", StringComparison.Ordinal) && pair.Length > name.Length + 1)
                return pair[(name.Length + 1)..];
        }

        return null;
    }
}
