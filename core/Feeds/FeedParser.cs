using System.Collections.Frozen;
using Notifier.Feeds.Charsets;
using Notifier.Texts;

namespace Notifier.Feeds;

/// <summary>Reads feeds: from the bytes of a document to plain records. It takes time linear in the bytes, and throws on none of them.</summary>
public sealed class FeedParser(IEnumerable<IFeedFormat> formats)
{
    /// <summary>More than any publisher lists, archives of everything since the beginning included: what is not read could not be known again.</summary>
    public const int MaxEntries = 20_000;

    private static readonly FrozenSet<string> PageTags = FrozenSet.Create(
        StringComparer.Ordinal, "html", "head", "body", "title", "meta", "link", "base", "script", "style", "noscript", "div", "p", "h1", "h2", "a", "br", "b", "center", "span", "table", "main", "img");

    private readonly IFeedFormat[] formats = [.. formats];

    /// <param name="body">Nothing of the result holds on to it, so it may be lent.</param>
    /// <param name="url">Where the document was found: the base of its relative addresses.</param>
    /// <param name="contentType">The HTTP header's value, for its charset only: servers name the wrong type too often.</param>
    /// <param name="maxEntries">Of a longer feed the newest are given.</param>
    public ParseResult Parse(ReadOnlyMemory<byte> body, Uri url, string? contentType = null, int maxEntries = MaxEntries)
    {
        using var text = DocumentText.Lend(body.Span, contentType);
        if (text.Characters.AsSpan().IsWhiteSpace()) return new ParseResult.NotAFeed(Phrase.Of("document.empty"));

        using var document = new FeedDocument(text.Characters, url, maxEntries);
        foreach (var format in formats)
        {
            if (format.Recognises(document) && format.Parse(document) is { } feed) return new ParseResult.Parsed(feed);
        }

        if (IsWebPage(document)) return new ParseResult.WebPage(document.Text);
        return new ParseResult.NotAFeed(document switch
        {
            { IsJson: true } => Phrase.Of("document.json"),
            { Markup.FirstTag: { } tag } => Phrase.Of("document.xml", ("tag", tag)),
            _ => Phrase.Of("document.nofeed"),
        });
    }

    private static bool IsWebPage(FeedDocument document) =>
        document.Characters.TrimStart().StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
        || (document.Markup?.FirstTag is { } tag && PageTags.Contains(tag));
}
