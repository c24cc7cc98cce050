using Notifier.Feeds.Dates;
using Notifier.Feeds.Markup;

namespace Notifier.Feeds.Formats;

/// <summary>Atom 1.0 (RFC 4287) and the 0.3 that went before it; they differ in names only.</summary>
public sealed class AtomFormat : IFeedFormat
{
    public bool Recognises(FeedDocument document) => document.Root is { } root && root.Is("feed");

    public ParsedFeed? Parse(FeedDocument document)
    {
        if (document.Root is not { } feed) return null;
        var feedAuthor = AuthorOf(feed);
        var entries = new List<MarkupElement>();
        foreach (var entry in feed.Children(Vocabulary.Core, "entry")) entries.Add(entry);

        return new ParsedFeed
        {
            Family = FeedFamily.Atom,
            Version = Version(feed),
            Title = AtomText.ToPlain(feed.Child(Vocabulary.Core, "title")) ?? PlainText.OfText(feed.Text(Vocabulary.DublinCore, "title")),
            Link = PageLink(feed, Vocabulary.Core, document.Url) ?? WebId(feed),
            Description = AtomText.ToHtml(feed.Child(Vocabulary.Core, "subtitle")) ?? AtomText.ToHtml(feed.Child(Vocabulary.Core, "tagline")) ?? AtomText.ToHtml(feed.Child(Vocabulary.Core, "info")) ?? feed.Text(Vocabulary.DublinCore, "description"),
            Language = ModuleElements.NullIfEmpty(feed.Attribute("xml:lang")) ?? feed.Text(Vocabulary.Core, "language") ?? feed.Text(Vocabulary.DublinCore, "language"),
            Image = WebAddress.Resolve(feed.Text(Vocabulary.Core, "logo") ?? feed.Text(Vocabulary.Core, "icon"), feed.BaseUrl(document.Url)),
            Hub = ModuleElements.LinkTo(feed, Vocabulary.Core, "hub", document.Url),
            Self = ModuleElements.LinkTo(feed, Vocabulary.Core, "self", document.Url),
            TimeToLive = ModuleElements.UpdatePeriod(feed),
            IsCut = feed.Document.EndsInEntry,
            Entries = EntryLimit.Newest(document, entries, entry => Published(entry) ?? Updated(entry)).ConvertAll(entry => Entry(entry, feedAuthor, document.Url)),
        };
    }

    private static string Version(MarkupElement feed)
    {
        var prefix = feed.Prefix;
        var uri = feed.Attribute(prefix.IsEmpty ? "xmlns" : $"xmlns:{prefix}") ?? "";
        if (uri.Contains("2005/atom", StringComparison.OrdinalIgnoreCase)) return "atom10";
        return uri.Contains("purl.org/atom/ns", StringComparison.OrdinalIgnoreCase) || feed.Attribute("version") == "0.3" ? "atom03" : "";
    }

    private static ParsedEntry Entry(MarkupElement entry, string? feedAuthor, Uri url)
    {
        var baseUrl = entry.BaseUrl(url);
        var content = entry.Child(Vocabulary.Core, "content");
        var id = entry.Text(Vocabulary.Core, "id");
        List<Enclosure>? enclosures = null;
        foreach (var link in entry.Children(Vocabulary.Core, "link"))
        {
            if (Relation(link) == "enclosure") ModuleElements.Add(ref enclosures, link, "href", "length", url);
        }

        return new ParsedEntry
        {
            Id = id ?? entry.Text(Vocabulary.Core, "guid") ?? entry.Text(Vocabulary.DublinCore, "identifier"),
            Link = PageLink(entry, Vocabulary.Core, url) ?? WebId(entry) ?? enclosures?[0].Url,
            Title = AtomText.ToPlain(entry.Child(Vocabulary.Core, "title"))
                ?? PlainText.OfText(entry.Text(Vocabulary.DublinCore, "title"))
                ?? AtomText.ToPlain(ModuleElements.MediaChild(entry, "title")),
            Published = Published(entry),
            Updated = Updated(entry),
            Author = AuthorOf(entry) ?? (entry.Child(Vocabulary.Core, "source") is { } source ? AuthorOf(source) : null) ?? feedAuthor,
            Summary = AtomText.ToHtml(entry.Child(Vocabulary.Core, "summary")) ?? entry.Text(Vocabulary.DublinCore, "description") ?? ModuleElements.MediaChild(entry, "description")?.Html(),
            Content = content is { } c && c.Attribute("src") is not null && c.Text() is null ? null : AtomText.ToHtml(content),
            Base = (content ?? entry.Child(Vocabulary.Core, "summary"))?.BaseUrl(url).AbsoluteUri ?? baseUrl.AbsoluteUri,
            Categories = Categories(entry),
            Enclosures = enclosures ?? (IReadOnlyList<Enclosure>)[],
            Media = ModuleElements.Media(entry, url),
            Comments = PageLink(entry, Vocabulary.Core, url, "replies") ?? WebAddress.Resolve(entry.Text(Vocabulary.Core, "comments"), baseUrl),
        };
    }

    private static DateTimeOffset? Published(MarkupElement entry) =>
        FirstDate(entry, "published", "issued", "created", "pubDate") ?? FeedDates.Parse(entry.Text(Vocabulary.DublinTerms, "issued"));

    private static DateTimeOffset? Updated(MarkupElement entry) =>
        FirstDate(entry, "updated", "modified") ?? FeedDates.Parse(entry.Text(Vocabulary.DublinTerms, "modified") ?? entry.Text(Vocabulary.DublinCore, "date"));

    private static DateTimeOffset? FirstDate(MarkupElement entry, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (FeedDates.Parse(entry.Text(Vocabulary.Core, name)) is { } date) return date;
        }

        return null;
    }

    internal static string? AuthorOf(MarkupElement parent, Vocabulary vocabulary = Vocabulary.Core)
    {
        foreach (var author in parent.Children(vocabulary, "author"))
        {
            var name = author.Text(vocabulary, "name") ?? author.Text(Vocabulary.Core, "name") ?? author.Text(vocabulary, "email") ?? author.Text(Vocabulary.Core, "email") ?? (author.FirstChild is null ? author.Text() : null);
            if (name is not null) return ModuleElements.Name(name);
        }

        return ModuleElements.Name(parent.Text(Vocabulary.DublinCore, "creator") ?? parent.Text(Vocabulary.Itunes, "author"));
    }

    private static List<string> Categories(MarkupElement entry)
    {
        var categories = new List<string>();
        foreach (var element in entry.Children())
        {
            var category =
                element.Is(Vocabulary.Core, "category") ? CategoryName(element)
                : element.Is(Vocabulary.DublinCore, "subject") || element.Is(Vocabulary.Media, "category") ? element.Text()
                : null;
            if (category is not null && PlainText.Collapse(category) is { } name) categories.Add(name);
        }

        return categories;
    }

    internal static string? CategoryName(MarkupElement category) =>
        ModuleElements.NullIfEmpty(category.Attribute("label")) ?? ModuleElements.NullIfEmpty(category.Attribute("term")) ?? category.Text();

    /// <summary>Lower case, the registry's long form shortened (RFC 4287 § 4.2.7.2); "" when not stated.</summary>
    private static string Relation(MarkupElement link)
    {
        var rel = link.Attribute("rel")?.ToLowerInvariant() ?? "";
        const string registry = "http://www.iana.org/assignments/relation/";
        return rel.StartsWith(registry, StringComparison.Ordinal) ? rel[registry.Length..] : rel;
    }

    private static string? WebId(MarkupElement parent) => parent.Text(Vocabulary.Core, "id") is { } id && WebAddress.IsWeb(id) ? id : null;

    /// <summary>
    /// The page that a feed or entry stands for: the first alternate link (no relation means the same, RFC 4287 § 4.2.7.2),
    /// a web page rather than another rendering. Or the page of another <paramref name="relation"/>.
    /// </summary>
    internal static string? PageLink(MarkupElement parent, Vocabulary vocabulary, Uri url, string relation = "alternate")
    {
        string? best = null;
        var bestRank = 0;
        foreach (var link in parent.Children(vocabulary, "link"))
        {
            var type = link.Attribute("type");
            var isPage = string.IsNullOrEmpty(type) || type.Contains("html", StringComparison.OrdinalIgnoreCase);
            var stated = Relation(link);
            if (stated != relation && (stated.Length > 0 || relation != "alternate")) continue;

            // The relations of RFC 4287 are written in lower case; one that is not is a second choice.
            var rank = (isPage ? 3 : 0) + (stated.Length == 0 ? 1 : link.Attribute("rel") is { } rel && rel.AsSpan().ContainsAnyInRange('A', 'Z') ? 2 : 3);
            if (rank <= bestRank || WebAddress.Resolve(link.Attribute("href") ?? link.Text(), link.BaseUrl(url)) is not { } address) continue;
            (best, bestRank) = (address, rank);
        }

        return best;
    }
}
