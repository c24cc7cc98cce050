using System.Globalization;
using System.Text;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

/// <summary>What goes wrong in honest feeds, and that their entries come through all the same.</summary>
public sealed class FeedFaultTests
{
    private static readonly Uri Url = new("https://host.example/feed");

    [Theory]
    [InlineData("<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">")]
    [InlineData("<!DOCTYPE rss SYSTEM 'rss-0.91.dtd'>")]
    [InlineData("<!doctype rss>")]
    [InlineData("<!DOCTYPE rss [<!ELEMENT rss (channel)><!-- > ]> --><!ATTLIST rss version CDATA '0.91]>'>]>")]
    public void C01_A_document_type_is_passed_over(string doctype) =>
        Assert.Equal(["One"], Titles($"<?xml version=\"1.0\"?>\n{doctype}\n<rss version=\"0.91\"><channel><title>t</title><item><title>One</title></item></channel></rss>"));

    [Theory]
    [InlineData("caf&eacute;&nbsp;&mdash; R&D", "café — R&D")]
    [InlineData("Q&amp;A & more &", "Q&A & more &")]
    [InlineData("&unknown; &amp", "&unknown; &amp")]
    [InlineData("a &lt; b &#38; c", "a < b & c")]
    public void C02_Undeclared_names_and_bare_ampersands_are_read(string written, string title) => Assert.Equal([title], Titles(Item(written)));

    [Fact]
    public void C03_An_entity_that_the_document_declares_is_never_expanded_but_HTMLs_names_are() =>
        Assert.Equal(
            ["a\u00A0b &big; é".Replace('\u00A0', ' ')],
            Titles($"<!DOCTYPE rss [<!ENTITY nbsp 'BOOM'><!ENTITY big '{new string('x', 1000)}'><!ENTITY eacute SYSTEM 'file:///etc/passwd'>]>{Item("a&nbsp;b &big; &eacute;")}"));

    [Theory]
    [InlineData("a\u0000b\u0007c\u001B[31m", "abc[31m")]
    [InlineData("a&#0;b&#7;c&#x1B;", "abc")]
    [InlineData("a&#xD800;b&#xDFFF;", "ab")]
    [InlineData("a&#xFFFE;b\uFFFFc", "abc")]
    public void C08_What_no_text_may_hold_is_dropped_and_the_entry_delivered(string written, string title) => Assert.Equal([title], Titles(Item(written)));

    [Fact]
    public void C08_Half_of_a_surrogate_pair_in_UTF16_becomes_a_replacement()
    {
        var bytes = Encoding.BigEndianUnicode.GetBytes(Item("a#b"));
        var at = bytes.AsSpan().IndexOf((byte)'#') - 1;
        (bytes[at], bytes[at + 1]) = (0xD8, 0x00);
        Assert.Equal(["a\uFFFDb"], Titles(bytes));
    }

    [Theory]
    [InlineData("a&#999999999999;b")]
    [InlineData("a&#xD800;b")]
    [InlineData("a&#x110000;b")]
    [InlineData("a&#x99999999999999999999999999;b")]
    public void C09_A_number_of_no_character_is_dropped(string written) => Assert.Equal(["ab"], Titles(Item(written)));

    [Theory]
    [InlineData("a&#;b", "a&#;b")]
    [InlineData("a&#x;b", "a&#x;b")]
    [InlineData("a&#-1;b", "a&#-1;b")]
    public void C09_What_is_no_number_stays_as_it_is(string written, string title) => Assert.Equal([title], Titles(Item(written)));

    public static TheoryData<string, byte[], string?> Spellings()
    {
        const string text = "<rss version=\"2.0\"><channel><title>Лента</title><item><guid>лента:1</guid><title>Съешь ещё этих мягких французских булок, да выпей чаю</title></item></channel></rss>";
        var cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        return new()
        {
            { "UTF-8", Encoding.UTF8.GetBytes(text), null },
            { "UTF-8 behind its mark, declared as something else", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Declared("windows-1251") + text)], "text/xml; charset=koi8-r" },
            { "UTF-8 declared as UTF-16", Encoding.UTF8.GetBytes(Declared("utf-16") + text), "text/xml; charset=utf-16" },
            { "UTF-16 declared as UTF-8", Encoding.Unicode.GetBytes(Declared("utf-8") + text), "text/xml; charset=utf-8" },
            { "UTF-16 behind its mark", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Declared("utf-8") + text)], null },
            { "windows-1251, declared", cyrillic.GetBytes(Declared("windows-1251") + text), null },
            { "windows-1251, said by the server", cyrillic.GetBytes(text), "application/rss+xml; charset=windows-1251" },
            { "windows-1251, declared as UTF-8", cyrillic.GetBytes(Declared("utf-8") + text), "text/xml; charset=utf-8" },
            { "windows-1251, undeclared", cyrillic.GetBytes(text), null },
            { "koi8-r, undeclared", CodePagesEncodingProvider.Instance.GetEncoding(20866)!.GetBytes(text), null },
            { "leading blank lines", Encoding.UTF8.GetBytes("\n\n \t" + Declared("utf-8") + text), null },
            { "two roots", Encoding.UTF8.GetBytes(text + "<rss><channel><item><guid>лента:2</guid></item></channel></rss>"), null },
            { "XML 1.1", Encoding.UTF8.GetBytes("<?xml version='1.1'?>" + text), null },
        };
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void C10_However_the_same_feed_is_spelt_its_entries_stay_the_same(string spelling, byte[] document, string? contentType)
    {
        var entry = Assert.Single(Feed(document, contentType).Entries);
        Assert.Equal((spelling, "лента:1", "Съешь ещё этих мягких французских булок, да выпей чаю"), (spelling, entry.Id, entry.Title));
    }

    [Theory]
    [InlineData("+ADw-rss+AD4APA-channel+AD4APA-item+AD4APA-title+AD4-x+ADw-/title+AD4APA-/item+AD4-")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006")]
    public void C10_What_cannot_be_spelt_out_is_one_clear_error_and_no_entry(string document) =>
        Assert.NotEmpty(Assert.IsType<ParseResult.NotAFeed>(new FeedParser(Core.Formats).Parse(Encoding.UTF8.GetBytes(document), Url, "text/xml; charset=utf-7")).Reason.Said());

    [Fact]
    public void C18_Odd_dates_throw_nothing_and_change_no_order()
    {
        string[] dates =
        [
            "yesterday", "", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "Mon, 31 Feb 2026 10:00:00 GMT", "2036-01-01T00:00:00Z", "Tue, 03 Mar 2026 10:00 local", "٣ مارس ٢٠٢٦",
            "3 Mar 2026 10:00:00 +9999", "32767-99-99", "\u0000", "NaN", "-1", "Tue, 03 Mar 2026 99:99:99", "2026-03-03T10:00:00Z", "2020-01-01", "3 Mar", "::", "+", "T",
        ];
        var document = new StringBuilder("<rss><channel>");
        foreach (var (index, date) in dates.Index()) document.Append(CultureInfo.InvariantCulture, $"<item><guid>{index}</guid><pubDate>{date}</pubDate></item>");
        var entries = Feed(document.Append("</channel></rss>").ToString()).Entries;

        Assert.Equal(Enumerable.Range(0, dates.Length).Select(i => i.ToString(CultureInfo.InvariantCulture)), entries.Select(entry => entry.Id));
        Assert.Equal([null, null, null], entries.Take(3).Select(entry => entry.Published));
        Assert.Null(entries[4].Published);
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 10, 0, 0, TimeSpan.Zero), entries[14].Published);
    }

    public static TheoryData<string, string> LongFeeds() => new()
    {
        { "RSS, oldest first", Rss(Enumerable.Range(0, 5000), i => $"<pubDate>{Date(i):r}</pubDate>") },
        { "RSS, newest first", Rss(Enumerable.Range(0, 5000).Reverse(), i => $"<pubDate>{Date(i):r}</pubDate>") },
        { "RSS, in no order", Rss(Enumerable.Range(0, 5000).OrderBy(i => i * 7919 % 5000), i => $"<pubDate>{Date(i):r}</pubDate>") },
        { "RSS, one in twenty without a date", Rss(Enumerable.Range(0, 5000), i => i % 20 == 7 ? "" : $"<dc:date>{Date(i):yyyy-MM-ddTHH:mm:ssZ}</dc:date>") },
        { "RSS, newest first, without dates", Rss(Enumerable.Range(0, 5000).Reverse(), _ => "") },
        { "RSS, newest first, few dates", Rss(Enumerable.Range(0, 5000).Reverse(), i => i % 3 == 0 ? $"<pubDate>{Date(i):r}</pubDate>" : "") },
        { "Atom, oldest first", $"<feed xmlns='http://www.w3.org/2005/Atom'>{string.Concat(Enumerable.Range(0, 5000).Select(i => $"<entry><id>{i}</id><updated>{Date(i):yyyy-MM-ddTHH:mm:ssZ}</updated><content>{Filling}</content></entry>"))}</feed>" },
        { "JSON, oldest first", $"{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"{{\"id\":{i},\"date_published\":\"{Date(i):yyyy-MM-ddTHH:mm:ssZ}\",\"content_text\":\"{Filling}\"}}"))}]}}" },
    };

    [Theory]
    [MemberData(nameof(LongFeeds))]
    public void C21_Of_more_entries_than_are_wanted_the_newest_are_kept_in_their_order(string name, string document)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {document.Length / 1e6:0.0} MB");
        var kept = Assert.IsType<ParseResult.Parsed>(new FeedParser(Core.Formats).Parse(Encoding.UTF8.GetBytes(document), Url, maxEntries: 1000)).Feed.Entries.Select(entry => int.Parse(entry.Id!, CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(Enumerable.Range(4000, 1000), kept.Order());
        Assert.Equal(kept, InDocument(document).Where(id => id >= 4000));
    }

    /// <summary>Makes the whole about 8 MiB.</summary>
    private static string Filling { get; } = new('x', 1500);

    private static DateTimeOffset Date(int i) => new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(i);

    private static string Rss(IEnumerable<int> order, Func<int, string> date) =>
        $"<rss version='2.0'><channel><title>t</title>{string.Concat(order.Select(i => $"<item><guid>{i}</guid>{date(i)}<description>{Filling}</description></item>"))}</channel></rss>";

    private static IEnumerable<int> InDocument(string document) =>
        document.Split(["<guid>", "<id>", "\"id\":"], StringSplitOptions.None).Skip(1).Select(rest => int.Parse(rest.AsSpan(0, rest.AsSpan().IndexOfAnyExceptInRange('0', '9')), CultureInfo.InvariantCulture));

    private static string Declared(string charset) => $"<?xml version='1.0' encoding='{charset}'?>";

    private static string Item(string title) => $"<rss version=\"2.0\"><channel><item><title>{title}</title></item></channel></rss>";

    private static IEnumerable<string?> Titles(string document) => Feed(document).Entries.Select(entry => entry.Title);

    private static IEnumerable<string?> Titles(byte[] document) => Feed(document).Entries.Select(entry => entry.Title);

    private static ParsedFeed Feed(string document) => Feed(Encoding.UTF8.GetBytes(document));

    private static ParsedFeed Feed(byte[] document, string? contentType = null) =>
        Assert.IsType<ParseResult.Parsed>(new FeedParser(Core.Formats).Parse(document, Url, contentType)).Feed;
}
