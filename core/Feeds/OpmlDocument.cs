using System.Globalization;
using System.Text;
using System.Xml;
using Notifier.Texts;

namespace Notifier.Feeds;

/// <summary>A list of feeds as feed readers exchange it (OPML 2.0, http://opml.org/spec2.opml).</summary>
/// <param name="More">Set when the document lists more feeds than were asked for.</param>
public sealed record OpmlDocument(string? Title, IReadOnlyList<OpmlOutline> Outlines, bool More)
{
    /// <summary>The namespace of what other readers do not know.</summary>
    private const string Own = "urn:notifier:opml";

    private const int MaxFolders = 32;

    /// <summary>Reads the feeds of a document; outlines without <c>xmlUrl</c> are folders.</summary>
    /// <param name="maxCharacters">The longest document that is read.</param>
    /// <param name="maxOutlines">The number of feeds after which reading stops.</param>
    public static OpmlResult Read(Stream stream, long maxCharacters = 64 * 1024 * 1024, int maxOutlines = 100_000)
    {
        // Some readers write a DOCTYPE; it is skipped, and nothing is ever resolved. A character that XML does not allow spoils a title, not the list.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            MaxCharactersInDocument = maxCharacters,
            CheckCharacters = false,
            CloseInput = false,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var xml = XmlReader.Create(stream, settings);
            if (xml.MoveToContent() != XmlNodeType.Element || !xml.LocalName.Equals("opml", StringComparison.OrdinalIgnoreCase))
                return new OpmlResult.Unreadable(Phrase.Of("opml.other"));
            return new OpmlResult.Read(Read(xml, maxOutlines));
        }
        catch (XmlException fault)
        {
            return new OpmlResult.Unreadable(fault.LineNumber > 0
                ? Phrase.Of("opml.broken", ("line", fault.LineNumber), ("column", fault.LinePosition))
                : Phrase.Of("opml.long", ("limit", maxCharacters / 1024 / 1024)));
        }
    }

    /// <summary>The document in UTF-8. What XML cannot hold is left out of names and addresses.</summary>
    public byte[] Write(DateTimeOffset created)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("opml");
            xml.WriteAttributeString("version", "2.0");
            xml.WriteAttributeString("xmlns", "notifier", ns: null, Own);
            xml.WriteStartElement("head");
            xml.WriteElementString("title", Clean(Title ?? ""));

            // The specification wants the form of RFC 822.
            xml.WriteElementString("dateCreated", created.ToString("R", CultureInfo.InvariantCulture));
            xml.WriteEndElement();
            xml.WriteStartElement("body");
            foreach (var outline in Outlines)
                Write(xml, outline);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static void Write(XmlWriter xml, OpmlOutline outline)
    {
        xml.WriteStartElement("outline");
        Put("type", "rss");

        // The one attribute that every outline must have.
        Put("text", outline.Title ?? outline.XmlUrl);
        Put("title", outline.Title);
        Put("xmlUrl", outline.XmlUrl);
        Put("htmlUrl", outline.HtmlUrl);
        Put("filter", outline.Filter, Own);
        Put("schedule", outline.Schedule, Own);
        Put("style", outline.Style, Own);
        Put("template", outline.Template, Own);
        Put("paused", outline.IsPaused ? "true" : null, Own);
        xml.WriteEndElement();

        void Put(string name, string? value, string? space = null)
        {
            if (value is not null)
                xml.WriteAttributeString(name, space, Clean(value));
        }
    }

    /// <summary>Without what no XML document can hold: most control characters, halves of a pair (https://www.w3.org/TR/xml/#charsets).</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
                clean.Append(text[i]);
            else if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                clean.Append(text[i]).Append(text[++i]);
        }

        return clean.ToString();
    }

    private static OpmlDocument Read(XmlReader xml, int maxOutlines)
    {
        string? title = null;
        var outlines = new List<OpmlOutline>();

        // The names of the open outlines, so that the folders of a feed are those that are open around it; what is deeper is only counted.
        var (open, deeper) = (new List<string>(), 0);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && IsOutline(xml))
            {
                if (deeper > 0)
                    deeper--;
                else if (open.Count > 0)
                    open.RemoveAt(open.Count - 1);
                continue;
            }

            if (xml is { NodeType: XmlNodeType.Element, LocalName: "title", IsEmptyElement: false } && title is null && outlines.Count == 0)
            {
                title = xml.Read() && xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA ? xml.Value.Trim() : null;
                continue;
            }

            if (xml.NodeType != XmlNodeType.Element || !IsOutline(xml))
                continue;
            var name = Attribute(xml, "title") ?? Attribute(xml, "text");
            if (Attribute(xml, "xmlUrl") is { } feed)
            {
                if (outlines.Count == maxOutlines)
                    return new OpmlDocument(title, outlines, More: true);
                outlines.Add(WithExtras(xml, new OpmlOutline(name == feed ? null : name, feed, Attribute(xml, "htmlUrl"), [.. open.Where(folder => folder.Length > 0)])));
            }

            if (xml.IsEmptyElement)
                continue;
            if (open.Count < MaxFolders)
                open.Add(name ?? "");
            else
                deeper++;
        }

        return new OpmlDocument(title, outlines, More: false);
    }

    private static OpmlOutline WithExtras(XmlReader xml, OpmlOutline outline) => outline with
    {
        Filter = Extra(xml, "filter")?.Trim(),
        Schedule = Extra(xml, "schedule")?.Trim(),
        Style = Extra(xml, "style")?.Trim(),
        Template = Extra(xml, "template"),
        IsPaused = Extra(xml, "paused")?.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) == true,
    };

    private static string? Extra(XmlReader xml, string name) => xml.GetAttribute(name, Own) is { } value && !string.IsNullOrWhiteSpace(value) ? Clean(value) : null;

    private static bool IsOutline(XmlReader xml) => xml.LocalName.Equals("outline", StringComparison.OrdinalIgnoreCase);

    /// <summary>By any case of its name (<c>xmlurl</c>, <c>xmlURL</c> are about); null when missing or blank.</summary>
    private static string? Attribute(XmlReader xml, string name)
    {
        string? value = null;
        for (var more = xml.MoveToFirstAttribute(); more && value is null; more = xml.MoveToNextAttribute())
        {
            if (xml.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase) && xml.NamespaceURI != Own && Clean(xml.Value).Trim() is { Length: > 0 } said)
                value = said;
        }

        xml.MoveToElement();
        return value;
    }
}

/// <summary>What came of reading an OPML document.</summary>
public abstract record OpmlResult
{
    private OpmlResult()
    {
    }

    public sealed record Read(OpmlDocument Document) : OpmlResult;

    /// <summary><paramref name="Reason"/> is a sentence for a person, with the line where there is one.</summary>
    public sealed record Unreadable(Phrase Reason) : OpmlResult;
}
