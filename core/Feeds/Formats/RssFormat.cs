using System.Globalization;
using Notifier.Feeds.Dates;
using Notifier.Feeds.Markup;

namespace Notifier.Feeds.Formats;

/// <summary>RSS from 0.90 to 2.0, and RDF (RSS 1.0), whose items stand beside their channel instead of inside.</summary>
public sealed class RssFormat : IFeedFormat
{
    public bool Recognises(FeedDocument document) => document.Root is { } root && !root.Is("feed");

    public ParsedFeed? Parse(FeedDocument document)
    {
        if (document.Root is not { } root) return null;
        var isRdf = root.Is("RDF");
        var channel = root.Child(Vocabulary.Core, "channel") ?? root;
        var channelBase = channel.BaseUrl(document.Url);
        var link = LinkOf(channel, document.Url);
        var site = WebAddress.IsWeb(channel.Text(Vocabulary.Core, "link")) && Uri.TryCreate(link, UriKind.Absolute, out var parsed) ? parsed : channelBase;
        var image = channel.Child(Vocabulary.Core, "image") ?? root.Child(Vocabulary.Core, "image");

        return new ParsedFeed
        {
            Family = isRdf ? FeedFamily.Rdf : FeedFamily.Rss,
            Version = isRdf ? RdfVersion(root, channel) : RssVersion(root),
            Title = Title(channel),
            Link = link,
            Description = (channel.Child(Vocabulary.Core, "description") ?? channel.Child(Vocabulary.Core, "abstract"))?.Html()
                ?? AtomText.ToHtml(channel.Child(Vocabulary.Atom, "subtitle"))
                ?? AtomText.ToHtml(channel.Child(Vocabulary.Atom, "tagline"))
                ?? channel.Text(Vocabulary.DublinCore, "description")
                ?? channel.Text(Vocabulary.Itunes, "summary")
                ?? channel.Text(Vocabulary.Itunes, "subtitle"),
            Language = channel.Text(Vocabulary.Core, "language")
                ?? channel.Text(Vocabulary.DublinCore, "language")
                ?? ModuleElements.NullIfEmpty(channel.Attribute("xml:lang"))
                ?? ModuleElements.NullIfEmpty(root.Attribute("xml:lang")),
            Image = WebAddress.Resolve(image?.Text(Vocabulary.Core, "url") ?? channel.Child(Vocabulary.Itunes, "image")?.Attribute("href"), site),
            Hub = ModuleElements.LinkTo(channel, Vocabulary.Atom, "hub", document.Url),
            Self = ModuleElements.LinkTo(channel, Vocabulary.Atom, "self", document.Url),
            TimeToLive = TimeToLive(channel) ?? ModuleElements.UpdatePeriod(channel),
            SkipHours = SkipHours(channel),
            SkipDays = SkipDays(channel),
            IsCut = root.Document.EndsInEntry,
            Entries = EntryLimit.Newest(document, Items(root), item => Published(item) ?? Updated(item)).ConvertAll(item => Entry(item, document.Url, site)),
        };
    }

    private static string RssVersion(MarkupElement root) => root.Attribute("version") switch
    {
        "2.0" or "2.0.0" or "2.0.1" or "2" => "rss20",
        "0.91" => "rss091",
        "0.92" => "rss092",
        "0.93" => "rss093",
        "0.94" => "rss094",
        "0.90" or "0.9" => "rss090",
        _ => "",
    };

    private static string RdfVersion(MarkupElement root, MarkupElement channel)
    {
        var prefix = channel.Is("RDF") ? [] : channel.Prefix;
        var name = prefix.IsEmpty ? "xmlns" : $"xmlns:{prefix}";
        var uri = channel.Attribute(name) ?? root.Attribute(name) ?? "";
        if (uri.Contains("rss/1.0", StringComparison.OrdinalIgnoreCase)) return "rss10";
        return uri.Contains("simple/0.9", StringComparison.OrdinalIgnoreCase) ? "rss090" : "";
    }

    /// <summary>Inside the channel, beside it, or in whatever was left open before them.</summary>
    private static List<MarkupElement> Items(MarkupElement root)
    {
        var document = root.Document;
        var items = new List<MarkupElement>();
        var skipTo = 0;
        for (var index = 1; index < document.Count; index++)
        {
            ref readonly var node = ref document.Node(index);
            if (node.NameStart < skipTo) continue;
            var element = new MarkupElement(document, index);
            if (!element.Is(Vocabulary.Core, "item") && !element.Is(Vocabulary.Core, "entry")) continue;
            items.Add(element);
            skipTo = node.InnerEnd;
        }

        return items;
    }

    private static string? Title(MarkupElement parent) =>
        Plain(parent.Child(Vocabulary.Core, "title"))
        ?? Plain(parent.Child(Vocabulary.DublinCore, "title"))
        ?? AtomText.ToPlain(parent.Child(Vocabulary.Atom, "title"))
        ?? AtomText.ToPlain(ModuleElements.MediaChild(parent, "title"))
        ?? Plain(parent.Child(Vocabulary.Itunes, "title"));

    private static string? Plain(MarkupElement? element) =>
        element is not { } e ? null : e.FirstChild is null ? PlainText.OfText(e.Text()) : PlainText.OfHtml(e.InnerMarkup());

    /// <summary>RSS says it as text; some say it as Atom does.</summary>
    private static string? LinkOf(MarkupElement parent, Uri documentUrl, Uri? site = null)
    {
        foreach (var link in parent.Children(Vocabulary.Core, "link"))
        {
            var own = link.BaseUrl(documentUrl);
            if (WebAddress.Resolve(link.Text(), own == documentUrl ? site ?? own : own) is { } address) return address;
        }

        // The last is how CDF, which came before RSS, says it.
        return AtomFormat.PageLink(parent, Vocabulary.Atom, documentUrl)
            ?? AtomFormat.PageLink(parent, Vocabulary.Core, documentUrl)
            ?? WebAddress.Resolve(parent.Attribute("href"), site ?? documentUrl);
    }

    private static ParsedEntry Entry(MarkupElement item, Uri documentUrl, Uri site)
    {
        var own = item.BaseUrl(documentUrl);
        var baseUrl = own == documentUrl ? site : own;
        var guid = item.Child(Vocabulary.Core, "guid");
        var guidText = guid?.Text();
        var about = ModuleElements.NullIfEmpty(item.Attribute("rdf:about"));
        var link = LinkOf(item, documentUrl, site)
            ?? (IsPermalink(guid, guidText) ? guidText : null)
            ?? (WebAddress.IsWeb(about) ? about : null);
        var (summary, second) = Descriptions(item);
        var content = item.Child(Vocabulary.Content, "encoded") ?? item.Child(Vocabulary.Core, "encoded") ?? item.Child(Vocabulary.Xhtml, "body") ?? item.Child(Vocabulary.Xhtml, "div") ?? item.Child(Vocabulary.Core, "body") ?? item.Child(Vocabulary.Core, "fullitem");

        return new ParsedEntry
        {
            Id = guidText ?? about ?? item.Text(Vocabulary.Atom, "id") ?? item.Text(Vocabulary.DublinCore, "identifier") ?? item.Text(Vocabulary.Core, "id"),
            Link = link,
            Title = Title(item),
            Published = Published(item),
            Updated = Updated(item),
            Author = Author(item),
            Summary = summary?.Html()
                ?? AtomText.ToHtml(item.Child(Vocabulary.Atom, "summary"))
                ?? item.Child(Vocabulary.DublinCore, "description")?.Html()
                ?? item.Text(Vocabulary.Itunes, "summary")
                ?? item.Text(Vocabulary.Itunes, "subtitle")
                ?? ModuleElements.MediaChild(item, "description")?.Html(),
            Content = content?.Html() ?? AtomText.ToHtml(item.Child(Vocabulary.Atom, "content") ?? item.Child(Vocabulary.Core, "content")) ?? second?.Html(),
            Base = own != documentUrl ? own.AbsoluteUri : WebAddress.IsWeb(link) ? link : site.AbsoluteUri,
            Categories = Categories(item),
            Enclosures = Enclosures(item, documentUrl),
            Media = ModuleElements.Media(item, documentUrl),
            Comments = WebAddress.Resolve(item.Text(Vocabulary.Core, "comments"), baseUrl),
        };
    }

    /// <summary>Some RSS has a summary instead of the description; where it has both, the first is the short one.</summary>
    private static (MarkupElement? First, MarkupElement? Second) Descriptions(MarkupElement item)
    {
        var (description, summary) = (item.Child(Vocabulary.Core, "description") ?? item.Child(Vocabulary.Core, "abstract"), item.Child(Vocabulary.Core, "summary"));
        if (description is not { } one || summary is not { } other) return (description ?? summary, null);
        return one.Index < other.Index ? (one, other) : (other, one);
    }

    /// <summary>Only where it can be one: 2 % of feeds call something a permalink that is no address.</summary>
    private static bool IsPermalink(MarkupElement? guid, string? text) =>
        WebAddress.IsWeb(text) && guid?.Attribute("isPermaLink") is null or "" or "true" or "True" or "TRUE";

    private static DateTimeOffset? Published(MarkupElement item) =>
        FirstDate(item, (Vocabulary.Core, "pubDate"), (Vocabulary.Atom, "published"), (Vocabulary.Atom, "issued"), (Vocabulary.DublinTerms, "issued"), (Vocabulary.Atom, "created"),
            (Vocabulary.DublinTerms, "created"), (Vocabulary.DublinTerms, "available"), (Vocabulary.Core, "published"), (Vocabulary.Core, "issued"));

    private static DateTimeOffset? Updated(MarkupElement item) =>
        FirstDate(item, (Vocabulary.Atom, "updated"), (Vocabulary.Atom, "modified"), (Vocabulary.DublinTerms, "modified"), (Vocabulary.DublinCore, "date"),
            (Vocabulary.Core, "updated"), (Vocabulary.Core, "modified"), (Vocabulary.Core, "date"))
        ?? FeedDates.Parse(item.Attribute("lastmod"));

    private static DateTimeOffset? FirstDate(MarkupElement item, params ReadOnlySpan<(Vocabulary Vocabulary, string Name)> elements)
    {
        foreach (var (vocabulary, name) in elements)
        {
            if (FeedDates.Parse(item.Text(vocabulary, name)) is { } date) return date;
        }

        return null;
    }

    private static string? Author(MarkupElement item) =>
        ModuleElements.Name(item.Text(Vocabulary.Core, "author") ?? item.Text(Vocabulary.DublinCore, "creator") ?? item.Text(Vocabulary.DublinCore, "author"))
        ?? AtomFormat.AuthorOf(item, Vocabulary.Atom);

    private static List<string> Categories(MarkupElement item)
    {
        var categories = new List<string>();
        foreach (var element in item.Children())
        {
            if (element.Is(Vocabulary.Itunes, "keywords") && element.Text() is { } keywords) categories.AddRange(keywords.Split(',').Select(PlainText.Collapse).OfType<string>());
            var category =
                element.Is(Vocabulary.Core, "category") || element.Is(Vocabulary.DublinCore, "subject") || element.Is(Vocabulary.Media, "category") ? element.Text()
                : element.Is(Vocabulary.Atom, "category") ? AtomFormat.CategoryName(element)
                : element.Is(Vocabulary.Itunes, "category") ? element.Attribute("text")
                : null;
            if (category is not null && PlainText.Collapse(category) is { } name) categories.Add(name);
        }

        return categories;
    }

    private static List<Enclosure> Enclosures(MarkupElement item, Uri documentUrl)
    {
        List<Enclosure>? enclosures = null;
        foreach (var enclosure in item.Children(Vocabulary.Core, "enclosure")) ModuleElements.Add(ref enclosures, enclosure, "url", "length", documentUrl);
        foreach (var link in item.Children(Vocabulary.Atom, "link"))
        {
            if (link.Attribute("rel") == "enclosure") ModuleElements.Add(ref enclosures, link, "href", "length", documentUrl);
        }

        return enclosures ?? [];
    }

    private static TimeSpan? TimeToLive(MarkupElement channel) =>
        int.TryParse(channel.Text(Vocabulary.Core, "ttl"), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 60 * 24 * 366 ? TimeSpan.FromMinutes(minutes) : null;

    private static List<int> SkipHours(MarkupElement channel)
    {
        var hours = new List<int>();
        if (channel.Child(Vocabulary.Core, "skipHours") is not { } list) return hours;
        foreach (var hour in list.Children(Vocabulary.Core, "hour"))
        {
            // RSS 0.91 counts from 1 to 24.
            if (int.TryParse(hour.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 24 && !hours.Contains(value % 24)) hours.Add(value % 24);
        }

        return hours;
    }

    private static List<DayOfWeek> SkipDays(MarkupElement channel)
    {
        var days = new List<DayOfWeek>();
        if (channel.Child(Vocabulary.Core, "skipDays") is not { } list) return days;
        foreach (var day in list.Children(Vocabulary.Core, "day"))
        {
            if (day.Text() is { } name && !char.IsAsciiDigit(name[0]) && Enum.TryParse<DayOfWeek>(name, ignoreCase: true, out var value) && Enum.IsDefined(value) && !days.Contains(value)) days.Add(value);
        }

        return days;
    }
}
