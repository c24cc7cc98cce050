using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

public class PublicNetworkOnlyTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("http://127.0.0.2:{0}/")]
    [InlineData("http://2130706434:{0}/")]
    [InlineData("http://0x7f000002:{0}/")]
    [InlineData("http://127.2:{0}/")]
    [InlineData("http://0:{0}/")]
    [InlineData("http://[::ffff:127.0.0.2]:{0}/")]
    [InlineData("http://[::127.0.0.2]:{0}/")]
    [InlineData("http://private.test:{0}/")]
    [InlineData("http://PRIVATE.test.:{0}/")]
    [InlineData("http://public.test@127.0.0.2:{0}/")]
    public async Task A01_to_A11_No_spelling_reaches_a_private_address(string pattern)
    {
        await using var canary = new RawServer(Answer, "127.0.0.2");
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(new Uri(string.Format(null, pattern, canary.Port)));

        Assert.Equal(FetchFailure.NotPublic, failed.Kind);
        Assert.Equal(PublicNetworkOnly.Reason, failed.Reason);
        Assert.Equal(0, canary.Connections);
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/")]
    [InlineData("http://private.test:{0}/")]
    [InlineData("http://public.test@127.0.0.2:{0}/")]
    public async Task A01_to_A11_Where_the_operator_opened_it_the_same_address_is_reached(string pattern)
    {
        await using var canary = new RawServer(Answer, "127.0.0.2");
        using var fetcher = Fetching.Fetcher(change: options => options.AllowPrivateNetworks = true);

        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(new Uri(string.Format(null, pattern, canary.Port))));

        Assert.Equal(1, canary.Connections);
    }

    [Fact]
    public async Task A12_A_name_that_changes_its_answer_never_leads_inside()
    {
        await using var open = new RawServer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        await using var canary = new RawServer(Answer, "127.0.0.2", open.Port);
        var asked = 0;
        IPAddress[] Rebinding(string name) => [Interlocked.Increment(ref asked) % 2 == 1 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")];
        using var fetcher = Fetching.Fetcher(names: Rebinding);

        for (var i = 0; i < 200; i++)
            _ = await fetcher.GetAsync(open.Url("rebinding.test"));

        Assert.Equal(200, asked);
        Assert.Equal(100, open.Connections);
        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public async Task A12_Looking_the_name_up_before_instead_is_not_enough()
    {
        await using var canary = new RawServer(Answer, "127.0.0.2");
        var asked = 0;
        IPAddress[] Rebinding(string name) => [Interlocked.Increment(ref asked) % 2 == 1 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")];
        using var naive = Fetching.Fetcher(names: Rebinding, change: options => options.AllowPrivateNetworks = true);

        if (Rebinding("rebinding.test")[0].Equals(IPAddress.Loopback))
            _ = await naive.GetAsync(canary.Url("rebinding.test"));

        Assert.Equal(1, canary.Connections);
    }

    [Fact]
    public async Task A13_Of_mixed_answers_only_the_public_address_is_contacted()
    {
        await using var open = new RawServer(Answer);
        await using var canary = new RawServer(Answer, "127.0.0.2", open.Port);
        using var fetcher = Fetching.Fetcher();

        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(open.Url("mixed.test")));

        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public async Task A14_A_name_that_does_not_exist_is_told_in_words()
    {
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(new Uri("http://exmaple.org/feed"));

        Assert.Equal(FetchFailure.NameNotFound, failed.Kind);
        Assert.Equal("There is no host named exmaple.org. Is it spelled right?", failed.Reason.Said());
    }

    [Fact]
    public async Task A14_A_name_without_addresses_and_a_failing_name_server_are_told_apart()
    {
        using var fetcher = Fetching.Fetcher();
        using var failing = Fetching.Fetcher(names: _ => throw new SocketException((int)SocketError.TryAgain));

        var empty = await fetcher.FailAsync(new Uri("http://empty.test/"));
        var broken = await failing.FailAsync(new Uri("http://public.test/"));

        Assert.Contains("no server belongs to it", empty.Reason.Said(), StringComparison.Ordinal);
        Assert.Contains("could not be looked up", broken.Reason.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A14_At_most_four_of_many_addresses_are_tried()
    {
        await using var last = new RawServer(Answer, "127.0.0.5");
        var many = Enumerable.Range(1, 60).Select(i => IPAddress.Parse($"127.0.0.{i}")).ToArray();
        using var fetcher = Fetching.Fetcher(names: _ => many, change: options => options.AllowedNetworks = ["127.0.0.0/8"]);

        var failed = await fetcher.FailAsync(last.Url("many.test"));

        Assert.Equal(FetchFailure.Refused, failed.Kind);
        Assert.Equal(0, last.Connections);
    }

    [Fact]
    public async Task A_refused_connection_moves_on_to_the_next_address()
    {
        await using var second = new RawServer(Answer, "127.0.0.5");
        using var fetcher = Fetching.Fetcher(
            names: _ => [IPAddress.Parse("127.0.0.4"), IPAddress.Parse("127.0.0.5")],
            change: options => options.AllowedNetworks = ["127.0.0.0/8"]);

        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(second.Url("two.test")));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A21_A_proxy_is_not_used_and_would_get_around_the_guard(bool useProxy, int connections)
    {
        await using var proxy = new RawServer(Answer);
        var options = new FetchOptions { AllowedNetworks = ["127.0.0.1"] };
        using var handler = FeedFetcher.Handler(options, new PublicNetworkOnly(options, TimeProvider.System), new SslClientAuthenticationOptions());
        Assert.False(handler.UseProxy);
        handler.Proxy = new WebProxy("127.0.0.1", proxy.Port);
        handler.UseProxy = useProxy;
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://169.254.169.254/");

        var fault = await Record.ExceptionAsync(async () => (await http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose());

        Assert.Equal(useProxy, fault is null);
        Assert.Equal(connections, proxy.Connections);
    }

    [Fact]
    public async Task A22_A_server_that_offers_HTTP3_is_asked_as_before()
    {
        await using var server = new RawServer(exchange => exchange.SendAsync("Alt-Svc: h3=\":443\"; ma=86400; persist=1\r\n", "ok"u8.ToArray()));
        using var fetcher = Fetching.Fetcher();

        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(server.Url("public.test")));
        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(server.Url("public.test")));

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, head => Assert.StartsWith("GET / HTTP/1.1\r\n", head, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(22)]
    [InlineData(25)]
    [InlineData(6379)]
    [InlineData(11211)]
    [InlineData(81)]
    public async Task A25_Ports_that_no_web_site_uses_are_refused_on_public_hosts(int port)
    {
        using var fetcher = Fetching.Fetcher(names: _ => [IPAddress.Parse("93.184.215.14")]);

        var failed = await fetcher.FailAsync(new Uri($"http://public.test:{port}/"));

        Assert.Equal(FetchFailure.BadAddress, failed.Kind);
        Assert.Contains($"Port {port}", failed.Reason.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A26_Every_closed_target_gets_the_same_answer()
    {
        await using var listening = new RawServer(Answer, "127.0.0.2");
        using var fetcher = Fetching.Fetcher();
        Uri[] targets = [listening.Url("127.0.0.2"), new("http://127.0.0.2:1/"), new("http://10.0.0.5/"), new("http://169.254.169.254/"), new("http://[::1]:22/"), new("http://private.test/")];

        var answers = new HashSet<FetchResult>();
        foreach (var target in targets)
            answers.Add(await fetcher.GetAsync(target));

        Assert.Single(answers);
    }

    [Fact]
    public async Task The_demo_feed_is_allowed_and_nothing_else_of_its_server()
    {
        await using var demo = new RawServer(Answer, "127.0.0.2");
        using var fetcher = Fetching.Fetcher(change: options => options.AllowedUrls = [demo.Url("127.0.0.2", "/demo/feed.xml")]);

        // The first request leaves a pooled connection behind, which the second must not use.
        Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(demo.Url("127.0.0.2", "/demo/feed.xml")));
        var other = await fetcher.FailAsync(demo.Url("127.0.0.2", "/health"));
        var query = await fetcher.FailAsync(demo.Url("127.0.0.2", "/demo/feed.xml?x"));
        var name = await fetcher.FailAsync(demo.Url("private.test", "/demo/feed.xml"));

        Assert.All([other, query, name], failed => Assert.Equal(PublicNetworkOnly.Reason, failed.Reason));
        Assert.Single(demo.Requests);
    }
}
