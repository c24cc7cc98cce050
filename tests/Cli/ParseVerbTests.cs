using System.Text;
using System.Text.Json;
using Notifier.Bot.Cli;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;

namespace Notifier.Tests.Cli;

public sealed class ParseVerbTests
{
    private const string Feed = """
        <rss version="2.0"><channel><title>T</title><item><guid>1</guid><title>A "b" é</title><link>http://host.example/?a=1&amp;b=2</link>
        <pubDate>Tue, 03 Mar 2026 07:30:00 +0100</pubDate><enclosure url="http://host.example/a.mp3" type="audio/mpeg" length="5"/></item></channel></rss>
        """;

    private const string Line = """
        {"ok":true,"feed":{"family":"rss","version":"rss20","title":"T"},"entries":[{"id":"1","link":"http://host.example/?a=1&b=2","title":"A \"b\" é","published":"2026-03-03T06:30:00Z","enclosures":[{"url":"http://host.example/a.mp3","type":"audio/mpeg","length":5}]}]}

        """;

    [Fact]
    public async Task A_document_from_the_standard_input_becomes_one_line()
    {
        var (code, output, _) = await RunAsync(["-"], Feed);
        Assert.Equal(0, code);
        Assert.Equal(Line, output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task A_file_becomes_one_line()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = await RunAsync([folder.Write("feed.xml", Feed)]);
        Assert.Equal(0, code);
        Assert.Equal(Line, output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task A_manifest_becomes_a_numbered_line_for_each_document_feed_or_not()
    {
        using var folder = new TemporaryFolder();
        folder.Write("feed.xml", Feed);
        folder.Write("other.xml", "");
        var manifest = folder.Write("manifest.json", """{"cases": [{"file": "feed.xml", "n": 7, "url": "http://host.example/"}, {"file": "other.xml", "n": 8, "url": "", "headers": {"content-type": "text/xml"}}]}""");

        var (code, output, _) = await RunAsync(["--manifest", manifest]);

        Assert.Equal(0, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToArray();
        Assert.Equal([7, 8], lines.Select(line => line.GetProperty("n").GetInt32()));
        Assert.True(lines[0].GetProperty("ok").GetBoolean());
        Assert.False(lines[1].GetProperty("ok").GetBoolean());
        Assert.Equal("an empty document", lines[1].GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_URL_is_fetched_by_whatever_fetches()
    {
        static Task<FetchResult> FetchAsync(Uri url, CancellationToken cancellationToken) => Task.FromResult<FetchResult>(
            url.Host == "host.example"
                ? new FetchResult.Fetched(Encoding.UTF8.GetBytes(Feed), 0, url, null, null, null, null, null)
                : new FetchResult.Failed(FetchFailure.NameNotFound, "No such host."));

        Assert.Equal(0, (await RunAsync(["http://host.example/feed"], fetch: FetchAsync)).Code);
        var (code, _, errors) = await RunAsync(["http://nowhere.example/feed"], fetch: FetchAsync);
        Assert.Equal(1, code);
        Assert.Contains("No such host.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_feed_ends_with_1()
    {
        var (code, output, _) = await RunAsync(["-"], "<html></html>");
        Assert.Equal(1, code);
        Assert.Equal("{\"ok\":false,\"error\":\"a web page\"}\n", output);
    }

    [Fact]
    public async Task A_missing_file_ends_with_1_and_is_named()
    {
        var (code, _, errors) = await RunAsync(["/no/such/file"]);
        Assert.Equal(1, code);
        Assert.Contains("/no/such/file", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("a", "b")]
    [InlineData("--manifest")]
    public async Task Wrong_use_ends_with_64(params string[] args) => Assert.Equal(64, (await RunAsync(args)).Code);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] args, string input = "", Func<Uri, CancellationToken, Task<FetchResult>>? fetch = null)
    {
        using var output = new MemoryStream();
        await using var errors = new StringWriter();
        var code = await new ParseVerb(new FeedParser(Core.Formats), fetch).RunAsync(args, new MemoryStream(Encoding.UTF8.GetBytes(input)), output, errors, TestContext.Current.CancellationToken);
        return (code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("notifier-");

        public string Write(string name, string content)
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllText(path, content);
            return path;
        }

        public void Dispose() => folder.Delete(recursive: true);
    }
}
