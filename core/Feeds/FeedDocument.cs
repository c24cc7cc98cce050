using Notifier.Feeds.Markup;

namespace Notifier.Feeds;

/// <summary>A fetched document before anyone knows what it is: its text, and its elements if it is markup.</summary>
public sealed class FeedDocument
{
    /// <summary>More than any publisher lists; the rest of such a document is not read.</summary>
    internal const int MaxEntries = 20_000;

    internal FeedDocument(string text, Uri url)
    {
        Text = text;
        Url = url;
        IsJson = text.AsSpan().TrimStart().StartsWith("{");
        Markup = IsJson ? null : MarkupReader.Read(text);
    }

    public string Text { get; }

    /// <summary>Where it was found: the base of its relative addresses.</summary>
    public Uri Url { get; }

    /// <summary>It begins like a JSON object.</summary>
    public bool IsJson { get; }

    internal MarkupDocument? Markup { get; }

    internal MarkupElement? Root => Markup?.Root;
}
