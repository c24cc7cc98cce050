namespace Notifier.Feeds.Formats;

/// <summary>How much of a long feed is read: its newest entries, whichever end it begins at.</summary>
internal static class EntryLimit
{
    /// <summary>
    /// As many as the document is read for, the newest, in document order. Where more than one in ten has no date, the first ones: newest first is the custom.
    /// </summary>
    public static List<T> Newest<T>(FeedDocument document, List<T> entries, Func<T, DateTimeOffset?> dateOf)
    {
        if (entries.Count <= document.MaxEntries) return entries;
        var dates = entries.ConvertAll(entry => dateOf(entry));
        if (dates.Count(date => date is null) > entries.Count / 10) return entries.GetRange(0, document.MaxEntries);

        // One without a date belongs where it stands: to the one before it. Among equals, the first.
        var last = dates.Find(date => date is not null);
        var newest = new PriorityQueue<int, (DateTimeOffset? Date, int Place)>(document.MaxEntries + 1);
        for (var i = 0; i < dates.Count; i++)
        {
            last = dates[i] ?? last;
            if (newest.Count < document.MaxEntries) newest.Enqueue(i, (last, -i));
            else newest.EnqueueDequeue(i, (last, -i));
        }

        return [.. newest.UnorderedItems.Select(item => item.Element).Order().Select(i => entries[i])];
    }
}
