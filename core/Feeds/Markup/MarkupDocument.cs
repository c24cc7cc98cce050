namespace Notifier.Feeds.Markup;

/// <summary>
/// A document of elements over its text, made in one pass: where each element stands, and what vocabulary it belongs to.
/// Strings are made only when an element is asked for them.
/// </summary>
internal sealed class MarkupDocument : IDisposable
{
    private readonly MarkupNodes nodes;

    private readonly ArraySegment<char> source;

    internal MarkupDocument(ArraySegment<char> source, MarkupNodes nodes, string? firstTag)
    {
        this.source = source;
        this.nodes = nodes;
        FirstTag = firstTag;
    }

    public ReadOnlySpan<char> Source => source;

    /// <summary>The feed's own element (rss, RDF, feed, channel …); null in a document that has none.</summary>
    public MarkupElement? Root => nodes.Count == 0 ? null : new MarkupElement(this, 0);

    /// <summary>The first tag's name in lower case, feed or not; null in a document without tags.</summary>
    public string? FirstTag { get; }

    /// <summary>The text ends before its last entry does: it was cut off on its way, or its author forgot to close it.</summary>
    public bool EndsInEntry { get; init; }

    /// <summary>Whether looking for <c>xml:base</c> can find anything.</summary>
    internal bool HasBase { get; init; }

    /// <summary>The base that was resolved last, of the element that states it.</summary>
    internal (int Index, Uri DocumentUrl, Uri Base)? LastBase { get; set; }

    internal int Count => nodes.Count;

    internal ref readonly MarkupNode Node(int index) => ref nodes[index];

    public void Dispose() => nodes.Dispose();
}
