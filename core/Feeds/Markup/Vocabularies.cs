using System.Collections.Frozen;

namespace Notifier.Feeds.Markup;

/// <summary>How namespaces and prefixes name a <see cref="Vocabulary"/>.</summary>
internal static class Vocabularies
{
    private static readonly FrozenDictionary<string, Vocabulary> ByUri = new Dictionary<string, Vocabulary>(StringComparer.Ordinal)
    {
        [""] = Vocabulary.Core,
        ["backend.userland.com/rss"] = Vocabulary.Core,
        ["backend.userland.com/rss2"] = Vocabulary.Core,
        ["backend.userland.com/rss091"] = Vocabulary.Core,
        ["backend.userland.com/rss092"] = Vocabulary.Core,
        ["backend.userland.com/rss093"] = Vocabulary.Core,
        ["blogs.law.harvard.edu/tech/rss"] = Vocabulary.Core,
        ["cyber.law.harvard.edu/rss/rss.html"] = Vocabulary.Core,
        ["cyber.harvard.edu/rss"] = Vocabulary.Core,
        ["my.netscape.com/rdf/simple/0.9"] = Vocabulary.Core,
        ["channel.netscape.com/rdf/simple/0.9"] = Vocabulary.Core,
        ["purl.org/rss/1.0"] = Vocabulary.Core,
        ["purl.org/net/rss1.1"] = Vocabulary.Core,
        ["purl.org/atom/ns"] = Vocabulary.Atom,
        ["w3.org/2005/atom"] = Vocabulary.Atom,
        ["w3.org/1999/02/22-rdf-syntax-ns"] = Vocabulary.Rdf,
        ["purl.org/rss/1.0/modules/content"] = Vocabulary.Content,
        ["purl.org/dc/elements/1.0"] = Vocabulary.DublinCore,
        ["purl.org/dc/elements/1.1"] = Vocabulary.DublinCore,
        ["purl.org/dc/terms"] = Vocabulary.DublinTerms,
        ["purl.org/rss/1.0/modules/dcterms"] = Vocabulary.DublinTerms,
        ["search.yahoo.com/mrss"] = Vocabulary.Media,
        ["search.yahoo.com/mrss/rss.html"] = Vocabulary.Media,
        ["video.search.yahoo.com/mrss"] = Vocabulary.Media,
        ["tools.search.yahoo.com/mrss"] = Vocabulary.Media,
        ["itunes.com/dtds/podcast-1.0.dtd"] = Vocabulary.Itunes,
        ["example.com/dtds/podcast-1.0.dtd"] = Vocabulary.Itunes,
        ["google.com/schemas/play-podcasts/1.0"] = Vocabulary.GooglePlay,
        ["purl.org/rss/1.0/modules/syndication"] = Vocabulary.Syndication,
        ["rssnamespace.org/feedburner/ext/1.0"] = Vocabulary.FeedBurner,
        ["w3.org/1999/xhtml"] = Vocabulary.Xhtml,
        ["w3.org/xml/1998/namespace"] = Vocabulary.Xml,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Vocabulary> ByPrefix = new Dictionary<string, Vocabulary>(StringComparer.OrdinalIgnoreCase)
    {
        [""] = Vocabulary.Core,
        ["rss"] = Vocabulary.Core,
        ["atom"] = Vocabulary.Atom,
        ["atom10"] = Vocabulary.Atom,
        ["a10"] = Vocabulary.Atom,
        ["rdf"] = Vocabulary.Rdf,
        ["content"] = Vocabulary.Content,
        ["dc"] = Vocabulary.DublinCore,
        ["dcterms"] = Vocabulary.DublinTerms,
        ["media"] = Vocabulary.Media,
        ["itunes"] = Vocabulary.Itunes,
        ["googleplay"] = Vocabulary.GooglePlay,
        ["sy"] = Vocabulary.Syndication,
        ["feedburner"] = Vocabulary.FeedBurner,
        ["xhtml"] = Vocabulary.Xhtml,
        ["xml"] = Vocabulary.Xml,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>By namespace, spelt as carelessly as feeds do; unknown namespaces go by their usual prefix, and without one count as the document's own.</summary>
    public static Vocabulary Of(ReadOnlySpan<char> uri, ReadOnlySpan<char> prefix) =>
        FromUri(uri) is var known and not Vocabulary.Unknown ? known : OfPrefix(prefix);

    /// <summary>Of a prefix that was never declared, as in one feed of a hundred.</summary>
    public static Vocabulary OfPrefix(ReadOnlySpan<char> prefix) =>
        ByPrefix.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(prefix, out var usual) ? usual : Vocabulary.Unknown;

    private static Vocabulary FromUri(ReadOnlySpan<char> uri)
    {
        uri = uri.Trim();
        if (uri.Length > 128) return Vocabulary.Unknown;
        Span<char> lower = stackalloc char[128];
        ReadOnlySpan<char> canonical = lower[..uri.ToLowerInvariant(lower)];
        if (canonical.IndexOf("://") is var scheme and >= 0) canonical = canonical[(scheme + 3)..];
        if (canonical.StartsWith("www.")) canonical = canonical[4..];
        canonical = canonical.TrimEnd("/#");
        return ByUri.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(canonical, out var known) ? known : Vocabulary.Unknown;
    }
}
