using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

public class FeedUrlTests
{
    [Theory]
    [InlineData("https://example.org/feed.xml", "https://example.org/feed.xml")]
    [InlineData("  example.org/feed ", "https://example.org/feed")]
    [InlineData("example.org", "https://example.org/")]
    [InlineData("//example.org/feed", "https://example.org/feed")]
    [InlineData("example.org:8080/feed", "https://example.org:8080/feed")]
    [InlineData("localhost:8080/feed", "https://localhost:8080/feed")]
    [InlineData("HTTP://EXAMPLE.Org:80/Feed", "http://example.org/Feed")]
    [InlineData("https://example.org:443/#top", "https://example.org/")]
    [InlineData("<https://example.org/feed>", "https://example.org/feed")]
    [InlineData("feed://example.org/rss", "http://example.org/rss")]
    [InlineData("feed:https://example.org/rss", "https://example.org/rss")]
    [InlineData("FEED:example.org/rss", "https://example.org/rss")]
    [InlineData("https://example.org./feed", "https://example.org/feed")]
    [InlineData("https://bücher.example/feed", "https://xn--bcher-kva.example/feed")]
    [InlineData("https://ПРИМЕР.example/лента", "https://xn--e1afmkfd.example/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0")]
    [InlineData("http://nas/feed", "http://nas/feed")]
    [InlineData("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x")]
    [InlineData("https://example.org/a/../b?x=1&y=%20", "https://example.org/b?x=1&y=%20")]
    [InlineData("http://127.1/", "http://127.0.0.1/")]
    public void What_a_person_types_becomes_an_address(string typed, string expected)
    {
        Assert.True(FeedUrl.TryParse(typed, out var url, out var error), error?.Text);
        Assert.Equal(expected, url.Url.AbsoluteUri);
        Assert.Null(url.Credentials);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("demo")]
    [InlineData("not an address")]
    [InlineData("https://")]
    [InlineData("https://exa mple.org/")]
    [InlineData("https://example.org/a\r\nHost: evil")]
    [InlineData("https://example.org/\0")]
    [InlineData("http://10.0.0.5\\@example.org/")]
    [InlineData("http://%31%32%37.0.0.1/")]
    [InlineData("http://[fe80::1%25lo]/")]
    [InlineData("http://[::1/")]
    [InlineData("https://example.org:99999/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/xml,<rss/>")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/feed")]
    [InlineData("mailto:ann@example.org")]
    [InlineData("gopher://example.org/")]
    [InlineData("user:pass@example.org/feed")]
    public void A11_A28_What_is_no_web_address_is_refused_with_a_sentence(string typed)
    {
        Assert.False(FeedUrl.TryParse(typed, out _, out var error));
        Assert.EndsWith(".", error.Said().Replace(".xml", ".", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("pass", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://１２７.0.0.1/")]
    [InlineData("http://①②⑦.0.0.1/")]
    public void A11_Other_digits_are_seen_for_what_they_are(string typed)
    {
        if (FeedUrl.TryParse(typed, out var url, out _))
            Assert.Equal("127.0.0.1", url.Url.IdnHost);
    }

    [Fact]
    public void A11_The_host_is_what_stands_after_the_at_sign()
    {
        Assert.True(FeedUrl.TryParse("http://example.org@10.0.0.5/", out var url, out _));
        Assert.Equal("10.0.0.5", url.Url.Host);
        Assert.True(FeedUrl.TryParse("http://10.0.0.5#@example.org/", out url, out _));
        Assert.Equal("10.0.0.5", url.Url.Host);
    }

    [Fact]
    public void A27_Credentials_are_split_off_and_never_shown()
    {
        Assert.True(FeedUrl.TryParse("https://ann:p%40ss@example.org/feed?key=1", out var url, out _));

        Assert.Equal(new FeedCredentials("ann", "p@ss"), url.Credentials);
        Assert.Equal("https://example.org/feed?key=1", url.Url.AbsoluteUri);
        Assert.DoesNotContain("p@ss", url.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ann", url.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A28_Long_addresses_and_hosts_of_many_labels_are_refused()
    {
        Assert.True(FeedUrl.TryParse("https://example.org/" + new string('a', 2028), out _, out _));
        Assert.False(FeedUrl.TryParse("https://example.org/" + new string('a', 2029), out _, out var error));
        Assert.Contains("2048", error.Said(), StringComparison.Ordinal);
        Assert.False(FeedUrl.TryParse("https://" + string.Concat(Enumerable.Repeat("a.", 900)) + "org/", out _, out _));
        // Escaping makes it longer than what was typed.
        Assert.False(FeedUrl.TryParse("https://example.org/" + new string('ж', 1000), out _, out _));
    }

    [Theory]
    [InlineData("https://аpple.example/", "xn--pple-43d.example")]
    [InlineData("https://example.org./feed", "example.org")]
    [InlineData("https://EXAMPLE.org/feed", "example.org")]
    public void A28_The_host_is_shown_as_it_is_asked_for(string typed, string host)
    {
        Assert.True(FeedUrl.TryParse(typed, out var url, out _));
        Assert.Equal(host, url.Url.Host);
        Assert.StartsWith($"https://{host}/", FeedUrl.Display(url.Url), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.org/a%0d%0aHost:evil", "/a%0d%0aHost:evil")]
    [InlineData("https://example.org/?a=%0aX:y", "/?a=%0aX:y")]
    [InlineData("https://example.org/%00", "/%00")]
    public void A28_An_escaped_line_end_stays_escaped(string typed, string sent)
    {
        Assert.True(FeedUrl.TryParse(typed, out var url, out _));
        Assert.Equal(sent, url.Url.PathAndQuery);
    }

    [Theory]
    [InlineData("https://ann:secret@example.org/feed", false, "https://example.org/feed")]
    [InlineData("https://example.org:8443/feed?key=secret", false, "https://example.org:8443/feed?key=secret")]
    [InlineData("https://example.org/feed?key=secret", true, "https://example.org/feed?…")]
    [InlineData("https://example.org/feed", true, "https://example.org/feed")]
    public void The_form_for_people_shows_no_secret(string url, bool hideQuery, string expected) =>
        Assert.Equal(expected, FeedUrl.Display(new Uri(url), hideQuery));
}
