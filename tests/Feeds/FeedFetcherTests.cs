using System.Text;
using Microsoft.Extensions.Time.Testing;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

public class FeedFetcherTests
{
    private static readonly byte[] Feed = "<rss><channel><title>A feed</title></channel></rss>"u8.ToArray();

    [Fact]
    public async Task A_feed_comes_with_all_that_is_known_of_it()
    {
        await using var server = new RawServer(exchange => exchange.SendAsync("Content-Type: text/xml; charset=koi8-r\r\nETag: \"a\"\r\nLast-Modified: Tue, 24 Nov 2026 08:00:00 GMT\r\nCache-Control: public, max-age=600\r\n", Feed));
        using var fetcher = Fetching.Fetcher();

        var fetched = Assert.IsType<FetchResult.Fetched>(await fetcher.FetchAsync(new FetchRequest(server.Url("public.test"), Subscribers: 12), TestContext.Current.CancellationToken));

        Assert.Equal(Feed, fetched.Body.ToArray());
        Assert.Equal("text/xml; charset=koi8-r", fetched.ContentType);
        Assert.Equal("\"a\"", fetched.ETag);
        Assert.Equal("Tue, 24 Nov 2026 08:00:00 GMT", fetched.LastModified);
        Assert.Equal(TimeSpan.FromMinutes(10), fetched.MaxAge);
        Assert.Null(fetched.MovedTo);
        var head = Assert.Single(server.Requests);
        Assert.Matches(@"\r\nUser-Agent: Notifier/\d+\.\d+ \(feed watcher; 12 subscribers\)\r\n", head);
        Assert.Contains("\r\nAccept-Encoding: gzip, br, deflate\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("\"abc\"")]
    [InlineData("W/\"abc\"")]
    [InlineData("abc")]
    [InlineData("\"caf\u00e9\"")]
    [InlineData("\"a\", \"b\"")]
    public async Task Validators_go_back_as_they_came(string etag)
    {
        await using var server = new RawServer(exchange => exchange.Head.Contains($"\r\nIf-None-Match: {etag}\r\nIf-Modified-Since: yesterday\r\n", StringComparison.Ordinal)
            ? exchange.SendAsync("HTTP/1.1 304 Not Modified\r\nETag: \"next\"\r\n\r\n")
            : exchange.SendAsync($"ETag: {etag}\r\nLast-Modified: yesterday\r\n", Feed));
        using var fetcher = Fetching.Fetcher();

        var fetched = Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(server.Url("public.test")));
        var again = await fetcher.FetchAsync(new FetchRequest(server.Url("public.test"), fetched.ETag, fetched.LastModified), TestContext.Current.CancellationToken);

        Assert.Equal("\"next\"", Assert.IsType<FetchResult.NotModified>(again).ETag);
    }

    [Fact]
    public async Task An_equal_body_is_not_modified_and_its_new_validators_are_told()
    {
        await using var server = new RawServer(exchange => exchange.SendAsync("ETag: \"new every time\"\r\n", Feed));
        using var fetcher = Fetching.Fetcher();

        var fetched = Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(server.Url("public.test")));
        var again = await fetcher.FetchAsync(new FetchRequest(server.Url("public.test"), BodyHash: fetched.BodyHash), TestContext.Current.CancellationToken);

        Assert.Equal("\"new every time\"", Assert.IsType<FetchResult.NotModified>(again).ETag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 51\r\n")]
    public async Task B01_A_body_that_drips_ends_with_the_time_limit(string length)
    {
        var time = new FakeTimeProvider();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\n{length}\r\n<");
            reached.SetResult();
            await exchange.StaySilentAsync();
        });
        using var fetcher = Fetching.Fetcher(time);

        await AssertEndsWithLimitAsync(fetcher, server, time, reached.Task);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n")]
    [InlineData("")]
    public async Task B02_B03_Headers_that_never_end_and_silence_end_with_the_time_limit(string start)
    {
        var time = new FakeTimeProvider();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync(start);
            reached.SetResult();
            await exchange.StaySilentAsync();
        });
        using var fetcher = Fetching.Fetcher(time);

        await AssertEndsWithLimitAsync(fetcher, server, time, reached.Task);
    }

    /// <summary>Whatever comes, the limit is not set anew: each piece takes 0.3 seconds of a clock that the server itself moves on.</summary>
    [Theory]
    [InlineData("B01", "HTTP/1.1 200 OK\r\n\r\n", "x")]
    [InlineData("B02", "HTTP/1.1 200 OK\r\nX-", "x")]
    [InlineData("B02", "", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")]
    public async Task B01_B02_What_drips_for_ever_ends_with_the_time_limit(string row, string start, string piece)
    {
        var time = new FakeTimeProvider();
        var pieces = 0;
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync(start);
            while (!exchange.Stop.IsCancellationRequested)
            {
                await exchange.SendAsync(piece);
                pieces++;
                time.Advance(TimeSpan.FromMilliseconds(300));
            }
        });
        using var fetcher = Fetching.Fetcher(time);

        var failed = await fetcher.FailAsync(server.Url("public.test"));

        Assert.True(failed.Kind == FetchFailure.TimedOut, $"{row}: {failed.Reason.Said()}");
        Assert.InRange(pieces, 66, int.MaxValue);
    }

    [Fact]
    public async Task B03_A_name_server_that_never_answers_ends_with_the_time_limit()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var fetcher = new FeedFetcher(new FetchOptions(), time, async (_, ct) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return [];
        });

        var fetch = fetcher.FailAsync(new Uri("http://silent.test/"));
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(FetchFailure.TimedOut, (await fetch).Kind);
    }

    [Fact]
    public async Task B03_A_reset_in_mid_body_is_broken()
    {
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>");
            exchange.Reset();
        });
        using var fetcher = Fetching.Fetcher();

        Assert.Equal(FetchFailure.Broken, (await fetcher.FailAsync(server.Url("public.test"))).Kind);
    }

    [Fact]
    public async Task B05_One_host_gets_no_more_connections_than_set()
    {
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        await using var server = new RawServer(async exchange =>
        {
            if (Interlocked.Increment(ref waiting) == 2)
                both.SetResult();
            await both.Task;
            await exchange.SendAsync("", Feed);
        });
        using var fetcher = Fetching.Fetcher();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => fetcher.GetAsync(server.Url("public.test", $"/{i}"))));

        Assert.Equal(2, server.Connections);
        Assert.Equal(50, server.Requests.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10000000000000\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\n")]
    public async Task B10_A_declared_length_beyond_the_limit_is_not_even_read(string answer)
    {
        await using var server = new RawServer(answer);
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(server.Url("public.test"));

        Assert.Equal(FetchFailure.TooLarge, failed.Kind);
        Assert.Equal("The answer of public.test is larger than 8 MiB, too much for a feed.", failed.Reason.Said());
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n", "10000\r\n", "\r\n")]
    [InlineData("", "", "")]
    public async Task B10_An_endless_body_stops_at_the_limit(string header, string before, string after)
    {
        var sent = 0L;
        var chunk = Encoding.ASCII.GetBytes(before + new string('x', 65536) + after);
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\n{header}\r\n");
            while (!exchange.Stop.IsCancellationRequested)
            {
                await exchange.SendAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        using var fetcher = Fetching.Fetcher();

        Assert.Equal(FetchFailure.TooLarge, (await fetcher.FailAsync(server.Url("public.test"))).Kind);
        Assert.True(Interlocked.Read(ref sent) < 32 << 20, "the server could go on sending");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("<rss><channel><title>HTTP/0.9</title></channel></rss>")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\0\0\0\0\0\0")]
    [InlineData("")]
    public async Task B10_B16_What_is_not_HTTP_is_one_clear_error(string answer)
    {
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync(answer);
            exchange.Closes = true;
        });
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(server.Url("public.test"));

        Assert.Equal(FetchFailure.Broken, failed.Kind);
        Assert.Contains("public.test", failed.Reason.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B11_Headers_end_at_32_KiB_and_cookies_are_not_kept()
    {
        await using var server = new RawServer(exchange => exchange.Path == "/many"
            ? exchange.SendAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"Set-Cookie: name{i}=0123456789012345678901234567890123456789\r\n")) + "Content-Length: 0\r\n\r\n")
            : exchange.SendAsync("Set-Cookie: a=b\r\n", Feed));
        using var fetcher = Fetching.Fetcher();

        Assert.Equal(FetchFailure.TooLarge, (await fetcher.FailAsync(server.Url("public.test", "/many"))).Kind);
        await fetcher.GetAsync(server.Url("public.test"));
        await fetcher.GetAsync(server.Url("public.test"));

        Assert.All(server.Requests, head => Assert.DoesNotContain("Cookie", head, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task B12_Not_modified_without_being_asked_is_no_answer()
    {
        await using var server = new RawServer("HTTP/1.1 304 Not Modified\r\n\r\n");
        using var fetcher = Fetching.Fetcher();

        Assert.Equal(FetchFailure.Broken, (await fetcher.FailAsync(server.Url("public.test"))).Kind);
    }

    [Theory]
    [InlineData(401, "public.test answered 401 Unauthorized: it wants a user name and password.")]
    [InlineData(403, "public.test answered 403 Forbidden: it does not let me in.")]
    [InlineData(404, "public.test answered 404 Not Found: nothing is at that address.")]
    [InlineData(451, "public.test answered 451 Unavailable For Legal Reasons: it may not be shown here for legal reasons.")]
    [InlineData(500, "public.test answered 500 Internal Server Error: the trouble is on its side.")]
    [InlineData(503, "public.test answered 503 Service Unavailable: the trouble is on its side.")]
    [InlineData(599, "public.test answered 599: the trouble is on its side.")]
    [InlineData(206, "public.test answered 206 Partial Content: there is no feed in that answer.")]
    public async Task B14_A_status_is_told_in_words(int status, string reason)
    {
        await using var server = new RawServer($"HTTP/1.1 {status} <script>\r\nContent-Length: 4\r\n\r\nno!!");
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(server.Url("public.test"));

        Assert.Equal(FetchFailure.Status, failed.Kind);
        Assert.Equal(reason, failed.Reason.Said());
    }

    [Theory]
    [InlineData(404, "Retry-After: 120\r\n", 120)]
    [InlineData(500, "Retry-After: 315360000\r\n", 86400)]
    [InlineData(503, "", null)]
    [InlineData(504, "", null)]
    public async Task B14_Any_failure_may_say_when_to_come_again(int status, string header, int? seconds)
    {
        await using var server = new RawServer($"HTTP/1.1 {status} Later\r\n{header}Content-Length: 0\r\n\r\n");
        using var fetcher = Fetching.Fetcher(new FakeTimeProvider());

        Assert.Equal(seconds, (await fetcher.FailAsync(server.Url("public.test"))).RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(429, "", null)]
    [InlineData(429, "Retry-After: 120\r\n", 120)]
    [InlineData(503, "Retry-After: 0\r\n", 0)]
    [InlineData(429, "Retry-After: -5\r\n", 0)]
    [InlineData(429, "Retry-After: 315360000\r\n", 86400)]
    [InlineData(429, "Retry-After: 99999999999999999999999\r\n", 86400)]
    [InlineData(503, "Retry-After: Tue, 24 Nov 2026 12:01:00 GMT\r\n", 60)]
    [InlineData(503, "Retry-After: Tue, 24 Nov 2026 11:00:00 GMT\r\n", 0)]
    [InlineData(503, "Retry-After: Fri, 24 Nov 2034 11:00:00 GMT\r\n", 86400)]
    [InlineData(429, "Retry-After: soon\r\n", null)]
    [InlineData(429, "Retry-After: NaN\r\n", null)]
    public async Task B14_A_host_that_asks_for_patience_is_heard(int status, string header, int? seconds)
    {
        await using var server = new RawServer($"HTTP/1.1 {status} Later\r\n{header}Content-Length: 0\r\n\r\n");
        using var fetcher = Fetching.Fetcher(new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)));

        var throttled = Assert.IsType<FetchResult.Throttled>(await fetcher.GetAsync(server.Url("public.test")));

        Assert.Equal(status, throttled.Status);
        Assert.Equal(seconds, throttled.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task B14_Gone_is_gone()
    {
        await using var server = new RawServer("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
        using var fetcher = Fetching.Fetcher();

        Assert.IsType<FetchResult.Gone>(await fetcher.GetAsync(server.Url("public.test")));
    }

    [Fact]
    public async Task A_closed_port_is_told_with_its_host()
    {
        var server = new RawServer("");
        var url = server.Url("public.test");
        await server.DisposeAsync();
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(url);

        Assert.Equal(FetchFailure.Refused, failed.Kind);
        Assert.StartsWith("public.test refuses connections", failed.Reason.Said(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://public.test/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/feed.xml")]
    public async Task What_is_no_web_address_is_not_fetched(string url)
    {
        using var fetcher = Fetching.Fetcher();

        Assert.Equal(FetchFailure.BadAddress, (await fetcher.FailAsync(new Uri(url, UriKind.RelativeOrAbsolute))).Kind);
    }

    [Fact]
    public async Task The_caller_can_cancel()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new RawServer(async exchange =>
        {
            await cancel.CancelAsync();
            await exchange.StaySilentAsync();
        });
        using var fetcher = Fetching.Fetcher();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.FetchAsync(new FetchRequest(server.Url("public.test")), cancel.Token));
    }

    private static async Task AssertEndsWithLimitAsync(FeedFetcher fetcher, RawServer server, FakeTimeProvider time, Task reached)
    {
        var fetch = fetcher.FailAsync(server.Url("public.test"));
        await reached;
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(fetch.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var failed = await fetch;

        Assert.Equal(FetchFailure.TimedOut, failed.Kind);
        Assert.Equal("public.test did not answer within 20 seconds.", failed.Reason.Said());
    }
}
