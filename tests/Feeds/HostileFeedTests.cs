using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

/// <summary>Documents made to hang, flood or crash a parser. Each must end quickly, with the right outcome.</summary>
[Collection(nameof(Alone))]
public sealed class HostileFeedTests
{
    private const string Canary = "CANARY-4711";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private const long MaxAllocated = 64 * 1000 * 1000;
    private static readonly Uri Url = new("https://host.example/feed");

    /// <param name="row">Of the catalogue of faults, or "-" for those beyond it.</param>
    public static TheoryData<string, string, string> Documents(string row)
    {
        var chosen = new TheoryData<string, string, string>();
        foreach (var (name, document, title) in All())
        {
            if (name.StartsWith(row, StringComparison.Ordinal)) chosen.Add(name, document, title);
        }

        return chosen;
    }

    private static (string Name, string Document, string Title)[] All() =>
    [
        ("C05 entity bomb", "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><rss><channel><title>&c;</title><item><title>ok</title></item></channel></rss>", "&c;"),
        ("C05 quadratic entity", $"<!DOCTYPE rss [<!ENTITY a \"{new string('a', 50_000)}\">]><rss><channel><title>t</title><item><title>{Repeat("&a;", 50_000)}</title></item></channel></rss>", "t"),
        ("C06 attribute declarations", $"<!DOCTYPE rss [{Repeat("<!ATTLIST a b CDATA #IMPLIED>", 100_000)}]><rss><channel><title>t</title></channel></rss>", "t"),
        ("C07 attributes", $"<rss><channel><title>t</title><item {Repeat("a='1' ", 1_000_000)}><title>ok</title></item></channel></rss>", "t"),
        ("C07 attributes that are entities", $"<rss><channel><title>t</title><item><link href='{Repeat("&amp;", 1_000_000)}'/></item></channel></rss>", "t"),
        ("C07 namespaces", $"<rss {Numbered("xmlns:n{0}='urn:{0}' ", 20_000)}><channel><title>t</title>{Numbered("<n{0}:a/>", 20_000)}</channel></rss>", "t"),
        ("C07 nested namespaces", $"<rss><channel><title>t</title>{Numbered("<n{0}:a xmlns:n{0}='urn:{0}'>", 50_000)}</channel></rss>", "t"),
        ("C07 a name of 4 MB", $"<rss><channel><title>t</title><{new string('a', 4_000_000)}></channel></rss>", "t"),
        ("C07 200,000 items", $"<rss><channel><title>t</title>{Repeat("<item><title>x</title></item>", 200_000)}</channel></rss>", "t"),
        ("C07 a text of 8 MB", $"<rss><channel><title>t</title><item><description>{new string('x', 8_000_000)}</description></item></channel></rss>", "t"),
        ("C11 200,000 levels", $"<rss><channel><title>t</title>{Repeat("<a>", 200_000)}{Repeat("</a>", 200_000)}</channel></rss>", "t"),
        ("C11 200,000 levels in an entry", $"<feed><title>t</title><entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{Repeat("<div>", 200_000)}</div></content></entry></feed>", "t"),
        ("- 200,000 items in each other", $"<rss><channel><title>t</title>{Repeat("<item>", 200_000)}</channel></rss>", "t"),
        ("- 200,000 different end tags", $"<rss><channel><title>t</title>{Repeat("<a>", 250)}{Numbered("</b{0}>", 200_000)}</channel></rss>", "t"),
        ("- 3 MB of <", $"<rss><channel><title>t</title><item><title>{new string('<', 3_000_000)}</title></item></channel></rss>", "t"),
        ("- 3 MB of &", $"<rss><channel><title>t</title><item><title>{new string('&', 3_000_000)}</title></item></channel></rss>", "t"),
        ("- 3 MB of <!", $"<rss><channel><title>t</title>{Repeat("<!", 1_500_000)}", "t"),
        ("- 3 MB of <?", $"<rss><channel><title>t</title>{Repeat("<?", 1_500_000)}", "t"),
        ("- 3 MB of <a", $"<rss><channel><title>t</title><item><description>{Repeat("<a ", 1_000_000)}", "t"),
        ("- 3 MB of open quotes", $"<rss><channel><title>t</title><item><description>{Repeat("<a b=\"c ", 300_000)}", "t"),
        ("- comments without end", $"<rss><channel><title>t</title>{Repeat("<!-- ", 500_000)}", "t"),
        ("- CDATA without end", $"<rss><channel><title>t</title><item><title>{Repeat("<![CDATA[", 300_000)}", "t"),
        ("- 10 MB in one line", $"<rss><channel><title>t</title><item><description>{Repeat("&lt;p&gt;Hello&lt;/p&gt; ", 450_000)}</description></item></channel></rss>", "t"),
        ("- a title of tags", $"<rss><channel><title>t</title><item><title><![CDATA[{Repeat("<b>", 300_000)}&amp;]]></title></item></channel></rss>", "t"),
        ("- a megabyte of bases", $"<feed><title>t</title>{Repeat($"<entry xml:base='{new string('a', 1000)}/'><link href='b'/></entry>", 3000)}</feed>", "t"),
        ("- comments in a document type without end", $"<rss><channel><title>t</title><!DOCTYPE x [{Repeat("<!-- ", 300_000)}", "t"),
        ("- a document type without end", $"<rss><channel><title>t</title><!DOCTYPE x [{Repeat("<!ENTITY a 'b'>", 200_000)}", "t"),
        ("- quotes in a document type without end", $"<rss><channel><title>t</title><!DOCTYPE x [{Repeat("\"'", 700_000)}", "t"),
        ("- bytes escaped one by one", $"<rss><channel><title>t</title><item><title>{Repeat("&#226;&#128;", 250_000)}</title></item></channel></rss>", "t"),
        ("- a million keywords", $"<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel><title>t</title><item><itunes:keywords>{Repeat("a,", 1_000_000)}</itunes:keywords></item></channel></rss>", "t"),
        ("- 200,000 categories", $"<rss><channel><title>t</title><item>{Repeat("<category>a</category>", 200_000)}</item></channel></rss>", "t"),
        ("- 100,000 enclosures", $"<rss><channel><title>t</title><item>{Numbered("<enclosure url='http://a.example/{0}'/>", 100_000)}</item></channel></rss>", "t"),
        ("- 250,000 entries of JSON", $"{{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"t\",\"items\":[{Repeat("{},", 250_000)}{{}}]}}", "t"),
        ("- 150,000 dated items", $"<rss><channel><title>t</title>{Repeat("<item><pubDate>2 Jan 2006 15 -0700</pubDate></item>", 150_000)}</channel></rss>", "t"),
    ];

    [Theory]
    [MemberData(nameof(Documents), "C05")]
    public void C05_Entities_that_name_each_other_are_never_expanded(string name, string document, string title) => AssertCheap(name, document, title);

    [Theory]
    [MemberData(nameof(Documents), "C06")]
    public void C06_A_hundred_thousand_declarations_are_passed_over(string name, string document, string title) => AssertCheap(name, document, title);

    [Theory]
    [MemberData(nameof(Documents), "C07")]
    public void C07_Too_much_of_anything_is_read_as_far_as_is_sensible(string name, string document, string title) => AssertCheap(name, document, title);

    [Theory]
    [MemberData(nameof(Documents), "C11")]
    public void C11_I07_Nesting_has_a_bottom(string name, string document, string title) => AssertCheap(name, document, title);

    [Theory]
    [MemberData(nameof(Documents), "-")]
    public void A_hostile_feed_is_read_quickly(string name, string document, string title) => AssertCheap(name, document, title);

    /// <summary>It costs about 20 ms, and memory in proportion to itself; the bounds are for a machine that is busy otherwise.</summary>
    private static void AssertCheap(string name, string document, string title)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        var elapsed = TimeSpan.MaxValue;
        var allocated = 0L;
        ParseResult? result = null;

        // The machine may be busy with something else: the best of three counts.
        for (var attempt = 0; attempt < 3 && elapsed >= Limit; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            result = new FeedParser(Core.Formats).Parse(bytes, Url);
            elapsed = watch.Elapsed;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {bytes.Length / 1e6:0.0} MB, {elapsed.TotalMilliseconds:0} ms, {allocated / 1e6:0.0} MB allocated");
        Assert.Equal(title, Assert.IsType<ParseResult.Parsed>(result).Feed.Title);
        Assert.True(elapsed < Limit, $"{name} took {elapsed}");
        Assert.True(allocated < MaxAllocated, $"{name} took {allocated / 1e6:0} MB");
    }

    public static TheoryData<string> NotFeeds() =>
    [
        "",
        "   \n ",
        "just words",
        "<",
        "<!DOCTYPE rss [ <!ENTITY a 'b'> <rss><channel><title>t</title>",
        "<!-- <rss><channel><title>t</title>",
        "<opml version='2.0'><body/></opml>",
        "{",
        "{\"a\": 1}",
        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [1e400",
        "{\"items\": " + Repeat("[", 100_000),
        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [" + Repeat("{},", 1_000_000) + "{}]}",
        "<?xml version='1.0'?>",
        "\0\0\0\0\0\0",
    ];

    [Theory]
    [MemberData(nameof(NotFeeds))]
    public void C13_What_is_no_feed_is_called_by_its_name(string document)
    {
        var reason = Assert.IsType<ParseResult.NotAFeed>(new FeedParser(Core.Formats).Parse(Encoding.UTF8.GetBytes(document), Url)).Reason;
        Assert.NotEmpty(reason.Said());
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>")]
    [InlineData("<HTML><body><rss><channel><title>an example</title></channel></rss>")]
    [InlineData("<!doctype html><p>Hello")]
    [InlineData("<head><title>x</title></head>")]
    public void A_web_page_is_handed_on(string html) =>
        Assert.Equal(html, Assert.IsType<ParseResult.WebPage>(new FeedParser(Core.Formats).Parse(Encoding.UTF8.GetBytes(html), Url)).Html);

    [Fact]
    public void C04_Nothing_outside_the_document_is_read()
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        var called = $"http://{canary.LocalEndpoint}/{Canary}";
        var secret = Path.GetTempFileName();
        File.WriteAllText(secret, Canary);
        try
        {
            var document = $"""
                <?xml version="1.0"?><?xml-stylesheet href="{called}"?>
                <!DOCTYPE rss SYSTEM "file://{secret}" [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y SYSTEM "{called}"><!ENTITY % p SYSTEM "{called}"> %p;]>
                <rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><title>&x;</title><item><title><xi:include href="file://{secret}" parse="text"/>&x;&y;</title><description>&x;</description></item></channel></rss>
                """;
            var feed = Assert.IsType<ParseResult.Parsed>(new FeedParser(Core.Formats).Parse(Encoding.UTF8.GetBytes(document), Url)).Feed;
            Assert.Equal("&x;", feed.Title);
            Assert.DoesNotContain(Canary, feed.ToString() + string.Concat(feed.Entries), StringComparison.Ordinal);
            Assert.False(canary.Pending(), "Somebody fetched what the document names.");
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public void C13_Odd_JSON_loses_only_what_is_odd()
    {
        const string document = """{"version": "https://jsonfeed.org/version/1", "title": "\ud800", "title": "t", "items": [{"id": 1e400, "title": "\udfff"}, {"id": "2", "title": "two"}]}""";
        var feed = Assert.IsType<ParseResult.Parsed>(new FeedParser(Core.Formats).Parse(Encoding.UTF8.GetBytes(document), Url)).Feed;
        Assert.Equal("t", feed.Title);
        Assert.Equal(["1e400", "2"], feed.Entries.Select(entry => entry.Id));
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static string Numbered(string format, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) text.Append(format.Replace("{0}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return text.ToString();
    }
}
