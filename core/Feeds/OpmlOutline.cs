namespace Notifier.Feeds;

/// <summary>One feed in an OPML document. <paramref name="XmlUrl"/> is as written, not yet judged.</summary>
/// <param name="Folders">The names of the outlines around it, outermost first.</param>
public sealed record OpmlOutline(string? Title, string XmlUrl, string? HtmlUrl, IReadOnlyList<string> Folders)
{
    /// <summary>What a chat has set for the feed, as written: in a namespace of our own, which other readers pass over.</summary>
    public string? Filter { get; init; }

    public string? Schedule { get; init; }

    public string? Style { get; init; }

    public string? Template { get; init; }

    public bool IsPaused { get; init; }
}
