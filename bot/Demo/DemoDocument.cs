using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Xml;

namespace Notifier.Bot.Demo;

/// <summary>The demo feed at one moment: its RSS 2.0 bytes and their strong ETag.</summary>
internal sealed record DemoDocument(ReadOnlyMemory<byte> Body, string ETag)
{
    public const string Title = "Notifier demo feed";

    /// <param name="site">Where the pages of the entries are: <c>{site}demo/1</c>.</param>
    /// <param name="entries">The newest first.</param>
    public static DemoDocument Of(Uri site, IEnumerable<DemoEntry> entries)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("rss");
            xml.WriteAttributeString("version", "2.0");
            xml.WriteStartElement("channel");
            xml.WriteElementString("title", Title);
            xml.WriteElementString("link", site.AbsoluteUri);
            xml.WriteElementString("description", "A feed built into Notifier, to try it with.");
            xml.WriteElementString("language", "en");
            foreach (var entry in entries)
                Write(xml, site, entry);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        var body = bytes.ToArray();
        return new DemoDocument(body, string.Create(CultureInfo.InvariantCulture, $"\"{XxHash64.HashToUInt64(body):x16}\""));
    }

    private static void Write(XmlWriter xml, Uri site, DemoEntry entry)
    {
        xml.WriteStartElement("item");
        xml.WriteElementString("title", entry.Title);
        xml.WriteElementString("link", new Uri(site, $"demo/{entry.Number}").AbsoluteUri);
        xml.WriteStartElement("guid");
        xml.WriteAttributeString("isPermaLink", "false");
        xml.WriteString(entry.Id);
        xml.WriteEndElement();
        xml.WriteElementString("category", "demo");
        // https://www.rssboard.org/rss-specification: dates are those of RFC 822.
        xml.WriteElementString("pubDate", entry.Published.ToString("r", CultureInfo.InvariantCulture));
        xml.WriteElementString("description", entry.Html);
        xml.WriteEndElement();
    }
}
