using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Notifier.Feeds.Fetching;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

public sealed class TlsTests : IDisposable
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task A18_From_https_nothing_leads_back_to_http_unless_that_is_accepted()
    {
        await using var plain = new RawServer(Answer);
        await using var site = await SecureSite.StartAsync(_authority.Issue("public.test"), http => Redirect(http, http.Request.Path == "/down" ? plain.Url("public.test").AbsoluteUri : "/feed"));
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);

        var failed = await fetcher.FailAsync(site.Url("public.test", "/down"));

        Assert.Equal(FetchFailure.Downgraded, failed.Kind);
        Assert.Contains("from https to plain http", failed.Reason.Said(), StringComparison.Ordinal);
        Assert.Equal(0, plain.Connections);
        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(site.Url("public.test", "/stay")));
        Assert.IsType<FetchResult.Fetched>(await InsecureAsync(fetcher, site.Url("public.test", "/down")));
        Assert.Equal(1, plain.Connections);
    }

    [Theory]
    [InlineData("expired", "The certificate of public.test has expired or is not valid yet.")]
    [InlineData("other", "The certificate of public.test belongs to another name.")]
    [InlineData("self-made", "The certificate of public.test comes from an authority that is not known here.")]
    [InlineData("huge", "No secure connection to public.test could be made.")]
    public async Task A29_A_bad_certificate_is_refused_with_the_reason(string kind, string reason)
    {
        await using var site = await SecureSite.StartAsync(Certificate(kind), http => http.Response.WriteAsync("ok"));
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);

        var failed = await fetcher.FailAsync(site.Url("public.test"));
        Assert.Equal((FetchFailure.Tls, reason), (failed.Kind, failed.Reason.Said()));
        Assert.Empty(site.Requests);
    }

    [Fact]
    public async Task A29_A_good_certificate_is_read()
    {
        await using var site = await SecureSite.StartAsync(_authority.Issue("public.test"), http => http.Response.WriteAsync("ok"));
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);
        using var stranger = Fetching.Fetcher();

        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(site.Url("public.test")));
        Assert.Equal(FetchFailure.Tls, (await stranger.FailAsync(site.Url("public.test"))).Kind);
    }

    [Fact]
    public async Task HTTP_2_is_spoken_where_it_is_offered_and_says_itself_where_a_document_ends()
    {
        await using var site = await SecureSite.StartAsync(_authority.Issue("public.test"), http => http.Response.WriteAsync($"<rss>{http.Request.Protocol}"));
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);

        var fetched = Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(site.Url("public.test")));

        Assert.Equal("<rss>HTTP/2", System.Text.Encoding.UTF8.GetString(fetched.Body.Span));
        Assert.False(fetched.MayBeCut);
    }

    [Fact]
    public async Task A29_Ways_to_encrypt_that_are_broken_are_refused_also_where_much_is_accepted()
    {
        const int Tls10 = 192;
        await using var site = await SecureSite.StartAsync(_authority.Issue("public.test"), http => http.Response.WriteAsync("ok"), (SslProtocols)Tls10);
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);

        var failed = await fetcher.FailAsync(site.Url("public.test"));
        Assert.Equal((FetchFailure.Tls, "No secure connection to public.test could be made."), (failed.Kind, failed.Reason.Said()));
        Assert.Equal(FetchFailure.Tls, Assert.IsType<FetchResult.Failed>(await InsecureAsync(fetcher, site.Url("public.test"))).Kind);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("other")]
    [InlineData("self-made")]
    public async Task A29_Where_it_is_accepted_a_bad_certificate_is_read_and_by_nobody_else(string kind)
    {
        await using var site = await SecureSite.StartAsync(Certificate(kind), http => http.Response.WriteAsync("ok"));
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);

        Assert.IsType<FetchResult.Fetched>(await InsecureAsync(fetcher, site.Url("public.test")));
        // That connection is still open.
        Assert.Equal(FetchFailure.Tls, (await fetcher.FailAsync(site.Url("public.test"))).Kind);
        Assert.Single(site.Requests);
    }

    [Fact]
    public async Task A29_A_login_is_never_sent_over_a_connection_that_is_not_checked()
    {
        await using var plain = new RawServer(Answer);
        await using var unproven = await SecureSite.StartAsync(Authority.SelfMade("public.test"), http => http.Response.WriteAsync("ok"));
        await using var proven = await SecureSite.StartAsync(_authority.Issue("public.test"), http => Redirect(http, http.Request.Path == "/down" ? plain.Url("public.test").AbsoluteUri : unproven.Url("public.test").AbsoluteUri));
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);
        var login = new FeedCredentials("ann", "secret");

        Assert.Equal(FetchFailure.Tls, Assert.IsType<FetchResult.Failed>(await InsecureAsync(fetcher, unproven.Url("public.test"), login)).Kind);
        Assert.Empty(unproven.Requests);
        Assert.IsType<FetchResult.Fetched>(await InsecureAsync(fetcher, proven.Url("public.test", "/down"), login));
        Assert.IsType<FetchResult.Fetched>(await InsecureAsync(fetcher, proven.Url("public.test", "/bad"), login));

        Assert.Equal(["/down Basic YW5uOnNlY3JldA==", "/bad Basic YW5uOnNlY3JldA=="], proven.Requests);
        Assert.Equal(["/"], unproven.Requests);
        Assert.DoesNotContain("Authorization", Assert.Single(plain.Requests), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A29_Where_anybody_could_say_so_a_feed_does_not_move_for_good()
    {
        await using var site = await SecureSite.StartAsync(Authority.SelfMade("public.test"), http => http.Request.Path == "/new" ? http.Response.WriteAsync("ok") : Redirect(http, "/new", permanent: true));
        using var fetcher = Fetching.Fetcher(trust: _authority.Trust);

        Assert.Null(Assert.IsType<FetchResult.Fetched>(await InsecureAsync(fetcher, site.Url("public.test"))).MovedTo);
    }

    private X509Certificate2 Certificate(string kind) => kind switch
    {
        "expired" => _authority.Issue("public.test", days: 1),
        "other" => _authority.Issue("other.test"),
        "self-made" => Authority.SelfMade("public.test"),
        _ => _authority.Issue("public.test", ballast: 1 << 17),
    };

    private static Task Redirect(HttpContext http, string target, bool permanent = false)
    {
        if (http.Request.Path == "/feed")
            return http.Response.WriteAsync("ok");
        http.Response.Redirect(target, permanent);
        return Task.CompletedTask;
    }

    private static Task<FetchResult> InsecureAsync(FeedFetcher fetcher, Uri url, FeedCredentials? login = null) =>
        fetcher.FetchAsync(new FetchRequest(url, Credentials: login, AcceptsInsecure: true), TestContext.Current.CancellationToken);
}
