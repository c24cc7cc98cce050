using Notifier.Polling;
using Notifier.Polling.Identity;

namespace Notifier.Tests.Polling.Identity;

/// <summary>Which spellings of a link are one page, and which are not.</summary>
public class CanonicalLinkTests
{
    [Theory]
    [InlineData("https://a.example/post", "http://a.example/post")]
    [InlineData("https://a.example/post", "https://www.a.example/post")]
    [InlineData("https://a.example/post", "https://WWW.A.Example/post")]
    [InlineData("https://a.example/post", "HTTPS://a.example:443/post")]
    [InlineData("https://a.example/post", "https://a.example/post/")]
    [InlineData("https://a.example/post", "https://a.example/post?utm_source=rss&utm_medium=feed")]
    [InlineData("https://a.example/post", "https://a.example/post?fbclid=1&gclid=2&mc_cid=3")]
    [InlineData("https://a.example/post?id=7", "https://a.example/post?utm_source=rss&id=7")]
    [InlineData("https://a.example/post", "https://a.example/post#xtor=RSS-1")]
    [InlineData("https://a.example/post", "https://a.example/post#utm_source=rss")]
    [InlineData("https://a.example/post", "https://a.example/post#rss")]
    [InlineData("https://a.example/post", "https://a.example/post#:~:text=word")]
    [InlineData("https://a.example/post", "https://a.example/post#")]
    [InlineData("https://a.example/post", "https://a.example/post?")]
    [InlineData("https://a.example/post", "https://a.example/post/amp/")]
    [InlineData("https://a.example/post", "https://amp.a.example/post")]
    [InlineData("https://a.example/post", "https://a.example/post?amp=1")]
    [InlineData("https://a.example/post", "https://a-example.cdn.ampproject.org/c/s/a.example/post/amp/")]
    [InlineData("https://a.example/post", "https://www.google.com/amp/s/a.example/post")]
    [InlineData("https://a.example/./x/../post", "https://a.example/post")]
    [InlineData("https://a.example", "https://a.example/")]
    [InlineData("https://m\u00FCller.example/x", "https://xn--mller-kva.example/x")]
    public void One_page(string one, string other) => Assert.Equal(CanonicalLink.Of(one), CanonicalLink.Of(other));

    [Theory]
    [InlineData("https://a.example/post", "https://b.example/post")]
    [InlineData("https://a.example/post", "https://a.example:8080/post")]
    [InlineData("https://a.example/post", "https://a.example/Post")]
    [InlineData("https://a.example/post?id=7", "https://a.example/post?id=8")]
    [InlineData("https://a.example/post?id=7", "https://a.example/post")]
    [InlineData("https://a.example/changes#v1", "https://a.example/changes#v2")]
    [InlineData("https://a.example/changes#v1", "https://a.example/changes")]
    [InlineData("https://a.example/changes#rss-support", "https://a.example/changes#atom-support")]
    [InlineData("https://a.example/amplifiers", "https://a.example")]
    [InlineData("https://example.com", "https://www.com")]
    [InlineData("urn:1", "urn:2")]
    [InlineData("/1", "/2")]
    public void Two_pages(string one, string other) => Assert.NotEqual(CanonicalLink.Of(one), CanonicalLink.Of(other));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void None(string? link) => Assert.Null(CanonicalLink.Of(link));

    [Theory]
    [InlineData("http://")]
    [InlineData("http://[")]
    [InlineData("https://www./")]
    [InlineData("https://a.example/%")]
    [InlineData("https://\ud800.example/")]
    [InlineData("javascript:alert(1)")]
    public void What_is_no_address_is_compared_as_it_is_written(string link) => Assert.NotNull(CanonicalLink.Of(link));
}
