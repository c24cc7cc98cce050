using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Tests.Support;

namespace Notifier.Tests.Cli;

/// <summary>The program's verbs, each run as a process: what they print, and how they end.</summary>
public sealed class VerbsStory : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parse_prints_a_file_as_one_line_of_json()
    {
        var file = _folder.Write("feed.xml", SampleFeed.Rss("Sample", "Zwölf", "First"));
        var ended = await RunAsync("parse", file);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        using var json = JsonDocument.Parse(Assert.Single(Lines(ended.Output)));
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal("Sample", json.RootElement.GetProperty("feed").GetProperty("title").GetString());
        Assert.Equal(["Zwölf", "First"], json.RootElement.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("title").GetString()));
        Assert.False(Directory.Exists(Data), "Parsing leaves nothing behind.");
    }

    [Fact]
    public async Task Parse_reads_stdin()
    {
        var ended = await NotifierProcess.RunAsync(Data, ["parse", "-"], Stop, input: SampleFeed.Rss("Sample", "Zwölf"));

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("\"title\":\"Zwölf\"", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parse_walks_a_manifest()
    {
        _folder.Write("a.xml", SampleFeed.Rss("A", "One"));
        _folder.Write("sub/b.txt", "No feed at all.");
        var manifest = _folder.Write("manifest.json", """{"cases": [{"file": "a.xml", "n": 7, "url": "https://example.org/"}, {"file": "sub/b.txt", "n": 9}]}""");
        var ended = await RunAsync("parse", "--manifest", manifest);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        var lines = Lines(ended.Output);
        Assert.Equal(2, lines.Count);
        Assert.StartsWith("""{"n":7,"ok":true,"feed":{"family":"rss","version":"rss20","title":"A",""", lines[0], StringComparison.Ordinal);
        Assert.Equal("""{"n":9,"ok":false,"error":"a document without a feed in it"}""", lines[1]);
    }

    [Fact]
    public async Task Parse_ends_in_1_where_there_is_nothing_to_read_or_no_feed_in_it()
    {
        var missing = await RunAsync("parse", _folder.File("missing.xml"));
        Assert.Equal((1, ""), (missing.ExitCode, missing.Output));
        Assert.Contains("missing.xml", Assert.Single(Lines(missing.Errors)), StringComparison.Ordinal);

        var page = await RunAsync("parse", _folder.Write("page.html", "<!doctype html><title>Hello</title>"));
        Assert.Equal((1, """{"ok":false,"error":"a web page"}"""), (page.ExitCode, page.Output.TrimEnd()));
        Assert.Equal(64, (await RunAsync("parse")).ExitCode);
    }

    [Fact]
    public async Task Import_subscribes_a_chat_and_twice_makes_no_duplicates()
    {
        var list = _folder.Write("list.opml", Opml("https://one.example/feed", "https://two.example/feed.xml", "HTTPS://one.example:443/feed", "not an address"));

        var first = await RunAsync("import", list, "--chat", "terminal:local");
        Assert.Equal(0, first.ExitCode);
        Assert.Equal("2 feeds added, 0 known before, 1 not taken, for terminal:local", first.Output.TrimEnd());
        Assert.Equal("not taken: not an address: That is not a web address. It should look like https://example.org/feed.xml", first.Errors.TrimEnd());

        var second = await RunAsync("import", list, "--chat=terminal:local");
        Assert.Equal((0, "0 feeds added, 2 known before, 1 not taken, for terminal:local"), (second.ExitCode, second.Output.TrimEnd()));
        Assert.Equal([2, 2], await CountAsync("Feeds", "Subscriptions"));

        var other = await RunAsync("import", list, "--chat", "telegram:-100123/45");
        Assert.Equal((0, "2 feeds added, 0 known before, 1 not taken, for telegram:-100123/45"), (other.ExitCode, other.Output.TrimEnd()));
        Assert.Equal([2, 4], await CountAsync("Feeds", "Subscriptions"));
    }

    [Fact]
    public async Task Import_says_what_is_wrong()
    {
        var list = _folder.Write("list.opml", Opml("https://one.example/feed"));
        var broken = _folder.Write("broken.opml", "This is no list.");

        await FailsAsync(1, $"{broken} is no OPML list: ", "import", broken, "--chat", "terminal:local");
        await FailsAsync(64, "“living room” is not a chat: write platform:id or platform:id/thread, for example terminal:local.", "import", list, "--chat", "living room");
        await FailsAsync(64, "import wants a file and a chat: import FILE.opml --chat terminal:local", "import", list);
        await FailsAsync(64, "import wants a file and a chat: import FILE.opml --chat terminal:local", "import", "--chat", "terminal:local");
        await FailsAsync(64, $"There is no file {_folder.File("missing.opml")}.", "import", _folder.File("missing.opml"), "--chat", "terminal:local");
        Assert.False(File.Exists(Path.Combine(Data, "notifier.db")), "A mistake leaves nothing behind.");
    }

    [Fact]
    public async Task Poll_polls_what_is_due_delivers_nothing_and_counts()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        var (good, bad) = (web.Put("/good.xml", SampleFeed.Rss("Good", "One")), web.Url("/bad.xml"));
        await RunAsync("import", _folder.Write("list.opml", Opml(good, bad)), "--chat", "terminal:local");
        string[] poll = ["poll", "--Notifier:Polling:AllowPrivateNetworks=true"];

        var line = @"polls: {0}; \d+ new entries, \d+ deliveries; \d+\.\d{3} s, \d+ feeds/s$".Replace("{0}", "1 changed, 0 unchanged, 1 failed", StringComparison.Ordinal);
        Assert.Matches("^2 " + line, (await RunAsync(poll)).Output.TrimEnd());
        Assert.Matches("^0 polls: 0 changed, 0 unchanged, 0 failed; 0 new entries, 0 deliveries; ", (await RunAsync(poll)).Output);
        Assert.Matches("^2 polls: 0 changed, 1 unchanged, 1 failed; 0 new entries, 0 deliveries; ", (await RunAsync([.. poll, "--all"])).Output);

        web.Put("/good.xml", SampleFeed.Rss("Good", "Three", "Two", "One"));
        var changed = await RunAsync([.. poll, "--all"]);
        Assert.Equal(0, changed.ExitCode);
        Assert.Matches(@"^2 polls: 1 changed, 0 unchanged, 1 failed; 2 new entries, 2 deliveries; \d+\.\d{3} s, \d+ feeds/s$", Assert.Single(Lines(changed.Output)));
        Assert.Equal([2, 0], await CountAsync("Deliveries WHERE State='Waiting'", "Sendings"));
        Assert.Equal(1, web.Unchanged("/good.xml"));

        // The service delivers later what the verb found.
        await using var service = NotifierProcess.Serve(Data);
        await service.WaitForAsync("│ Three ", Stop);
    }

    [Fact]
    public async Task Version_and_help_are_printed()
    {
        foreach (var asked in new[] { "version", "--version" })
            Assert.Matches(@"^\d+\.\d+\.\d+\n$", (await RunAsync(asked)).Output);
        foreach (var asked in new[] { "help", "--help", "-h" })
        {
            var help = await RunAsync(asked);
            Assert.Equal((0, ""), (help.ExitCode, help.Errors));
            foreach (var verb in new[] { "--terminal", "--demo-interval", "parse", "poll", "import", "export", "doctor", "--json", "healthcheck", "backup", "--with-credentials", "version", "NOTIFIER_DATA" })
                Assert.Contains(verb, help.Output, StringComparison.Ordinal);
        }
    }

    private static string Opml(params IEnumerable<string> feeds) =>
        $"<opml version=\"2.0\"><head><title>Mine</title></head><body>{string.Concat(feeds.Select(feed => $"<outline type=\"rss\" text=\"A feed\" xmlUrl=\"{feed}\"/>"))}</body></opml>";

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private Task<Finished> RunAsync(params IEnumerable<string> arguments) => NotifierProcess.RunAsync(Data, arguments, Stop);

    private async Task FailsAsync(int exitCode, string said, params IEnumerable<string> arguments)
    {
        var ended = await RunAsync(arguments);
        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("notifier: " + said, Assert.Single(Lines(ended.Errors)), StringComparison.Ordinal);
    }

    private async Task<List<long>> CountAsync(params IEnumerable<string> tables)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Data, "notifier.db"), Pooling = false }.ToString());
        await connection.OpenAsync(Stop);
        var counts = new List<long>();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM {table}";
            counts.Add((long)(await command.ExecuteScalarAsync(Stop))!);
        }

        return counts;
    }
}
