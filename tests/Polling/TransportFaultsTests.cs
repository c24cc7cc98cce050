using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>What becomes of a feed whose server breaks off, refuses or vanishes: nothing known is lost, and it is tried again in good time.</summary>
public sealed class TransportFaultsTests : IAsyncLifetime
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
    private readonly Desk _desk = new();
    private Func<RawExchange, Task> _answer = null!;
    private RawServer _server = null!;

    public ValueTask InitializeAsync()
    {
        _server = new RawServer(exchange => _answer(exchange));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("B03 reset", "Content-Length: 10000\r\n")]
    [InlineData("B08 length", "Content-Length: 10000\r\n")]
    [InlineData("B08 chunk", "Transfer-Encoding: chunked\r\n")]
    [InlineData("B08 gzip", "Content-Encoding: gzip\r\n")]
    [InlineData("B08 br", "Content-Encoding: br\r\n")]
    [InlineData("B09 close", "")]
    public async Task B03_B08_B09_A_cut_body_leaves_what_is_known_untouched(string row, string header)
    {
        var whole = FeedSite.Rss([.. Enumerable.Range(0, 60).Select(i => ($"new{i}", $"new {i}", "A text of some length, so that there is something to cut off.")), ("one", "one", "The text of one.")]);
        var cut = row.Split(' ')[1] switch
        {
            "chunk" => Encoding.UTF8.GetBytes($"{4000:x}\r\n{whole[..4000]}\r\n"),
            "gzip" => Half(Packed(whole, inner => new GZipStream(inner, CompressionLevel.Optimal))),
            "br" => Half(Packed(whole, inner => new BrotliStream(inner, CompressionLevel.Optimal))),
            _ => Encoding.UTF8.GetBytes(whole[..4000]),
        };
        var feed = await StartAsync();
        var (before, memory) = (await _desk.FeedAsync(feed), await MemoryAsync());
        _answer = async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nETag: \"cut\"\r\n{header}\r\n");
            await exchange.SendAsync(cut);
            exchange.Closes = true;
            if (row == "B03 reset")
                exchange.Reset();
        };

        _desk.Time.Advance(Quarter);
        await _desk.PollAsync();
        var broken = await _desk.FeedAsync(feed);
        Assert.Equal((FeedState.Broken, 1), (broken.State, broken.FailuresInARow));
        Assert.Contains("a.test", broken.LastError.Said(), StringComparison.Ordinal);
        Assert.Equal((before.ETag, before.BodyHash, before.LastFullPoll), (broken.ETag, broken.BodyHash, broken.LastFullPoll));
        Assert.Equal(memory, await MemoryAsync());
        Assert.Empty(await _desk.DeliveriesAsync());
        Assert.InRange(broken.NextPoll!.Value, _desk.Now.AddMinutes(14), _desk.Now.AddMinutes(16));

        _answer = exchange => exchange.SendAsync("", Encoding.UTF8.GetBytes(whole));
        _desk.Time.Advance(TimeSpan.FromMinutes(16));
        await _desk.PollAsync();
        Assert.Equal(60, (await _desk.OwedAsync("a")).Distinct().Count());
    }

    /// <summary>Some publishers never close what they open: they are read as they are, a little later.</summary>
    [Fact]
    public async Task B09_What_looks_cut_at_every_try_is_believed_in_the_end()
    {
        var feed = await StartAsync();
        var unclosed = FeedSite.Rss(("two", "two", "text"), ("one", "one", "The text of one.")).Replace("</channel></rss>", "", StringComparison.Ordinal);
        _answer = async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\n\r\n{unclosed}");
            exchange.Closes = true;
        };
        await PollForAsync(TimeSpan.FromHours(3));

        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        Assert.Equal(FeedState.Active, (await _desk.FeedAsync(feed)).State);
    }

    [Fact]
    public async Task B12_A_new_validator_with_304_is_the_one_to_send_next()
    {
        await StartAsync();
        foreach (var (sent, next) in new[] { ("first", "second"), ("second", "third"), ("third", "fourth") })
        {
            _answer = exchange => exchange.Head.Contains($"\r\nIf-None-Match: \"{sent}\"\r\n", StringComparison.Ordinal)
                ? exchange.SendAsync($"HTTP/1.1 304 Not Modified\r\nETag: \"{next}\"\r\n\r\n")
                : exchange.SendAsync("HTTP/1.1 500 Not What Was Agreed\r\nContent-Length: 0\r\n\r\n");
            _desk.Time.Advance(Quarter);
            Assert.Equal(1, (await _desk.PollAsync()).Unchanged);
        }

        Assert.Equal("\"fourth\"", (await _desk.FeedAsync(1)).ETag);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(429)]
    [InlineData(451)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task B14_Every_failing_status_is_tried_again_when_its_host_says_or_by_plan(int status)
    {
        var hour = _desk.Now + Quarter + TimeSpan.FromHours(1);
        (string Name, string? RetryAfter, double Minutes)[] cases =
        [
            ("none", null, 15),
            ("seconds", "3600", 60),
            ("date", hour.ToString("R", CultureInfo.InvariantCulture), 60),
            ("negative", "-120", 15),
            ("decade", "315360000", 1440),
        ];
        var feeds = new List<long>();
        _answer = SendAsync("one");
        foreach (var (name, _, _) in cases)
            feeds.Add(await _desk.SubscribeAsync(_server.Url($"{name}.test"), "a"));
        await _desk.PollAsync();
        _answer = exchange =>
        {
            var retryAfter = cases.Single(one => exchange.Head.Contains($"\r\nHost: {one.Name}.test", StringComparison.Ordinal)).RetryAfter;
            return exchange.SendAsync($"HTTP/1.1 {status} No\r\n{(retryAfter is null ? "" : $"Retry-After: {retryAfter}\r\n")}Content-Length: 0\r\n\r\n");
        };

        _desk.Time.Advance(Quarter);
        Assert.Equal(5, (await _desk.PollAsync()).Failed);

        foreach (var (id, (name, retryAfter, minutes)) in feeds.Zip(cases))
        {
            var feed = await _desk.FeedAsync(id);
            if (status == 410)
            {
                Assert.Equal((FeedState.Gone, null), (feed.State, feed.NextPoll));
                continue;
            }

            var throttled = status == 429 || (status == 503 && retryAfter is not null);
            Assert.Equal(throttled ? (FeedState.Active, 0) : (FeedState.Broken, 1), (feed.State, feed.FailuresInARow));
            Assert.Contains($"{name}.test answered {status}", feed.LastError.Said(), StringComparison.Ordinal);

            // Jitter goes both ways around the plan, but never before the time that was said.
            Assert.InRange((feed.NextPoll!.Value - _desk.Now).TotalMinutes, minutes > 15 ? minutes : 14.2, minutes > 15 ? minutes : 15.8);
        }

        if (status == 410)
            return;

        // The second one fails as well: only what is a failure grows.
        _desk.Time.Advance(TimeSpan.FromMinutes(16));
        await _desk.PollAsync();
        var again = await _desk.FeedAsync(feeds[0]);
        Assert.InRange((again.NextPoll!.Value - again.LastPoll!.Value).TotalMinutes, status == 429 ? 13 : 27, status == 429 ? 16 : 31.5);
    }

    /// <summary>The clock stands still between polls, and every feed has an H of its own.</summary>
    [Fact]
    public async Task B18_When_the_network_is_back_all_feeds_are_polled_within_two_intervals_and_not_at_once()
    {
        const int Feeds = 200;
        _desk.Options.Schedule = "H/15 * * * *";
        var polls = new ConcurrentDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        _answer = exchange =>
        {
            polls.TryAdd(exchange.Path, _desk.Now);
            return SendAsync("one")(exchange);
        };
        for (var i = 0; i < Feeds; i++)
            await _desk.SubscribeAsync(_server.Url($"h{i}.test", $"/{i}"), "a");
        await _desk.PollAsync();
        await PollForAsync(TimeSpan.FromMinutes(20));

        var port = _server.Port;
        await _server.DisposeAsync();
        await PollForAsync(TimeSpan.FromMinutes(10));
        Assert.InRange(await _desk.ReadAsync(db => db.Feeds.Count(f => f.State == FeedState.Broken)), Feeds / 3, Feeds);

        polls.Clear();
        _server = new RawServer(exchange => _answer(exchange), port: port);
        await PollForAsync(2 * Quarter);
        Assert.Equal(Feeds, polls.Count);
        Assert.Equal(0, await _desk.ReadAsync(db => db.Feeds.Count(f => f.State == FeedState.Broken)));
        Assert.InRange(polls.Values.GroupBy(at => at.Ticks / TimeSpan.TicksPerSecond).Max(second => second.Count()), 1, 20);
    }

    private static Func<RawExchange, Task> SendAsync(string title) => exchange =>
        exchange.SendAsync("ETag: \"first\"\r\n", Encoding.UTF8.GetBytes(FeedSite.Rss((title, title, $"The text of {title}."))));

    private static byte[] Packed(string text, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
            stream.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];

    private async Task<long> StartAsync()
    {
        _answer = SendAsync("one");
        var feed = await _desk.SubscribeAsync(_server.Url("a.test"), "a");
        await _desk.PollAsync();
        return feed;
    }

    /// <summary>Polls whenever a feed is due, until so much time has gone by.</summary>
    private async Task PollForAsync(TimeSpan length)
    {
        var end = _desk.Now + length;
        while (await _desk.ReadAsync(db => db.Feeds.Min(f => f.NextPoll)) is { } next && next <= end)
        {
            if (next > _desk.Now)
                _desk.Time.Advance(next - _desk.Now);
            await _desk.PollAsync();
        }

        _desk.Time.Advance(end - _desk.Now);
    }

    private Task<byte[]> MemoryAsync() => _desk.ReadAsync(db => db.FeedMemories.Single().Packed);
}
