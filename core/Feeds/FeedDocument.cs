using Notifier.Feeds.Markup;

namespace Notifier.Feeds;

/// <summary>A fetched document before anyone knows what it is: its text, and its elements if it is markup.</summary>
public sealed class FeedDocument
{
    internal FeedDocument(string text, Uri url, int maxEntries)
    {
        MaxEntries = maxEntries;
        Text = text;
        Url = url;
        IsJson = text.AsSpan().TrimStart().StartsWith("{");
        Markup = IsJson ? null : MarkupReader.Read(text);
    }

    public string Text { get; }

    /// <summary>Where it was found: the base of its relative addresses.</summary>
    public Uri Url { get; }

    /// <summary>How many entries are wanted of it, the newest first of all.</summary>
    public int MaxEntries { get; }

    /// <summary>It begins like a JSON object.</summary>
    public bool IsJson { get; }

    internal MarkupDocument? Markup { get; }

    internal MarkupElement? Root => Markup?.Root;
}
