using Microsoft.AspNetCore.Http;
using Notifier.Feeds.Fetching;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

public sealed class ContentLocationTests
{
    [Theory]
    [InlineData("/other/feed.xml", "http://public.test/other/feed.xml")]
    [InlineData("feed.de.xml", "http://public.test/dir/feed.de.xml")]
    [InlineData("https://elsewhere.example/", "https://elsewhere.example/")]
    [InlineData("http://localhost:8080/feed", "http://public.test/dir/feed")]
    [InlineData("file:///etc/passwd", "http://public.test/dir/feed")]
    [InlineData(null, "http://public.test/dir/feed")]
    public async Task The_base_of_a_document_is_what_its_server_calls_it_unless_only_the_server_can_mean_that(string? header, string expected)
    {
        await using var site = await FeedSite.StartAsync();
        site.Answer("/dir/feed", http =>
        {
            if (header is not null) http.Response.Headers.ContentLocation = header;
            return http.Response.WriteAsync("<rss/>", TestContext.Current.CancellationToken);
        });
        var url = site.Url("/dir/feed", "public.test");
        using var fetcher = Fetching.Fetcher();

        var fetched = Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(url));

        Assert.Equal(expected.Replace("public.test", url.Authority, StringComparison.Ordinal), fetched.Base.AbsoluteUri);
        Assert.Equal(url, fetched.Url);
    }
}
