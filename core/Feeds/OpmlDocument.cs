using System.Globalization;
using System.Xml;

namespace Notifier.Feeds;

/// <summary>A list of feeds as feed readers exchange it (OPML 2.0, http://opml.org/spec2.opml).</summary>
/// <param name="More">Set when the document lists more feeds than were asked for.</param>
public sealed record OpmlDocument(string? Title, IReadOnlyList<OpmlOutline> Outlines, bool More)
{
    private const int MaxFolders = 32;

    /// <summary>Reads the feeds of a document; outlines without <c>xmlUrl</c> are folders.</summary>
    /// <param name="maxCharacters">The longest document that is read.</param>
    /// <param name="maxOutlines">The number of feeds after which reading stops.</param>
    public static OpmlResult Read(Stream stream, long maxCharacters = 64 * 1024 * 1024, int maxOutlines = 100_000)
    {
        // Some readers write a DOCTYPE; it is skipped, and nothing is ever resolved.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            MaxCharactersInDocument = maxCharacters,
            CloseInput = false,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var xml = XmlReader.Create(stream, settings);
            if (xml.MoveToContent() != XmlNodeType.Element || !xml.LocalName.Equals("opml", StringComparison.OrdinalIgnoreCase))
                return new OpmlResult.Unreadable("This is not an OPML document: it does not begin with <opml>.");
            return new OpmlResult.Read(Read(xml, maxOutlines));
        }
        catch (XmlException fault)
        {
            return new OpmlResult.Unreadable(fault.LineNumber > 0
                ? string.Create(CultureInfo.InvariantCulture, $"The OPML document is broken at line {fault.LineNumber}, column {fault.LinePosition}.")
                : $"The OPML document is empty, broken, or longer than {maxCharacters / 1024 / 1024} million characters: split it.");
        }
    }

    private static OpmlDocument Read(XmlReader xml, int maxOutlines)
    {
        string? title = null;
        var outlines = new List<OpmlOutline>();
        // One name per open outline, so the folders of a feed are those that are open around it.
        var open = new Stack<string>();
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && IsOutline(xml))
            {
                open.TryPop(out _);
                continue;
            }

            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "title" && title is null && outlines.Count == 0)
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
                outlines.Add(new OpmlOutline(name, feed, Attribute(xml, "htmlUrl"), Folders(open)));
            }

            if (!xml.IsEmptyElement)
                open.Push(name ?? "");
        }

        return new OpmlDocument(title, outlines, More: false);
    }

    private static bool IsOutline(XmlReader xml) => xml.LocalName.Equals("outline", StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<string> Folders(Stack<string> open) => [.. open.Reverse().Where(name => name.Length > 0).Take(MaxFolders)];

    /// <summary>By any case of its name (<c>xmlurl</c>, <c>xmlURL</c> are about); null when missing or blank.</summary>
    private static string? Attribute(XmlReader xml, string name)
    {
        string? value = null;
        for (var more = xml.MoveToFirstAttribute(); more && value is null; more = xml.MoveToNextAttribute())
        {
            if (xml.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(xml.Value))
                value = xml.Value.Trim();
        }

        xml.MoveToElement();
        return value;
    }
}

/// <summary>One feed in an OPML document. <paramref name="XmlUrl"/> is as written, not yet judged.</summary>
/// <param name="Folders">The names of the outlines around it, outermost first.</param>
public sealed record OpmlOutline(string? Title, string XmlUrl, string? HtmlUrl, IReadOnlyList<string> Folders);

/// <summary>What came of reading an OPML document.</summary>
public abstract record OpmlResult
{
    private OpmlResult()
    {
    }

    public sealed record Read(OpmlDocument Document) : OpmlResult;

    /// <summary><paramref name="Reason"/> is a sentence for a person, with the line where there is one.</summary>
    public sealed record Unreadable(string Reason) : OpmlResult;
}
