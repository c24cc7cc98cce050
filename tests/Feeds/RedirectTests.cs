using System.Net.Security;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

public class RedirectTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData(301, "http://127.0.0.2:{0}/")]
    [InlineData(302, "http://private.test:{0}/")]
    [InlineData(303, "http://2130706434:{0}/")]
    [InlineData(307, "http://[::ffff:127.0.0.2]:{0}/")]
    [InlineData(308, "//127.0.0.2:{0}/")]
    public async Task A15_A_redirect_inside_is_stopped_at_that_hop(int status, string target)
    {
        await using var canary = new RawServer(Answer, "127.0.0.2");
        await using var open = new RawServer(exchange => exchange.RedirectAsync(status, string.Format(null, target, canary.Port)));
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(open.Url("public.test"));

        Assert.Equal(FetchFailure.NotPublic, failed.Kind);
        Assert.Equal("public.test redirects to an address that is not public, so I do not follow it.", failed.Reason.Said());
        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public async Task A15_With_the_guard_off_the_redirect_reaches_the_canary()
    {
        await using var canary = new RawServer(Answer, "127.0.0.2");
        await using var open = new RawServer(exchange => exchange.RedirectAsync(302, $"http://127.0.0.2:{canary.Port}/"));
        using var fetcher = Fetching.Fetcher(change: options => options.AllowPrivateNetworks = true);

        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(open.Url("public.test")));

        Assert.Equal(1, canary.Connections);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:text/plain,x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("gopher://other.test:{0}/")]
    [InlineData("ftp://other.test:{0}/")]
    [InlineData("ws://other.test:{0}/")]
    [InlineData("foo://other.test:{0}/")]
    public async Task A16_Only_http_and_https_are_followed(string target)
    {
        await using var canary = new RawServer(Answer);
        await using var open = new RawServer(exchange => exchange.RedirectAsync(302, string.Format(null, target, canary.Port)));
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(open.Url("public.test"));

        Assert.Equal(FetchFailure.BadAddress, failed.Kind);
        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public async Task A16_The_redirects_that_the_handler_has_built_in_would_follow_gopher_as_HTTP()
    {
        await using var canary = new RawServer(Answer);
        await using var open = new RawServer(exchange => exchange.RedirectAsync(302, $"gopher://127.0.0.1:{canary.Port}/"));

        await AskWithBuiltInRedirectsAsync(open.Url("127.0.0.1"));

        Assert.Equal(1, canary.Connections);
    }

    [Fact]
    public async Task A17_A_loop_ends_after_five_redirects()
    {
        await using var open = new RawServer(exchange => exchange.RedirectAsync(302, exchange.Path));
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(open.Url("public.test", "/a"));

        Assert.Equal(FetchFailure.TooManyRedirects, failed.Kind);
        Assert.Equal("public.test redirects more than 5 times.", failed.Reason.Said());
        Assert.Equal(6, open.Requests.Count);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task A17_Five_redirects_are_followed_and_six_are_not(int hops, bool followed)
    {
        await using var open = new RawServer(exchange => int.Parse(exchange.Path[1..]) is var left && left > 0 ? exchange.RedirectAsync(302, $"/{left - 1}") : exchange.SendAsync(Answer));
        using var fetcher = Fetching.Fetcher();

        Assert.Equal(followed, await fetcher.GetAsync(open.Url("public.test", $"/{hops}")) is FetchResult.Fetched);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Location:\r\n")]
    [InlineData("Location: http://[broken\r\n")]
    [InlineData("Location: http://%31%32%37.0.0.1/\r\n")]
    public async Task A17_A_redirect_to_nowhere_is_told(string location)
    {
        await using var open = new RawServer($"HTTP/1.1 302 Found\r\n{location}Content-Length: 0\r\n\r\n");
        using var fetcher = Fetching.Fetcher();

        Assert.StartsWith("public.test redirects", (await fetcher.FailAsync(open.Url("public.test"))).Reason.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A17_A_Location_of_a_mebibyte_is_refused()
    {
        await using var open = new RawServer(exchange => exchange.RedirectAsync(302, "/" + new string('x', 1 << 20)));
        using var fetcher = Fetching.Fetcher();

        Assert.Equal(FetchFailure.TooLarge, (await fetcher.FailAsync(open.Url("public.test"))).Kind);
    }

    [Theory]
    [InlineData("301 308 301", true)]
    [InlineData("308", true)]
    [InlineData("302", false)]
    [InlineData("301 302", false)]
    [InlineData("307 301", false)]
    public async Task A19_Only_a_wholly_permanent_way_moves_the_feed(string statuses, bool moved)
    {
        var way = statuses.Split(' ').Select(int.Parse).ToArray();
        await using var open = new RawServer(exchange => int.Parse(exchange.Path[1..]) is var hop && hop < way.Length
            ? exchange.RedirectAsync(way[hop], $"/{hop + 1}")
            : exchange.SendAsync(Answer));
        using var fetcher = Fetching.Fetcher();

        var fetched = Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(open.Url("public.test", "/0")));

        var end = open.Url("public.test", $"/{way.Length}");
        Assert.Equal(end, fetched.Url);
        Assert.Equal(moved ? end : null, fetched.MovedTo);
    }

    [Fact]
    public async Task A19_A_moved_feed_that_did_not_change_is_moved_too()
    {
        await using var open = new RawServer(exchange => exchange.Path == "/new" ? exchange.SendAsync("HTTP/1.1 304 Not Modified\r\n\r\n") : exchange.RedirectAsync(301, "/new"));
        using var fetcher = Fetching.Fetcher();

        var result = await fetcher.FetchAsync(new FetchRequest(open.Url("public.test"), ETag: "\"1\""), TestContext.Current.CancellationToken);

        Assert.Equal(open.Url("public.test", "/new"), Assert.IsType<FetchResult.NotModified>(result).MovedTo);
    }

    [Fact]
    public async Task A20_Credentials_headers_and_cookies_stay_with_their_origin()
    {
        await using var other = new RawServer(Answer);
        await using var open = new RawServer(exchange => exchange.Path == "/here"
            ? exchange.SendAsync($"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: http://user:pass@other.test:{other.Port}/\r\nContent-Length: 0\r\n\r\n")
            : exchange.RedirectAsync(302, "/here"));
        using var fetcher = Fetching.Fetcher();
        var login = new FeedCredentials("ann", "secret") { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Api-Key"] = "key", ["Cookie"] = "c=d" } };

        await fetcher.FetchAsync(new FetchRequest(open.Url("public.test"), Credentials: login), TestContext.Current.CancellationToken);

        Assert.Equal(2, open.Requests.Count);
        Assert.All(open.Requests, head =>
        {
            Assert.Contains("\r\nAuthorization: Basic YW5uOnNlY3JldA==\r\n", head, StringComparison.Ordinal);
            Assert.Contains("\r\nX-Api-Key: key\r\n", head, StringComparison.Ordinal);
            Assert.Contains("\r\nCookie: c=d\r\n", head, StringComparison.Ordinal);
        });
        var request = Assert.Single(other.Requests);
        Assert.All(["Authorization", "Cookie", "X-Api-Key"], name => Assert.DoesNotContain(name, request, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A20_The_redirects_that_the_handler_has_built_in_would_carry_them_on()
    {
        await using var other = new RawServer(Answer);
        await using var open = new RawServer(exchange => exchange.RedirectAsync(302, $"http://127.0.0.1:{other.Port}/"));

        await AskWithBuiltInRedirectsAsync(open.Url("127.0.0.1"));

        Assert.Contains("\r\nX-Api-Key: key\r\n", Assert.Single(other.Requests), StringComparison.Ordinal);
    }

    /// <summary>The product's handler with the one setting that makes its own redirects necessary.</summary>
    private static async Task AskWithBuiltInRedirectsAsync(Uri url)
    {
        var options = new FetchOptions { AllowedNetworks = ["127.0.0.1"] };
        using var handler = FeedFetcher.Handler(options, new PublicNetworkOnly(options, TimeProvider.System), new SslClientAuthenticationOptions());
        Assert.False(handler.AllowAutoRedirect);
        handler.AllowAutoRedirect = true;
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "X-Api-Key", "key" } } };
        (await http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
    }
}
