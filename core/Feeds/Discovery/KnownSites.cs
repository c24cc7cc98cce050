namespace Notifier.Feeds.Discovery;

/// <summary>Sites whose pages have feeds at addresses that follow from the page's own, so nothing need be fetched to find them.</summary>
public static class KnownSites
{
    /// <summary>First parts of a path there that are no blog.</summary>
    private static readonly HashSet<string> TumblrPages = new(StringComparer.Ordinal) { "explore", "dashboard", "login", "register", "about", "tagged", "search", "blog", "policy", "help" };

    /// <summary>The feeds of that page, the likeliest first; empty for pages of other sites and for feeds themselves.</summary>
    public static IReadOnlyList<FeedCandidate> FeedsOf(Uri page)
    {
        var host = page.IdnHost.ToLowerInvariant();
        if (host.StartsWith("www.", StringComparison.Ordinal))
            host = host[4..];
        var path = page.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // What already names a feed is left alone.
        if (path is [.., var last] && (last.EndsWith(".atom", StringComparison.Ordinal) || last.EndsWith(".rss", StringComparison.Ordinal) || last.EndsWith(".xml", StringComparison.Ordinal) || last is "rss" or "feed" or ".rss"))
            return [];
        return host switch
        {
            "youtube.com" or "m.youtube.com" or "music.youtube.com" => YouTube(page, path),
            "github.com" => GitHub(path),
            "gitlab.com" => GitLab(path),
            "codeberg.org" or "gitea.com" => Gitea(host, path),
            "reddit.com" or "old.reddit.com" or "new.reddit.com" => Reddit(path),
            "bsky.app" when path is ["profile", var name] => [Feed($"https://bsky.app/profile/{name}/rss", $"@{name} on Bluesky")],
            "medium.com" => Medium(path),
            "tumblr.com" when path is [var name] && !TumblrPages.Contains(name) => [Feed($"https://{name}.tumblr.com/rss", name)],
            "news.ycombinator.com" when path is [] or ["news"] => [Feed("https://news.ycombinator.com/rss", "Hacker News")],
            "stackoverflow.com" or "superuser.com" or "serverfault.com" or "askubuntu.com" or "mathoverflow.net" or "stackapps.com" => StackExchange(page, path),
            // Their people are written with an @ too, but they are no Mastodon servers.
            "tiktok.com" or "threads.net" or "threads.com" or "substack.com" or "tumblr.com" => [],
            _ when BlogName(host, ".stackexchange.com") is not null => StackExchange(page, path),
            _ when BlogName(host, ".substack.com") is { } name => [Feed($"https://{host}/feed", name)],
            _ when BlogName(host, ".wordpress.com") is { } name && path is [] => [Feed($"https://{host}/feed/", name)],
            _ when BlogName(host, ".tumblr.com") is { } name && path is [] => [Feed($"https://{host}/rss", name)],
            _ when BlogName(host, ".medium.com") is { } name && path is [] => [Feed($"https://{host}/feed", name)],
            _ when BlogName(host, ".blogspot.com") is { } name && path is [] => [Feed($"https://{host}/feeds/posts/default", name)],
            _ when host.StartsWith("lemmy.", StringComparison.Ordinal) => Lemmy(page, path),
            _ => Mastodon(page, path),
        };
    }

    /// <summary>What stands before the shared part of a blog's host; null on another host, or the provider's own.</summary>
    private static string? BlogName(string host, string shared) =>
        host.EndsWith(shared, StringComparison.Ordinal) && host[..^shared.Length] is var name and not ("" or "open" or "on" or "assets" or "en" or "help" or "support") && !name.Contains('.', StringComparison.Ordinal) ? name : null;

    // A channel by its @name needs its page, which announces the feed.
    private static FeedCandidate[] YouTube(Uri page, string[] path) => path switch
    {
        ["channel", var id, ..] => [Feed($"https://www.youtube.com/feeds/videos.xml?channel_id={id}", "Videos")],
        ["playlist"] or ["watch"] when QueryValue(page, "list") is { } list => [Feed($"https://www.youtube.com/feeds/videos.xml?playlist_id={list}", "Playlist")],
        ["user", var name, ..] => [Feed($"https://www.youtube.com/feeds/videos.xml?user={name}", "Videos")],
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

    /// <summary>Groups nest, so everything up to the dash is the project's name.</summary>
    private static FeedCandidate[] GitLab(string[] path)
    {
        var end = Array.IndexOf(path, "-");
        var project = end < 0 ? path : path[..end];
        if (project.Length < 2 || project[0] is "explore" or "users" or "groups" or "help" || (end >= 0 && path.Length > end + 1 && path[end + 1] is not ("tags" or "releases" or "tree" or "commits")))
            return [];
        var root = $"https://gitlab.com/{string.Join('/', project)}";
        return [Feed($"{root}/-/tags?format=atom", $"Tags of {project[^1]}"), Feed($"{root}.atom", $"Activity in {project[^1]}")];
    }

    /// <summary>Codeberg runs Forgejo, which comes from Gitea: <c>.rss</c> behind a page's address.</summary>
    private static FeedCandidate[] Gitea(string host, string[] path)
    {
        if (path is [var person] && person is not ("explore" or "user" or "issues" or "pulls" or "login"))
            return [Feed($"https://{host}/{person}.rss", $"Public activity of {person}")];
        if (path is not [var owner, var repository, ..] || owner is "explore" or "user" or "org" || (path.Length > 2 && path[2] is not ("releases" or "tags" or "src" or "commits")))
            return [];
        var root = $"https://{host}/{owner}/{repository}";
        var (releases, tags, activity) = (Feed($"{root}/releases.rss", $"Releases of {repository}"), Feed($"{root}/tags.rss", $"Tags of {repository}"), Feed($"{root}.rss", $"Activity in {repository}"));
        return path.Length > 2 && path[2] == "tags" ? [tags, releases, activity] : [releases, tags, activity];
    }

    private static FeedCandidate[] Medium(string[] path) => path switch
    {
        [['@', _, ..] name] => [Feed($"https://medium.com/feed/{name}", name)],
        ["tag", var tag, ..] => [Feed($"https://medium.com/feed/tag/{tag}", tag)],
        [var publication] when publication is not ("feed" or "tag" or "me" or "m" or "p" or "about" or "search" or "topics" or "explore-topics" or "membership") => [Feed($"https://medium.com/feed/{publication}", publication)],
        _ => [],
    };

    private static FeedCandidate[] StackExchange(Uri page, string[] path)
    {
        var root = $"https://{page.IdnHost}/feeds";
        return path switch
        {
            [] or ["questions"] => [Feed(root, "Questions")],
            ["questions", "tagged", var tags] => [Feed($"{root}/tag?tagnames={tags}&sort=newest", Uri.UnescapeDataString(tags))],
            ["questions" or "q", var number, ..] when IsNumber(number) => [Feed($"{root}/question/{number}", "Answers to this question")],
            ["users", var number, ..] when IsNumber(number) => [Feed($"{root}/user/{number}", "What this person writes")],
            _ => [],
        };
    }

    private static FeedCandidate[] Lemmy(Uri page, string[] path) => path switch
    {
        [("c" or "u") and var kind, var name] => [Feed($"https://{page.IdnHost}/feeds/{kind}/{name}.xml?sort=New", name)],
        [] => [Feed($"https://{page.IdnHost}/feeds/local.xml?sort=New", "Posts of this server"), Feed($"https://{page.IdnHost}/feeds/all.xml?sort=New", "All posts")],
        _ => [],
    };

    private static bool IsNumber(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static FeedCandidate[] Reddit(string[] path) => path switch
    {
        ["r", var name, ..] when path.Length == 2 || path[2] is "hot" or "new" or "top" => [Feed($"https://www.reddit.com/r/{name}/.rss", $"r/{name}")],
        [] => [Feed("https://www.reddit.com/.rss", "Reddit's front page")],
        ["r", var name, "comments", var post, ..] => [Feed($"https://www.reddit.com/r/{name}/comments/{post}/.rss", "Comments on this post")],
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
