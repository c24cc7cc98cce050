using Notifier.Feeds.Markup;

namespace Notifier.Feeds;

/// <summary>A fetched document before anyone knows what it is: its text, and its elements if it is markup. Its memory is lent: it lasts as long as the parsing of it.</summary>
public sealed class FeedDocument : IDisposable
{
    private readonly ArraySegment<char> characters;
    private string? text;
    private bool isDisposed;

    internal FeedDocument(ArraySegment<char> characters, Uri url, int maxEntries)
    {
        this.characters = characters;
        MaxEntries = maxEntries;
        Url = url;
        IsJson = Characters.TrimStart().StartsWith("{");
        Markup = IsJson ? null : MarkupReader.Read(characters);
    }

    /// <summary>A copy, made when it is first asked for.</summary>
    public string Text => text ??= Characters.ToString();

    /// <summary>Where it was found: the base of its relative addresses.</summary>
    public Uri Url { get; }

    /// <summary>How many entries are wanted of it, the newest first of all.</summary>
    public int MaxEntries { get; }

    /// <summary>It begins like a JSON object.</summary>
    public bool IsJson { get; }

    internal ReadOnlySpan<char> Characters
    {
        get
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return characters;
        }
    }

    internal MarkupDocument? Markup { get; }

    internal MarkupElement? Root => Markup?.Root;

    /// <summary>Gives the elements' memory back; that of the text is whose it was.</summary>
    public void Dispose()
    {
        isDisposed = true;
        Markup?.Dispose();
    }
}
