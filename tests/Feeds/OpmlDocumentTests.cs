using System.Text;
using System.Xml.Linq;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

public class OpmlDocumentTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Feeds_come_with_their_folders()
    {
        var document = Read("""
            <?xml version="1.0"?><!DOCTYPE opml>
            <opml version="2.0"><head><title>My feeds</title></head><body>
              <outline text="Top" type="rss" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
              <outline text="News"><outline text="World">
                <outline title="B &amp; C" text="other" XMLURL=" https://b.example/rss "></outline>
              </outline><outline text="c" xmlUrl="https://c.example/"/></outline>
              <outline text="last" xmlUrl="https://d.example/"/>
            </body></opml>
            """);

        Assert.Equal("My feeds", document.Title);
        Assert.False(document.More);
        Assert.Equal(
            ["Top|https://a.example/feed|https://a.example/|", "B & C|https://b.example/rss||News/World", "c|https://c.example/||News", "last|https://d.example/||"],
            document.Outlines.Select(o => $"{o.Title}|{o.XmlUrl}|{o.HtmlUrl}|{string.Join('/', o.Folders)}"));
    }

    [Fact]
    public void F10_Reading_stops_at_the_limit_and_says_so()
    {
        var document = Read("<opml><body>" + string.Concat(Enumerable.Repeat("<outline xmlUrl='https://a.example/'/>", 600)) + "</body></opml>", 500);

        Assert.Equal(500, document.Outlines.Count);
        Assert.True(document.More);
    }

    [Fact]
    public void F10_Deep_nesting_is_read_without_a_stack()
    {
        const int Depth = 100_000;
        var document = Read("<opml><body>" + string.Concat(Enumerable.Repeat("<outline text='x'>", Depth)) + "<outline xmlUrl='https://a.example/'/>" + string.Concat(Enumerable.Repeat("</outline>", Depth)) + "</body></opml>");

        Assert.Equal(32, Assert.Single(document.Outlines).Folders.Count);
    }

    [Theory]
    [InlineData("<opml>\n<body>\n<outline text='a' </body></opml>", "line 3")]
    [InlineData("<opml><body><outline xmlUrl='a'/>", "line 1")]
    [InlineData("<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<opml><head><title>&x;</title></head></opml>", "line 2")]
    [InlineData("<rss version='2.0'/>", "not an OPML document")]
    [InlineData("", "broken")]
    [InlineData("hello", "broken")]
    public void F09_What_cannot_be_read_is_told_with_its_line(string text, string expected)
    {
        var unreadable = Assert.IsType<OpmlResult.Unreadable>(OpmlDocument.Read(Bytes(text)));

        Assert.Contains(expected, unreadable.Reason.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void F10_A_document_beyond_the_limit_is_refused() =>
        Assert.IsType<OpmlResult.Unreadable>(OpmlDocument.Read(Bytes("<opml>" + new string(' ', 100_000) + "</opml>"), maxCharacters: 50_000));

    [Theory]
    [InlineData("<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><opml><body><outline text='&c;' xmlUrl='https://a.example/'/></body></opml>")]
    [InlineData("<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body><outline text='&x;' xmlUrl='https://a.example/'/></body></opml>")]
    [InlineData("<!DOCTYPE opml [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/p.dtd'> %p;]><opml><body><outline text='&q;' xmlUrl='https://a.example/'/></body></opml>")]
    public void F09_No_entity_is_ever_resolved(string text) => Assert.IsType<OpmlResult.Unreadable>(OpmlDocument.Read(Bytes(text)));

    [Fact]
    public void F09_A_doctype_that_is_not_used_does_no_harm() =>
        Assert.Single(Read("<!DOCTYPE opml SYSTEM 'http://127.0.0.1:1/opml.dtd' [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body><outline text='a' xmlUrl='https://a.example/'/></body></opml>").Outlines);

    [Fact]
    public void F10_A_hundred_thousand_feeds_inside_each_other_take_no_longer_than_beside_each_other()
    {
        const int Depth = 100_000;
        var text = "<opml><body>" + string.Concat(Enumerable.Repeat("<outline text='x' xmlUrl='https://a.example/'>", Depth)) + string.Concat(Enumerable.Repeat("</outline>", Depth)) + "</body></opml>";
        var start = TimeProvider.System.GetTimestamp();

        Assert.Equal(Depth, Read(text, Depth).Outlines.Count);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_was_written_is_read_again()
    {
        OpmlOutline[] written =
        [
            new("Plain", "https://a.example/feed", "https://a.example/", []),
            new("<b>\"A\" & 'B'</b> ]]> &amp; 𝄞 \u202Eesrever\u202C", "https://b.example/?a=1&b=\"2\"", null, [])
            {
                Filter = "title:\"a < b\" or -/c&d{1,2}/",
                Schedule = "0 9 * * MON-FRI",
                Style = "compact",
                Template = "{{ title }}\n\t<{{ link }}>\r\n",
                IsPaused = true,
            },
            new(null, "https://c.example/", null, []),
        ];
        var document = Read(Encoding.UTF8.GetString(new OpmlDocument("Ann's “feeds” <1>", written, More: false).Write(Created)));

        Assert.Equal("Ann's “feeds” <1>", document.Title);
        Assert.Equal(written.Select(Told), document.Outlines.Select(Told));

        static string Told(OpmlOutline o) => string.Join('|', o.Title, o.XmlUrl, o.HtmlUrl, o.Filter, o.Schedule, o.Style, o.Template, o.IsPaused);
    }

    [Fact]
    public void Other_readers_find_an_OPML_2_document()
    {
        var outline = new OpmlOutline("A feed", "https://a.example/feed", "https://a.example/", []) { Filter = "cats", IsPaused = true };
        var document = XDocument.Parse(Encoding.UTF8.GetString(new OpmlDocument("Mine", [outline, outline with { Title = null, HtmlUrl = null }], More: false).Write(Created)));

        Assert.Equal("opml", document.Root!.Name);
        Assert.Equal("2.0", document.Root.Attribute("version")!.Value);
        Assert.Equal(["head", "body"], document.Root.Elements().Select(part => part.Name.LocalName));
        Assert.Equal(["title=Mine", "dateCreated=Tue, 24 Nov 2026 12:00:00 GMT"], document.Root.Element("head")!.Elements().Select(part => $"{part.Name}={part.Value}"));
        var outlines = document.Root.Element("body")!.Elements("outline").ToList();
        Assert.Equal(2, outlines.Count);
        Assert.Equal(
            ["type=rss", "text=A feed", "title=A feed", "xmlUrl=https://a.example/feed", "htmlUrl=https://a.example/"],
            outlines[0].Attributes().Where(a => a.Name.Namespace == XNamespace.None).Select(a => $"{a.Name}={a.Value}"));
        Assert.Equal(["type=rss", "text=https://a.example/feed", "xmlUrl=https://a.example/feed"], outlines[1].Attributes().Where(a => a.Name.Namespace == XNamespace.None).Select(a => $"{a.Name}={a.Value}"));
        Assert.Equal(["filter=cats", "paused=true"], outlines[0].Attributes().Where(a => a.Name.Namespace == "urn:notifier:opml").Select(a => $"{a.Name.LocalName}={a.Value}"));
    }

    [Fact]
    public void Extras_count_in_their_namespace_only()
    {
        var document = Read("""
            <opml version="2.0" xmlns:n="urn:notifier:opml" xmlns:o="urn:other"><body>
              <outline text="a" xmlUrl="https://a.example/" filter="no" style="no" o:schedule="no" paused="true"/>
              <outline text="b" xmlUrl="https://b.example/" n:filter=" cats " n:schedule="0 9 * * *" n:style="card" n:paused="TRUE" n:title="not this"/>
            </body></opml>
            """);

        Assert.Equal(["a||||False", "b|cats|0 9 * * *|card|True"], document.Outlines.Select(o => $"{o.Title}|{o.Filter}|{o.Schedule}|{o.Style}|{o.IsPaused}"));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("C:\\Windows\\System32")]
    [InlineData("nul\0 and bell\a and half HALF and \uFFFF.")]
    public void F11_A_name_is_a_name_whatever_it_says(string name)
    {
        // Half a pair of surrogates does not stand in an attribute.
        name = name.Replace("HALF", "\uD800", StringComparison.Ordinal);
        var bytes = new OpmlDocument(name, [new OpmlOutline(name, "https://a.example/", null, []) { Filter = name }], More: false).Write(Created);
        var read = Read(Encoding.UTF8.GetString(bytes));

        var expected = string.Concat(name.Where(c => c is >= ' ' and not ('\uD800' or '\uFFFF')));
        Assert.Equal((expected, expected), (read.Title, read.Outlines[0].Title));
        Assert.Equal(expected, read.Outlines[0].Filter);
        Assert.Equal(bytes, (read with { Title = read.Title }).Write(Created));
    }

    [Fact]
    public void F11_Characters_that_XML_has_not_are_left_out_of_what_is_read()
    {
        var document = Read("<opml><body><outline text='a&#0;b&#7;c' xmlUrl='https://a.example/'/></body></opml>");

        Assert.Equal("abc", document.Outlines[0].Title);
    }

    private static OpmlDocument Read(string text, int maxOutlines = 1000) =>
        Assert.IsType<OpmlResult.Read>(OpmlDocument.Read(Bytes(text), maxOutlines: maxOutlines)).Document;

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
