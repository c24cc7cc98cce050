using Notifier.Feeds;
using Notifier.Polling;
using Notifier.Polling.Identity;

namespace Notifier.Tests.Polling.Identity;

/// <summary>A feed as its polls see it: one document after the other, each compared with the memory that the last one left.</summary>
internal sealed class Publisher
{
    public DateTimeOffset Time { get; set; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public SeenEntries? Memory { get; set; }

    public LastLook Last { get; set; } = new(null, null);

    public Diff Poll(params ParsedEntry[] entries)
    {
        var diff = EntryDiff.Compare(new ParsedFeed { Family = FeedFamily.Rss, Entries = entries }, Memory, Time, Last);
        Last = new LastLook(Time, diff.NewestEntry);
        Memory = SeenEntries.Unpack(Fingerprints.Version, diff.Memory);
        Time += TimeSpan.FromMinutes(15);
        return diff;
    }

    /// <summary>The titles of what is new, in the order in which it would be said.</summary>
    public List<string?> New(params ParsedEntry[] entries) => [.. Poll(entries).New.Select(e => e.Entry.Title)];
}
