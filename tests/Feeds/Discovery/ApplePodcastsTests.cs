using Microsoft.AspNetCore.Http;
using Notifier.Feeds.Discovery;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds.Discovery;

public sealed class ApplePodcastsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://podcasts.apple.com/us/podcast/some-name/id1200361736", true)]
    [InlineData("https://podcasts.apple.com/de/podcast/id1200361736?l=en", true)]
    [InlineData("https://itunes.apple.com/us/podcast/some-name/id1200361736/", true)]
    [InlineData("https://podcasts.apple.com/us/browse", false)]
    [InlineData("https://podcasts.apple.com/us/podcast/idea", false)]
    [InlineData("https://podcasts.apple.com/", false)]
    [InlineData("https://example.org/podcast/id1200361736", false)]
    public void A_podcasts_page_is_known_by_its_number(string page, bool isPage) => Assert.Equal(isPage, ApplePodcasts.IsPage(new Uri(page)));

    [Theory]
    [InlineData("""{"resultCount":1,"results":[{"kind":"podcast","collectionName":"Some name","feedUrl":"https://feeds.example/some-name"}]}""", "https://feeds.example/some-name")]
    [InlineData("""{"resultCount":2,"results":[{"kind":"podcast-episode"},{"feedUrl":"http://feeds.example/second"}]}""", "http://feeds.example/second")]
    [InlineData("""{"resultCount":0,"results":[]}""", null)]
    [InlineData("""{"results":[{"feedUrl":"javascript:alert(1)"}]}""", null)]
    [InlineData("""{"results":[{"feedUrl":17}]}""", null)]
    [InlineData("""{"results":["feedUrl"]}""", null)]
    [InlineData("""{"results":null}""", null)]
    [InlineData("[]", null)]
    [InlineData("<html>no</html>", null)]
    [InlineData("", null)]
    public async Task The_directory_names_the_publishers_own_feed(string answer, string? feed)
    {
        await using var site = await FeedSite.StartAsync();
        var asked = "";
        site.Answer("/lookup", http =>
        {
            asked = http.Request.QueryString.Value;
            return http.Response.WriteAsync(answer, Stop);
        });
        using var fetcher = Fetching.Fetcher();

        var found = await new ApplePodcasts(fetcher) { Lookup = site.Url("/lookup", "public.test") }.FeedOfAsync(new Uri("https://podcasts.apple.com/us/podcast/some-name/id1200361736"), Stop);

        Assert.Equal(feed, found?.AbsoluteUri);
        Assert.Equal("?id=1200361736&entity=podcast", asked);
    }

    [Fact]
    public async Task Without_an_answer_there_is_no_feed()
    {
        await using var site = await FeedSite.StartAsync();
        site.Answer("/lookup", 503);
        using var fetcher = Fetching.Fetcher();
        Assert.Null(await new ApplePodcasts(fetcher) { Lookup = site.Url("/lookup", "public.test") }.FeedOfAsync(new Uri("https://podcasts.apple.com/us/podcast/x/id1"), Stop));
    }
}
