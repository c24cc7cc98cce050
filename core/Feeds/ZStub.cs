#pragma warning disable
namespace Notifier.Feeds.Formats
{
    public sealed class RssFormat : IFeedFormat;
    public sealed class AtomFormat : IFeedFormat;
    public sealed class JsonFeedFormat : IFeedFormat;
}
namespace Notifier.Feeds
{
    public interface IFeedFormat;
    public sealed class FeedParser(IEnumerable<IFeedFormat> formats)
    {
        public ParseResult Parse(ReadOnlyMemory<byte> body, Uri url, string? contentType = null)
        {
            var x = System.Xml.Linq.XDocument.Parse(System.Text.Encoding.UTF8.GetString(body.Span));
            return new ParseResult.Parsed(new ParsedFeed { Family = FeedFamily.Rss, Title = (string?)x.Root!.Element("channel")?.Element("title"), Entries = [.. x.Descendants("item").Select(i => new ParsedEntry { Id = (string?)i.Element("guid"), Link = (string?)i.Element("link"), Title = (string?)i.Element("title"), Summary = (string?)i.Element("description") })] });
        }
    }
}
