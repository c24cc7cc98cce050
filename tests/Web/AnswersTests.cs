using System.Net;
using System.Net.Sockets;
using System.Text;
using Notifier.Bot.Web;

namespace Notifier.Tests.Web;

/// <summary>How our web server answers, whatever is on the page: headers, methods, names.</summary>
public sealed class AnswersTests
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", HttpStatusCode.OK, "text/html; charset=utf-8", "no-store")]
    [InlineData("/?page=7", HttpStatusCode.OK, "text/html; charset=utf-8", "no-store")]
    [InlineData("/style.css", HttpStatusCode.OK, "text/css; charset=utf-8", "no-cache")]
    [InlineData("/icon.svg", HttpStatusCode.OK, "image/svg+xml", "no-cache")]
    [InlineData("/health/live", HttpStatusCode.OK, "text/plain; charset=utf-8", null)]
    [InlineData("/health/ready", HttpStatusCode.OK, "application/json; charset=utf-8", "no-store")]
    [InlineData("/favicon.ico", HttpStatusCode.NotFound, null, null)]
    [InlineData("/index.html", HttpStatusCode.NotFound, null, null)]
    [InlineData("/appsettings.json", HttpStatusCode.NotFound, null, null)]
    [InlineData("/../notifier.db", HttpStatusCode.NotFound, null, null)]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd", HttpStatusCode.NotFound, null, null)]
    public async Task Every_answer_has_the_headers_for_get_and_for_head(string path, HttpStatusCode status, string? type, string? caching)
    {
        await using var site = await PageSite.StartAsync();
        using var got = await site.Client.GetAsync(path, Token);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await site.Client.SendAsync(request, Token);

        Assert.All([got, head], answer =>
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType?.ToString());
            Assert.Equal(caching, answer.Headers.CacheControl?.ToString());
            Assert.Equal(Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        });
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/")]
    [InlineData("DELETE", "/style.css")]
    [InlineData("OPTIONS", "/")]
    [InlineData("TRACE", "/")]
    [InlineData("POST", "/health/ready")]
    public async Task Our_pages_are_only_read(string method, string path)
    {
        await using var site = await PageSite.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await site.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task What_did_not_change_is_not_sent_again()
    {
        await using var site = await PageSite.StartAsync();
        using var first = await site.Client.GetAsync("/style.css", Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/style.css");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await site.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost:8080", HttpStatusCode.OK)]
    [InlineData("LocalHost", HttpStatusCode.OK)]
    [InlineData("[::1]:8080", HttpStatusCode.OK)]
    [InlineData("127.8.8.8", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("evil.example:8080", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("192.168.1.7", HttpStatusCode.BadRequest)]
    [InlineData("0.0.0.0", HttpStatusCode.BadRequest)]
    public async Task On_loopback_a_name_that_is_not_loopbacks_gets_nothing(string host, HttpStatusCode status)
    {
        await using var site = await PageSite.StartAsync();
        await site.FeedAsync("Secretly read", "https://s.example/f");
        foreach (var path in new[] { "/", "/style.css", "/health/ready" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var answer = await site.Client.SendAsync(request, Token);

            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            if (status != HttpStatusCode.OK)
                Assert.Equal("Notifier does not answer to this name. Ask for http://127.0.0.1:8080.", await answer.Content.ReadAsStringAsync(Token));
        }
    }

    [Fact]
    public async Task A_request_without_a_name_gets_nothing()
    {
        await using var site = await PageSite.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, site.Root.Port, Token);
        await using var stream = socket.GetStream();
        await stream.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);

        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "notifier.example", false)]
    [InlineData("http://[::1]:8080", "127.0.0.1", true)]
    [InlineData("http://localhost:0", "notifier.example", false)]
    [InlineData("http://0.0.0.0:8080", "notifier.example", false)]
    [InlineData("http://0.0.0.0:8080", "192.168.1.7", true)]
    [InlineData("http://[::]:8080", "localhost", true)]
    [InlineData("http://192.168.1.7:8080", "notifier.example", true)]
    public void A_name_that_somebody_could_make_lead_here_is_answered_only_where_one_address_was_chosen(string url, string host, bool known) => Assert.Equal(known, new KnownHosts(new WebOptions { Url = url }).Knows(host));

    [Fact]
    public async Task A_page_that_breaks_says_nothing_but_where_to_look()
    {
        await using var site = await PageSite.StartAsync();
        await site.ExecuteAsync("ALTER TABLE Feeds RENAME TO Lost");
        using var answer = await site.Client.GetAsync("/", Token);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("Something went wrong; Notifier's log says more.", await answer.Content.ReadAsStringAsync(Token));
    }
}
