using System.IO.Compression;
using System.Text;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

[Collection(nameof(Alone))]
public class BodyReaderTests
{
    private static readonly byte[] Feed = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"<item><title>{i}</title></item>")));

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("identity")]
    [InlineData("")]
    public async Task A_packed_body_is_unpacked(string encoding)
    {
        var result = await AnswerAsync(encoding.Replace("raw ", "", StringComparison.Ordinal), Pack(Feed, encoding));

        Assert.Equal(Feed, Assert.IsType<FetchResult.Fetched>(result).Body.ToArray());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task B06_A_bomb_is_refused_early(string encoding)
    {
        var bomb = Pack(new byte[64 << 20], encoding);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var failed = Assert.IsType<FetchResult.Failed>(await AnswerAsync(encoding, bomb));

        Assert.Equal(FetchFailure.TooLarge, failed.Kind);
        Assert.Contains("100 times its size", failed.Reason.Said(), StringComparison.Ordinal);
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 16 << 20, "the bomb was unpacked");
    }

    [Fact]
    public async Task B15_A_hundred_bombs_at_once_are_all_refused()
    {
        var bomb = Pack(new byte[64 << 20], "br");
        await using var server = new RawServer(exchange => exchange.SendAsync("Content-Encoding: br\r\n", bomb));
        using var fetcher = Fetching.Fetcher(change: options => options.ConnectionsPerHost = 100);
        var (before, heap) = (GC.GetTotalAllocatedBytes(precise: true), GC.GetTotalMemory(forceFullCollection: true));

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => fetcher.GetAsync(server.Url("public.test"))));

        Assert.All(results, result => Assert.Equal(FetchFailure.TooLarge, Assert.IsType<FetchResult.Failed>(result).Kind));
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 256 << 20, "the bombs were unpacked");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - heap < 64 << 20, "what was unpacked is kept");
    }

    [Fact]
    public async Task B06_Without_the_limit_the_same_bomb_goes_off()
    {
        using var unlimited = new BrotliStream(new MemoryStream(Pack(new byte[64 << 20], "br")), CompressionMode.Decompress);
        using var all = new MemoryStream();
        await unlimited.CopyToAsync(all, TestContext.Current.CancellationToken);

        Assert.Equal(64 << 20, all.Length);
    }

    [Fact]
    public async Task B06_A_body_that_unpacks_beyond_the_limit_is_refused_whatever_its_ratio()
    {
        var noise = new byte[9 << 20];
        new Random(1).NextBytes(noise);

        Assert.Equal(FetchFailure.TooLarge, Assert.IsType<FetchResult.Failed>(await AnswerAsync("gzip", Pack(noise, "gzip"))).Kind);
    }

    [Theory]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("evil")]
    public async Task B07_Double_and_unknown_encodings_are_refused(string encoding)
    {
        var failed = Assert.IsType<FetchResult.Failed>(await AnswerAsync(encoding, Pack(Feed, "gzip")));

        Assert.Equal("public.test packs its answer in a way that I cannot unpack.", failed.Reason.Said());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task B07_An_encoding_that_lies_is_told(string encoding)
    {
        var failed = Assert.IsType<FetchResult.Failed>(await AnswerAsync(encoding, Feed));

        Assert.Equal(FetchFailure.Broken, failed.Kind);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    public async Task B08_A_cut_body_is_an_error_and_not_a_short_feed(string encoding)
    {
        var packed = Pack(Feed, encoding);
        foreach (var length in new[] { 0, 1, packed.Length / 2, packed.Length - 1 })
        {
            var failed = Assert.IsType<FetchResult.Failed>(await AnswerAsync(encoding.Replace("raw ", "", StringComparison.Ordinal), packed[..length]));
            Assert.Equal(FetchFailure.Broken, failed.Kind);
        }
    }

    [Fact]
    public async Task B08_A_wrong_checksum_is_an_error()
    {
        var packed = Pack(Feed, "gzip");
        packed[^6] ^= 1;

        Assert.Equal(FetchFailure.Broken, Assert.IsType<FetchResult.Failed>(await AnswerAsync("gzip", packed)).Kind);
    }

    [Fact]
    public async Task B08_A_body_shorter_than_its_length_is_an_error()
    {
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>");
            exchange.Closes = true;
        });
        using var fetcher = Fetching.Fetcher();

        var failed = await fetcher.FailAsync(server.Url("public.test"));

        Assert.Equal("public.test broke off before its answer was complete.", failed.Reason.Said());
    }

    [Theory]
    [InlineData("<rss><channel><item><title>one</title></item>", true)]
    [InlineData("<rss><channel><item><title>on", true)]
    [InlineData("<rss></channel></rs", true)]
    [InlineData("\u00ef\u00bb\u00bf <rss/><!-- no end -->", true)]
    [InlineData("\u00ef\u00bb\u00bf\r\n<rss><channel></channel></rss>\n<!-- cached -->\n", false)]
    [InlineData("<rdf:RDF></rdf:RDF >", false)]
    [InlineData("<a:feed></a:feed>", false)]
    [InlineData("<RSS></RSS>", false)]
    [InlineData("<!doctype html><p>Hello</html>", false)]
    [InlineData("{\"items\": [", false)]
    [InlineData("hello", false)]
    [InlineData("<", false)]
    [InlineData("", false)]
    public async Task B09_A_body_that_ends_with_its_connection_may_be_cut_if_it_does_not_look_complete(string body, bool cut)
    {
        foreach (var (header, end, may) in new[] { ("", "", cut), ($"Content-Length: {body.Length}\r\n", "", false), ("Transfer-Encoding: chunked\r\n", "\r\n0\r\n\r\n", false) })
        {
            await using var server = new RawServer(async exchange =>
            {
                await exchange.SendAsync($"HTTP/1.1 200 OK\r\n{header}\r\n{(end.Length > 0 && body.Length > 0 ? $"{body.Length:x}\r\n" : "")}{body}{(body.Length > 0 ? end : end.TrimStart())}");
                exchange.Closes = true;
            });
            using var fetcher = Fetching.Fetcher();

            Assert.Equal(may, Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(server.Url("public.test"))).MayBeCut);
        }
    }

    [Fact]
    public async Task A_large_body_without_a_length_comes_whole()
    {
        var large = new byte[(8 << 20) - 1];
        new Random(2).NextBytes(large);
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
            await exchange.SendAsync(large);
            exchange.Closes = true;
        });
        using var fetcher = Fetching.Fetcher();

        Assert.True(Assert.IsType<FetchResult.Fetched>(await fetcher.GetAsync(server.Url("public.test"))).Body.Span.SequenceEqual(large));
    }

    private static async Task<FetchResult> AnswerAsync(string encoding, byte[] body)
    {
        await using var server = new RawServer(exchange => exchange.SendAsync(encoding.Length == 0 ? "" : $"Content-Encoding: {encoding}\r\n", body));
        using var fetcher = Fetching.Fetcher();
        return await fetcher.GetAsync(server.Url("public.test"));
    }

    private static byte[] Pack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal),
            "raw deflate" => new DeflateStream(packed, CompressionLevel.Optimal),
            _ => new BufferedStream(packed),
        })
        {
            packer.Write(bytes);
        }

        return packed.ToArray();
    }
}
