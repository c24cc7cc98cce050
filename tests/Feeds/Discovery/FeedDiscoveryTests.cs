using System.Diagnostics;
using Notifier.Feeds;
using Notifier.Feeds.Discovery;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds.Discovery;

[Collection(nameof(Alone))]
public sealed class FeedDiscoveryTests
{
    private static readonly Uri Page = new("https://example.org/blog/");

    [Theory]
    [InlineData("""<link rel="alternate" type="application/rss+xml" title="Posts &amp; more" href="/feed?a=1&amp;b=2">""", "https://example.org/feed?a=1&b=2", "Posts & more")]
    [InlineData("<LINK HREF=feed.atom TYPE=application/atom+xml REL=alternate>", "https://example.org/blog/feed.atom", null)]
    [InlineData("<link rel='alternate home' type='application/feed+json; charset=utf-8' href='//cdn.example.org/feed.json'/>", "https://cdn.example.org/feed.json", null)]
    [InlineData("<link\n  rel = \"Alternate\"\n  type = \"text/xml\"\n  title = \"a > b\"\n  href = \"rss.xml\"\n>", "https://example.org/blog/rss.xml", "a > b")]
    [InlineData("<link rel=feed href=f>", "https://example.org/blog/f", null)]
    [InlineData("<base href='https://other.org/x/'><link rel=alternate type=application/rdf+xml href=rdf title='  two\n words '>", "https://other.org/x/rdf", "two words")]
    [InlineData("<a href='/about'>About</a><a class=x href='/feed/'>All <b>posts</b></a>", "https://example.org/feed/", "All")]
    [InlineData("<a href='/index.php?feed=rss2'>RSS</a>", "https://example.org/index.php?feed=rss2", "RSS")]
    public void A_feed_is_found(string html, string url, string? title)
    {
        var found = Assert.Single(FeedDiscovery.InPage("<!DOCTYPE html><html><head>" + html + "</head>", Page));

        Assert.Equal(url, found.Url.AbsoluteUri);
        Assert.Equal(title, found.Title);
    }

    [Theory]
    [InlineData("<link rel=stylesheet type=text/css href=a.css>")]
    [InlineData("<link rel=alternate hreflang=de href=/de>")]
    [InlineData("<link rel=alternate type=application/json+oembed href=/oembed>")]
    [InlineData("<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>")]
    [InlineData("<!-- <link rel=alternate type=application/rss+xml href=/feed> -->")]
    [InlineData("<script>var x = '<link rel=alternate type=application/rss+xml href=/feed>'</script>")]
    [InlineData("<title><link rel=alternate type=application/rss+xml href=/feed></title>")]
    [InlineData("<link rel=alternate type=application/rss+xml href=javascript:alert(1)>")]
    [InlineData("<link rel=alternate type=application/rss+xml>")]
    [InlineData("<link rel=alternate type=application/rss+xml href=")]
    [InlineData("<a href='/feedback'>Feedback</a><a href=/sitemap.html>")]
    [InlineData("<")]
    [InlineData("")]
    public void What_is_no_feed_is_not_found(string html) => Assert.Empty(FeedDiscovery.InPage(html, Page));

    [Fact]
    public void Announced_feeds_keep_their_order_and_hide_mere_links()
    {
        var found = FeedDiscovery.InPage(
            "<link rel=alternate type=application/rss+xml href=/a><link rel=alternate type=application/atom+xml href=/b><link rel=alternate type=application/rss+xml href=/a#again><a href=/c.rss>c</a>", Page);

        Assert.Equal(["https://example.org/a", "https://example.org/b"], found.Select(candidate => candidate.Url.AbsoluteUri));
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<a href=/feed><b><i>")]
    [InlineData("<a href='")]
    [InlineData("<link rel=alternate type=text/xml href=x>")]
    [InlineData("<script>")]
    [InlineData("<!--")]
    [InlineData("<")]
    [InlineData("<a ")]
    [InlineData("<a =\"")]
    [InlineData("<title></")]
    [InlineData("&amp;")]
    public void A_hostile_page_is_as_fast_as_any(string piece)
    {
        var html = string.Concat(Enumerable.Repeat(piece, 100_000));
        var watch = Stopwatch.StartNew();

        _ = FeedDiscovery.InPage(html, Page);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("https://www.youtube.com/channel/UC123", "https://www.youtube.com/feeds/videos.xml?channel_id=UC123")]
    [InlineData("https://youtube.com/channel/UC123/videos", "https://www.youtube.com/feeds/videos.xml?channel_id=UC123")]
    [InlineData("https://www.youtube.com/playlist?list=PL9&si=x", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL9")]
    [InlineData("https://github.com/dotnet/runtime", "https://github.com/dotnet/runtime/releases.atom https://github.com/dotnet/runtime/tags.atom https://github.com/dotnet/runtime/commits.atom")]
    [InlineData("https://github.com/dotnet/runtime/releases", "https://github.com/dotnet/runtime/releases.atom https://github.com/dotnet/runtime/tags.atom https://github.com/dotnet/runtime/commits.atom")]
    [InlineData("https://github.com/torvalds", "https://github.com/torvalds.atom")]
    [InlineData("https://old.reddit.com/r/csharp/", "https://www.reddit.com/r/csharp/.rss")]
    [InlineData("https://www.reddit.com/u/ann", "https://www.reddit.com/user/ann/.rss")]
    [InlineData("https://mastodon.social/@Gargron", "https://mastodon.social/@Gargron.rss")]
    [InlineData("https://bsky.app/profile/bsky.app", "https://bsky.app/profile/bsky.app/rss")]
    [InlineData("https://medium.com/@ann", "https://medium.com/feed/@ann")]
    [InlineData("https://medium.com/some-publication", "https://medium.com/feed/some-publication")]
    [InlineData("https://medium.com/tag/programming", "https://medium.com/feed/tag/programming")]
    [InlineData("https://ann.medium.com/", "https://ann.medium.com/feed")]
    [InlineData("https://www.youtube.com/user/ann/videos", "https://www.youtube.com/feeds/videos.xml?user=ann")]
    [InlineData("https://www.reddit.com/r/csharp/comments/1abc/some_title/", "https://www.reddit.com/r/csharp/comments/1abc/.rss")]
    [InlineData("https://www.reddit.com/", "https://www.reddit.com/.rss")]
    [InlineData("https://ann.substack.com/p/a-post", "https://ann.substack.com/feed")]
    [InlineData("https://ann.wordpress.com", "https://ann.wordpress.com/feed/")]
    [InlineData("https://ann.tumblr.com/", "https://ann.tumblr.com/rss")]
    [InlineData("https://www.tumblr.com/ann", "https://ann.tumblr.com/rss")]
    [InlineData("https://ann.blogspot.com/", "https://ann.blogspot.com/feeds/posts/default")]
    [InlineData("https://stackoverflow.com/questions/tagged/c%23", "https://stackoverflow.com/feeds/tag?tagnames=c%23&sort=newest")]
    [InlineData("https://stackoverflow.com/questions/123/how-to", "https://stackoverflow.com/feeds/question/123")]
    [InlineData("https://unix.stackexchange.com/users/7/ann", "https://unix.stackexchange.com/feeds/user/7")]
    [InlineData("https://unix.stackexchange.com/", "https://unix.stackexchange.com/feeds")]
    [InlineData("https://gitlab.com/inkscape/inkscape", "https://gitlab.com/inkscape/inkscape/-/tags?format=atom https://gitlab.com/inkscape/inkscape.atom")]
    [InlineData("https://gitlab.com/group/sub/project/-/releases", "https://gitlab.com/group/sub/project/-/tags?format=atom https://gitlab.com/group/sub/project.atom")]
    [InlineData("https://codeberg.org/forgejo/forgejo", "https://codeberg.org/forgejo/forgejo/releases.rss https://codeberg.org/forgejo/forgejo/tags.rss https://codeberg.org/forgejo/forgejo.rss")]
    [InlineData("https://codeberg.org/ann", "https://codeberg.org/ann.rss")]
    [InlineData("https://lemmy.ml/c/linux", "https://lemmy.ml/feeds/c/linux.xml?sort=New")]
    [InlineData("https://news.ycombinator.com/", "https://news.ycombinator.com/rss")]
    [InlineData("https://medium.com/about", "")]
    [InlineData("https://substack.com/@ann", "")]
    [InlineData("https://open.substack.com/pub/ann", "")]
    [InlineData("https://ann.substack.com/feed", "")]
    [InlineData("https://ann.wordpress.com/category/news/", "")]
    [InlineData("https://gitlab.com/inkscape/inkscape/-/issues", "")]
    [InlineData("https://gitlab.com/explore/projects", "")]
    [InlineData("https://codeberg.org/forgejo/forgejo/issues", "")]
    [InlineData("https://stackoverflow.com/feeds/tag?tagnames=c%23&sort=newest", "")]
    [InlineData("https://news.ycombinator.com/item?id=1", "")]
    [InlineData("https://www.youtube.com/@handle", "")]
    [InlineData("https://www.youtube.com/watch?v=1", "")]
    [InlineData("https://github.com/dotnet/runtime/releases.atom", "")]
    [InlineData("https://github.com/dotnet/runtime/issues/1", "")]
    [InlineData("https://mastodon.social/@Gargron.rss", "")]
    [InlineData("https://mastodon.social/@ann@other.example", "")]
    [InlineData("https://example.org/feed", "")]
    public void Known_sites_have_their_feeds_at_known_addresses(string page, string feeds) =>
        Assert.Equal(feeds, string.Join(' ', KnownSites.FeedsOf(new Uri(page)).Select(feed => feed.Url.AbsoluteUri)));
}
