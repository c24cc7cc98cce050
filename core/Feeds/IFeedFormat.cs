namespace Notifier.Feeds;

/// <summary>A way of writing feeds. Implementations hold no state and may be used by several threads at once.</summary>
public interface IFeedFormat
{
    /// <summary>Whether the document claims to be of this format. Never throws.</summary>
    bool Recognises(FeedDocument document);

    /// <summary>Reads as much as can be read; null if the document turns out not to be a feed after all. Never throws.</summary>
    ParsedFeed? Parse(FeedDocument document);
}
