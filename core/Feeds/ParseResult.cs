using Notifier.Texts;

namespace Notifier.Feeds;

/// <summary>What the bytes behind an address turned out to be.</summary>
public abstract record ParseResult
{
    private ParseResult()
    {
    }

    /// <summary>A feed, read as far as it can be read.</summary>
    public sealed record Parsed(ParsedFeed Feed) : ParseResult;

    /// <summary>A web page; it may announce feeds (<c>FeedDiscovery</c>).</summary>
    public sealed record WebPage(string Html) : ParseResult;

    /// <summary>Neither. <paramref name="Reason"/> finishes the sentence “This is …” for a person: “an empty document”.</summary>
    public sealed record NotAFeed(Phrase Reason) : ParseResult;
}
