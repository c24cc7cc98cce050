using System.Text;
using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

public sealed class FeedParserTests
{
    [Fact]
    public void Line_ends_are_one_character_however_they_were_sent()
    {
        var entry = Entry("<rss><channel><item><description>a\r\nb\rc\nd<![CDATA[\r\n]]>&#13;e</description></item></channel></rss>");
        Assert.Equal("a\nb\nc\nd\n\re", entry.Summary);
    }

    [Fact]
    public void The_base_of_an_address_is_the_nearest_one_stated()
    {
        var entry = Entry("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/a/'><entry xml:base='b/'><link href='c'/><content xml:base='d/' type='html'>x</content></entry></feed>");
        Assert.Equal("https://host.example/a/b/c", entry.Link);
        Assert.Equal("https://host.example/a/b/d/", entry.Base);
    }

    [Theory]
    [InlineData("<rss><channel><item><title>One</title><item><title>Two</title></channel></rss>")]
    [InlineData("<rss><channel><item><title>One<item><title>Two</channel></rss>")]
    [InlineData("<rss><channel><image><item><title>One</title></item><item><title>Two</title></item></channel></rss>")]
    [InlineData("<rss><channel></channel><item><title>One</title></item><item><title>Two</title></item></rss>")]
    [InlineData("<channel><item><title>One</title></item><item><title>Two</title></item></channel>")]
    [InlineData("<x:rss xmlns:x='urn:x'><x:channel><x:item><x:title>One</x:title></x:item><x:item><x:title>Two</x:title></x:item></x:channel></x:rss>")]
    [InlineData("<feed><author><entry><title>One</title></entry></author><entry><title>Two</title></entry></feed>")]
    public void An_entry_begins_wherever_it_is_written(string document) =>
        Assert.Equal(["One", "Two"], Feed(document).Entries.Select(entry => entry.Title));

    [Fact]
    public void An_entry_inside_an_extension_is_none_of_the_feed()
    {
        var feed = Feed("<rss><channel><item><x:old xmlns:x='urn:x'><item><title>Old</title></item></x:old><title>New</title></item><item><title>Next</title></item></channel></rss>");
        Assert.Equal(["New", "Next"], feed.Entries.Select(entry => entry.Title));
    }

    [Theory]
    [InlineData("joe@example.org (Joe)", "Joe")]
    [InlineData("Joe <joe@example.org>", "Joe")]
    [InlineData("Joe (joe@example.org)", "Joe")]
    [InlineData("joe@example.org", "joe@example.org")]
    [InlineData("Joe (the first)", "Joe (the first)")]
    public void An_author_is_a_name_if_there_is_one(string written, string name) =>
        Assert.Equal(name, Entry($"<rss><channel><item><author><![CDATA[{written}]]></author></item></channel></rss>").Author);

    [Theory]
    [InlineData("AT&amp;amp;T", "AT&T")]
    [InlineData("1 &lt; 2", "1 < 2")]
    [InlineData("a <![CDATA[<b>bold</b>]]> title", "a bold title")]
    [InlineData("Dictionary&lt;K, V&gt;", "Dictionary<K, V>")]
    [InlineData("<b>unescaped</b> &amp; more", "unescaped & more")]
    [InlineData("  spread\n\t over&#160;lines ", "spread over lines")]
    [InlineData("bell&#7; and &#x1F600;", "bell and 😀")]
    public void A_title_is_plain_text(string written, string title) =>
        Assert.Equal(title, Entry($"<rss><channel><item><title>{written}</title></item></channel></rss>").Title);

    [Fact]
    public void A_format_of_ones_own_is_asked_in_its_turn()
    {
        var parser = new FeedParser([new Shouting()]);
        var feed = Assert.IsType<ParseResult.Parsed>(parser.Parse("FEED!"u8.ToArray(), new Uri("https://host.example/"))).Feed;
        Assert.Equal("FEED!", feed.Title);
    }

    private static ParsedEntry Entry(string document) => Assert.Single(Feed(document).Entries);

    private static ParsedFeed Feed(string document) =>
        Assert.IsType<ParseResult.Parsed>(new FeedParser(Core.Formats).Parse(Encoding.UTF8.GetBytes(document), new Uri("https://host.example/feed"))).Feed;

    private sealed class Shouting : IFeedFormat
    {
        public bool Recognises(FeedDocument document) => document.Text.EndsWith('!');

        public ParsedFeed? Parse(FeedDocument document) => new() { Family = FeedFamily.Rss, Title = document.Text };
    }
}
