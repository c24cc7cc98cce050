using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Polling.Identity;
using Notifier.Polling.Pages;
using Notifier.Tests.Support;
using static Notifier.Tests.Polling.Pages.PageReading;

namespace Notifier.Tests.Polling.Pages;

/// <summary>Pages that cannot be read, must not be, or hold up: the entry has its feed's own text then, the log says why, and the poll went well.</summary>
public sealed class PageFaultsTests : IAsyncLifetime
{
    private const string Long = "The feed says all of it and more. The feed says all of it and more. The feed says all of it and more. ";

    /// <summary>What the page answers, and the reason that the log gives.</summary>
    private static readonly (RequestDelegate Answer, string Reason)[] Faults =
    [
        (http => Refuse(http, 404), "404 Not Found"),
        (http => Refuse(http, 410), "has taken it away"),
        (http => Refuse(http, 500), "500 Internal Server Error"),
        (http => SendAsync(http, "%PDF-1.7", "application/pdf"), "It is no web page."),
        (http => SendAsync(http, new string('x', 10 * 1024 * 1024)), "larger than 2 MiB"),
        (BombAsync, "unpacks to more than 100 times its size"),
        (http => Redirect(http, "http://10.0.0.1/"), "redirects to an address that is not public"),
        (http => Redirect(http, "http://169.254.169.254/latest/meta-data"), "redirects to an address that is not public"),
        (http => Redirect(http, "file:///etc/passwd"), "not http or https"),
        (http => Redirect(http, http.Request.Path), "redirects more than 5 times"),
        (http => SendAsync(http, "<h1>Log in</h1><form><input name=\"user\"><input type=\"password\"><button>Go</button></form><p>Subscribe to read on.</p>"), "No article was found"),
        (http => SendAsync(http, $"<body><noscript>Please enable JavaScript.</noscript><div id=\"root\"></div><script>render('{Page("drawbridge").Replace("</script>", "", StringComparison.Ordinal)}')</script></body>"), "No article was found"),
        (http => SendAsync(http, ""), "No article was found"),
        (http => SendAsync(http, "<div =\"<p <<<p></a></b><table><tr><p>\0&#x0;<![CDATA[<p></p>]]><!-- <p>"), "No article was found"),
        (http => SendAsync(http, string.Concat(Enumerable.Repeat("<div>", 20_000)) + Page("drawbridge")), "too large, or nests too deep"),
        (http => SendAsync(http, Page("bridge")), "It says no more than the feed."),
    ];

    private PageReading _home = null!;

    public async ValueTask InitializeAsync() => _home = await StartAsync();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task The_feeds_own_text_stays_and_the_log_says_why()
    {
        var items = Faults.Select((_, n) => _home.Item($"n{n}", text: string.Concat(Enumerable.Repeat(Long, 10)))).ToArray();
        for (var n = 0; n < Faults.Length; n++)
            _home.Site.Answer($"/n{n}", Faults[n].Answer);
        _home.Publish([.. items, _home.Item("old")]);
        Assert.Equal(1, (await _home.PollAsync()).Changed);

        Assert.Equal(Faults.Length, (await _home.Desk.OwedAsync("a")).Count);
        Assert.All(await _home.Desk.ReadAsync(db => db.Entries.ToList()), entry => Assert.Equal((true, null), (entry.Summary?.StartsWith(Long, StringComparison.Ordinal), entry.Content)));
        for (var n = 0; n < Faults.Length; n++)
            Assert.Contains(Faults[n].Reason, Assert.Single(_home.Reasons, reason => reason.Contains($"/n{n},", StringComparison.Ordinal)), StringComparison.Ordinal);
        var feed = await _home.Desk.FeedAsync(_home.Feed);
        Assert.Equal((0, _home.Desk.Now), (feed.FailuresInARow, feed.LastSuccess));
    }

    [Fact]
    public async Task Pages_that_never_answer_hold_a_poll_for_thirty_seconds_and_each_other_no_longer_than_ten()
    {
        var asked = new SemaphoreSlim(0);
        var items = Enumerable.Range(1, 6).Select(n => _home.Item($"n{n}")).ToArray();
        foreach (var item in items)
        {
            _home.Site.Answer("/" + item.Id, async http =>
            {
                asked.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
            });
        }

        _home.Publish(items);
        var poll = _home.PollAsync();
        for (var page = 1; page <= 3; page++)
        {
            await asked.WaitAsync(Desk.Token);
            _home.Desk.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(1, (await poll).Changed);
        Assert.Equal(6, (await _home.Desk.OwedAsync("a")).Count);
        Assert.Equal(3, items.Sum(item => _home.Site.RequestsFor("/" + item.Id)));
        Assert.All(_home.Reasons, reason => Assert.EndsWith("a.test takes too long.", reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_one_feeds_pages_take_their_time_others_are_polled()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _home.Site.Answer("/one", async http =>
        {
            asked.SetResult();
            await answer.Task;
            await SendAsync(http, Page("drawbridge"));
        });
        _home.Site.Publish("/other", "first");
        await _home.Desk.SubscribeAsync(_home.Site.Url("/other", "b.test"), "a");
        await _home.PollAsync();
        _home.Site.Publish("/other", "second", "first");
        _home.Publish(_home.Item("one"), _home.Item("old"));

        var poll = _home.PollAsync();
        await asked.Task.WaitAsync(Desk.Token);
        while (!(await _home.Desk.OwedAsync("a")).SequenceEqual(["second"]))
        {
            Desk.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        answer.SetResult();
        await poll;

        Assert.Equal(["second", "one"], await _home.Desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_host_is_asked_for_one_page_at_a_time_by_whichever_feeds()
    {
        var (now, most) = (0, 0);
        foreach (var feed in (string[])["/x", "/y", "/z"])
        {
            _home.Site.Answer(feed, http => FeedSite.SendAsync(http, SimulatedPublisher.Document([])));
            await _home.Desk.SubscribeAsync(_home.Site.Url(feed), "a");
        }

        await _home.SetAsync(true);
        await _home.PollAsync();
        foreach (var feed in (string[])["x", "y", "z"])
        {
            var items = Enumerable.Range(1, 4).Select(n => _home.Item($"{feed}{n}")).ToArray();
            _home.Site.Answer("/" + feed, http => FeedSite.SendAsync(http, SimulatedPublisher.Document(items)));
            foreach (var item in items)
            {
                _home.Site.Answer("/" + item.Id, async http =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref now));
                    await Task.Yield();
                    Interlocked.Decrement(ref now);
                    await SendAsync(http, Page("bridge " + item.Id));
                });
            }
        }

        await _home.PollAsync();

        Assert.Equal((12, 1), (await _home.Desk.ReadAsync(db => db.Entries.Count(e => e.Content != null)), most));
        Assert.InRange(_home.Site.Busy["a.test"].Most, 1, 2);
    }

    /// <summary>Who made the feed may link to any host, so that what a page answers is no word about the feeds there.</summary>
    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_host_that_asks_for_patience_with_a_page_gets_it_for_pages_alone(int status)
    {
        _home.Site.Answer("/two", status, "Retry-After", "7200");
        await _home.PollAsync(_home.Item("two"), _home.Item("one"), _home.Item("old"));

        Assert.Equal((1, 0), (_home.Site.RequestsFor("/two"), _home.Site.RequestsFor("/one")));
        Assert.Equal(2, (await _home.Desk.OwedAsync("a")).Count);
        var asked = _home.Site.RequestsFor("/feed");
        await _home.PollAsync(_home.Item("three"), _home.Item("two"), _home.Item("one"));
        Assert.Equal((asked + 1, 0), (_home.Site.RequestsFor("/feed"), _home.Site.RequestsFor("/three")));
    }

    [Fact]
    public async Task A_host_that_asks_for_patience_with_a_feed_gets_it_for_pages_too()
    {
        _home.Site.Answer("/other", 429, "Retry-After", "7200");
        await _home.Desk.SubscribeAsync(_home.Site.Url("/other", "b.test"), "a");
        await _home.PollAsync();
        await _home.PollAsync(_home.Item("one") with { Link = _home.Site.Url("/one", "b.test").AbsoluteUri }, _home.Item("old"));

        Assert.EndsWith("b.test asked us to wait.", Assert.Single(_home.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_in_the_operators_language_whoever_asked_for_the_poll()
    {
        _home.Site.Answer("/one", 404);
        using (_home.Texts.In("de"))
            await _home.PollAsync(_home.Item("one"), _home.Item("old"));

        Assert.Contains("nothing is at that address", Assert.Single(_home.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_holds_up_the_reader_is_left_to_it_and_no_second_is_read_beside_it()
    {
        using var release = new ManualResetEventSlim();
        var begun = new SemaphoreSlim(0);
        var read = 0;
        var fullTexts = new FullTexts(_home.Fetcher, new HostCooldown(_home.Desk.Time), _home.Desk.Storage, _home.Texts, _home.Desk.Time, NullLogger.Instance, Hold);
        _home.Serve("one", Page("drawbridge"));
        _home.Serve("two", Page("viaduct"));
        foreach (var id in (string[])["one", "two"])
        {
            var entry = new ParsedEntry { Id = id, Link = _home.Site.Url("/" + id).AbsoluteUri };
            var document = new ParsedFeed { Family = FeedFamily.Rss, Entries = [entry] };
            var feed = new ClaimedFeed(_home.Feed, _home.Site.Url("/feed"), null, null, null, null, null, null, null, 0, FeedState.Active, 1, 1, _home.Desk.Now + TimeSpan.FromMinutes(5));
            var found = fullTexts.AddAsync(feed, feed.Url, document, EntryDiff.Compare(document, new SeenEntries(default, Comparable: true), _home.Desk.Now), Desk.Token);
            if (id == "one")
                await begun.WaitAsync(Desk.Token);
            while (!found.IsCompleted)
            {
                _home.Desk.Time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            Assert.Null(Assert.Single((await found).New).Article);
        }

        Assert.Equal(1, read);
        release.Set();

        Article? Hold(FetchResult.Fetched page, out string? reason)
        {
            Interlocked.Increment(ref read);
            begun.Release();
            release.Wait(Desk.Token);
            reason = "Too late.";
            return null;
        }
    }

    /// <summary>The network of the test is a private one that the settings open. For feeds: else each could have told in a chat what stands there.</summary>
    [Fact]
    public async Task A_page_in_an_opened_private_network_is_read_on_its_feeds_host_alone()
    {
        _home.Serve("one", Page("drawbridge"));
        _home.Site.Answer("/two", http => Redirect(http, _home.Site.Url("/one", "b.test").AbsoluteUri));
        await _home.PollAsync(_home.Item("one") with { Link = _home.Site.Url("/one", "b.test").AbsoluteUri }, _home.Item("two"), _home.Item("old"));

        Assert.Equal(0, _home.Site.RequestsFor("/one"));
        Assert.Equal(2, _home.Reasons.Count(reason => reason.Contains("not public", StringComparison.Ordinal)));
    }

    /// <summary>What leads out of the network today may lead into it a second later: whoever has the name decides.</summary>
    [Fact]
    public async Task A_name_that_has_led_into_the_public_network_leads_to_no_page_in_a_private_one()
    {
        _home.Serve("one", Page("drawbridge"));
        _home.StartPoller();
        _home.Addresses = [IPAddress.Loopback, IPAddress.Parse("2600::1")];
        _home.Site.Answer("/feed", http =>
        {
            _home.Addresses = [IPAddress.Loopback];
            return FeedSite.SendAsync(http, SimulatedPublisher.Document([_home.Item("one"), _home.Item("old")]));
        });
        await _home.PollAsync();

        Assert.Equal(0, _home.Site.RequestsFor("/one"));
        Assert.Contains("not public", Assert.Single(_home.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_is_asked_for_politely_and_without_the_feeds_login()
    {
        await using var server = new RawServer(exchange => exchange.SendAsync("Content-Type: text/html\r\n", System.Text.Encoding.UTF8.GetBytes(Page("drawbridge"))));
        await _home.Desk.ExecuteAsync(
            $$"""
            INSERT INTO FeedCredentials (Key, Origin, ChatId, User, Secret, Headers) VALUES ('key', '{{FeedLogin.Origin(_home.Site.Url("/"))}}', 1, 'ann', 'secret', '{"X-Key":"secret"}');
            UPDATE Feeds SET Credential='key'
            """);
        var sent = new List<string>();
        _home.Site.Answer("/one", http =>
        {
            sent.Add(string.Join(' ', http.Request.Headers.Select(header => $"{header.Key}={header.Value}")));
            return SendAsync(http, Page("viaduct"));
        });
        string? login = null;
        var items = new[] { _home.Item("one"), _home.Item("two") with { Link = server.Url("a.test", "/two").AbsoluteUri.Replace("//", "//me:mine@", StringComparison.Ordinal) } };
        _home.Site.Answer("/feed", http =>
        {
            login = $"{http.Request.Headers.Authorization} {http.Request.Headers["X-Key"]}";
            return FeedSite.SendAsync(http, SimulatedPublisher.Document(items));
        });

        await _home.PollAsync();

        Assert.EndsWith(" secret", login, StringComparison.Ordinal);
        Assert.Equal(2, await _home.Desk.ReadAsync(db => db.Entries.Count(e => e.Content != null)));
        sent.AddRange(server.Requests);
        Assert.Equal(2, sent.Count);
        Assert.All(sent, head =>
        {
            Assert.Contains("Notifier/", head, StringComparison.Ordinal);
            Assert.DoesNotContain("subscriber", head, StringComparison.Ordinal);
            Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Cookie", head, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("X-Key", head, StringComparison.OrdinalIgnoreCase);
        });
        Assert.DoesNotContain("mine", _home.Log.Everything, StringComparison.Ordinal);
    }

    private static async Task BombAsync(HttpContext http)
    {
        http.Response.ContentType = "text/html";
        http.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(new byte[8 * 1024 * 1024]);
    }

    private static Task Refuse(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Redirect(HttpContext http, string to)
    {
        http.Response.StatusCode = 302;
        http.Response.Headers.Location = to;
        return Task.CompletedTask;
    }
}
