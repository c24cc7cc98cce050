using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Messages.Html;
using Notifier.Polling.Identity;
using Notifier.Tests.Support;

namespace Notifier.Bench;

/// <summary>The small hot paths one by one: a poll's parse and diff of a usual feed (20 entries, 30 KB), and what is made of an entry's HTML.</summary>
[MemoryDiagnoser]
public class Micro
{
    private const int Entries = 20;

    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Uri _url = new("https://feed.example/feed");
    private readonly FeedParser _parser = new(Core.Formats);
    private readonly byte[] _rss = Encoding.UTF8.GetBytes(Document(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>A feed</title><link>https://feed.example/</link>",
        i => $"<item><title>{Title(i)}</title><link>https://feed.example/{i}</link><guid isPermaLink=\"false\">urn:{i}</guid><pubDate>{Now.AddHours(-i):R}</pubDate><dc:creator><![CDATA[Ann Author]]></dc:creator>"
            + $"<category><![CDATA[News]]></category><description><![CDATA[{Paragraph(i)}]]></description><content:encoded><![CDATA[{Html(i)}]]></content:encoded></item>",
        "</channel></rss>"));

    private readonly byte[] _atom = Encoding.UTF8.GetBytes(Document(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>A feed</title><link href=\"https://feed.example/\"/><id>urn:feed</id>",
        i => $"<entry><title>{Title(i)}</title><link href=\"https://feed.example/{i}\"/><id>urn:{i}</id><updated>{Now.AddHours(-i):yyyy-MM-ddTHH:mm:ssZ}</updated><author><name>Ann Author</name></author>"
            + $"<category term=\"News\"/><content type=\"html\">{System.Net.WebUtility.HtmlEncode(Html(i))}</content></entry>",
        "</feed>"));

    private readonly string _html = Html(1);
    private ParsedFeed _feed = new() { Family = FeedFamily.Rss };
    private SeenEntries? _memory;

    [GlobalSetup]
    public void Remember()
    {
        _feed = ((ParseResult.Parsed)_parser.Parse(_rss, _url)).Feed;
        _memory = SeenEntries.Unpack(Fingerprints.Version, EntryDiff.Compare(_feed, null, Now).Memory);
    }

    [Benchmark]
    public object ParseRss() => _parser.Parse(_rss, _url);

    [Benchmark]
    public object ParseAtom() => _parser.Parse(_atom, _url);

    [Benchmark]
    public ulong PrintsOf20Entries()
    {
        ulong all = 0;
        foreach (var entry in _feed.Entries)
            all ^= Fingerprints.Of(entry).Words;
        return all;
    }

    [Benchmark]
    public object CompareWith20Known() => EntryDiff.Compare(_feed, _memory, Now);

    [Benchmark]
    public object HtmlToBlocks() => HtmlReader.Read(_html, _url);

    [Benchmark]
    public object HtmlToExcerpt() => Excerpt.Within(EntryText.Of(_html, null, null, _url, most: 350).Words(), 350);

    [Benchmark]
    public object? HtmlToText() => PlainText.OfHtml(_html, apart: true);

    /// <summary>In this process: what is measured has no need of a program of its own, and building one would want a project that the tool can find.</summary>
    /// <param name="filter">Such as <c>*Parse*</c>.</param>
    internal static int Run(string filter)
    {
        using var folder = new TempFolder();
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(folder.Path)
            .WithOption(ConfigOptions.DisableLogFile, true);
        BenchmarkSwitcher.FromTypes([typeof(Micro)]).Run(["--filter", filter], config);
        return 0;
    }

    private static string Document(string head, Func<int, string> entry, string end) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{head}{string.Concat(Enumerable.Range(1, Entries).Select(i => "\n  " + entry(i)))}\n{end}\n";

    private static string Title(int i) => $"The harbour’s tide tables &amp; what they say, part {i}";

    private static string Paragraph(int i) => $"<p>Part {i} of the tide tables: high water comes fifty minutes later each day, and the boats wait for it &#8211; most days.</p>\n";

    private static string Html(int i) =>
        string.Concat(Enumerable.Repeat(Paragraph(i), 6)) + $"<img src=\"/pictures/{i}.jpg\" alt=\"The harbour\"/><ul><li>One &amp; <b>two</b></li><li><a href=\"https://feed.example/{i}/more\">More&hellip;</a></li></ul>";
}
