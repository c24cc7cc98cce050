using Notifier.Feeds;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Subscriptions;

/// <summary>Subscribes a chat to every feed of an OPML list. What it has already is left as it is, so an import may be repeated.</summary>
public sealed class FeedImport(Storage storage, Poller poller, TimeProvider time)
{
    /// <summary>Outlines that one closure of the writer takes.</summary>
    private const int Share = 200;

    /// <returns>How many were added and were there already, and what could not be taken, each with the reason.</returns>
    public async Task<ImportReport> ImportAsync(IReadOnlyList<OpmlOutline> outlines, ChatAddress where, string by, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var feeds = new List<(Uri Url, string? Title)>(outlines.Count);
        var refused = new List<string>();
        foreach (var outline in outlines)
        {
            if (!FeedUrl.TryParse(outline.XmlUrl, out var url, out var error))
                refused.Add($"{outline.XmlUrl}: {error}");
            else if (url.Credentials is not null)
                refused.Add($"{FeedUrl.Display(url.Url)}: the address holds a name and password; leave them out.");
            else
                feeds.Add((url.Url, outline.Title));
        }

        var added = 0;
        foreach (var share in feeds.Chunk(Share))
            added += await storage.Writer.RunAsync(db => Add(db, where, share, by, now), ct);
        poller.Wake();
        return new ImportReport(added, feeds.Count - added, refused);
    }

    private static int Add(NotifierDb db, ChatAddress where, IReadOnlyList<(Uri Url, string? Title)> share, string by, DateTimeOffset now)
    {
        var chat = db.FindOrAddChat(where, now);
        return share.Count(feed => Subscribing.Add(db, chat, Subscribing.FindOrAddFeed(db, feed.Url, feed.Title, now), by, now) is not null);
    }
}

/// <summary>What an import came to.</summary>
public sealed record ImportReport(int Added, int Known, IReadOnlyList<string> Refused);
