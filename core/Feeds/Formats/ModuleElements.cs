using System.Globalization;
using Notifier.Feeds.Markup;

namespace Notifier.Feeds.Formats;

/// <summary>What RSS and Atom feeds say alike: Media RSS, Dublin Core, iTunes, Syndication, WebSub.</summary>
internal static class ModuleElements
{
    /// <summary>media:group within media:content within an entry, and one more for good measure.</summary>
    private const int MaxMediaDepth = 4;

    /// <summary>media:content and media:thumbnail, groups flattened (https://www.rssboard.org/media-rss).</summary>
    public static IReadOnlyList<Enclosure> Media(MarkupElement entry, Uri baseUrl)
    {
        List<Enclosure>? found = null;
        Collect(entry, 0);
        return found ?? (IReadOnlyList<Enclosure>)[];

        void Collect(MarkupElement parent, int depth)
        {
            foreach (var element in parent.Children())
            {
                if (element.Vocabulary != Vocabulary.Media) continue;
                if (element.Is("content") || element.Is("thumbnail")) Add(ref found, element, "url", "fileSize", baseUrl);
                if (depth < MaxMediaDepth && (element.Is("content") || element.Is("group"))) Collect(element, depth + 1);
            }
        }
    }

    /// <summary>Adds the file that an element's attributes describe, unless its address is there already.</summary>
    public static void Add(ref List<Enclosure>? files, MarkupElement element, string addressName, string lengthName, Uri baseUrl)
    {
        if (WebAddress.Resolve(element.Attribute(addressName) ?? element.Attribute("href") ?? element.Text(), element.BaseUrl(baseUrl)) is not { } address) return;
        files ??= [];
        if (files.Count >= 1000 || files.Exists(known => known.Url == address)) return;
        files.Add(new Enclosure(address, NullIfEmpty(element.Attribute("type")), Length(element.Attribute(lengthName))));
    }

    public static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>In bytes; the zero that many publishers write means they do not know.</summary>
    private static long? Length(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var length) && length > 0 ? length : null;

    /// <summary>media:title, media:description and the like, of an entry or of its first group or content.</summary>
    public static MarkupElement? MediaChild(MarkupElement entry, string name) =>
        entry.Child(Vocabulary.Media, name)
        ?? entry.Child(Vocabulary.Media, "group")?.Child(Vocabulary.Media, name)
        ?? entry.Child(Vocabulary.Media, "content")?.Child(Vocabulary.Media, name)
        ?? entry.Child(Vocabulary.Media, "group")?.Child(Vocabulary.Media, "content")?.Child(Vocabulary.Media, name);

    /// <summary>How seldom the publisher has news (https://web.resource.org/rss/1.0/modules/syndication/); null for hourly, which WordPress writes into every feed and means nothing by.</summary>
    public static TimeSpan? UpdatePeriod(MarkupElement channel)
    {
        var period = channel.Text(Vocabulary.Syndication, "updatePeriod")?.ToLowerInvariant() switch
        {
            "daily" => TimeSpan.FromDays(1),
            "weekly" => TimeSpan.FromDays(7),
            "monthly" => TimeSpan.FromDays(30),
            "yearly" => TimeSpan.FromDays(365),
            _ => (TimeSpan?)null,
        };
        var frequency = int.TryParse(channel.Text(Vocabulary.Syndication, "updateFrequency"), NumberStyles.None, CultureInfo.InvariantCulture, out var stated) && stated > 0 ? stated : 1;
        return period / frequency;
    }

    /// <summary>The address of the first link with this relation.</summary>
    public static string? LinkTo(MarkupElement feed, Vocabulary vocabulary, string relation, Uri documentUrl)
    {
        foreach (var link in feed.Children(vocabulary, "link"))
        {
            if (link.Attribute("rel") is { } rel && rel.Equals(relation, StringComparison.OrdinalIgnoreCase)) return WebAddress.Resolve(link.Attribute("href"), link.BaseUrl(documentUrl));
        }

        return null;
    }

    /// <summary>
    /// A name without the e-mail address around which RSS writes it (<c>joe@example.org (Joe)</c>, <c>Joe &lt;joe@example.org&gt;</c>);
    /// the address alone where there is no name.
    /// </summary>
    public static string? Name(string? author)
    {
        if (author is null || PlainText.Collapse(author) is not { } text) return null;
        if (!text.Contains('@', StringComparison.Ordinal)) return text;
        var open = text.IndexOfAny(['(', '<', '[']);
        var close = open < 0 ? -1 : text.LastIndexOfAny([')', '>', ']']);
        if (open < 0 || close < open) return text;
        var before = text[..open].Trim(' ', '"', ',');
        var inside = text[(open + 1)..close].Trim();
        var name = before.Contains('@', StringComparison.Ordinal) ? inside : before;
        return name.Length > 0 ? name : NullIfEmpty(inside) ?? text;
    }
}
