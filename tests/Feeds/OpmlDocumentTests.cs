using System.Text;
using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

public class OpmlDocumentTests
{
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

        Assert.Contains(expected, unreadable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void F10_A_document_beyond_the_limit_is_refused() =>
        Assert.IsType<OpmlResult.Unreadable>(OpmlDocument.Read(Bytes("<opml>" + new string(' ', 100_000) + "</opml>"), maxCharacters: 50_000));

    private static OpmlDocument Read(string text, int maxOutlines = 1000) =>
        Assert.IsType<OpmlResult.Read>(OpmlDocument.Read(Bytes(text), maxOutlines: maxOutlines)).Document;

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
