using Microsoft.EntityFrameworkCore;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Deliveries;

/// <summary>Makes the message that a delivery, or a burst of them, becomes: after the outbox, so that a fix reaches what waits.</summary>
public sealed class Composer(Storage storage, EntryFormatter formatter, ListMessages listMessages)
{
    /// <summary>The message, and which of the deliveries it carries: always the first, never none.</summary>
    internal async Task<(Message Message, IReadOnlyList<long> Deliveries)> ComposeAsync(IReadOnlyList<long> deliveries, CancellationToken ct)
    {
        await using var db = storage.Read();
        var ids = deliveries.ToHashSet();
        var rows = await db.Deliveries.AsNoTracking().Where(d => ids.Contains(d.Id)).OrderBy(d => d.Id).ToListAsync(ct);
        if (rows is [{ Notice: { } notice, NoticeActions: var actions }, ..])
            return (Message.Of(notice.Split('\n')) with { Actions = NoticeAction.Read(actions) }, [rows[0].Id]);

        var entryIds = rows.Select(r => r.EntryId).ToHashSet();
        var entries = await db.Entries.AsNoTracking().Where(e => entryIds.Contains(e.Id)).ToDictionaryAsync(e => e.Id, ct);
        var feed = await db.Feeds.AsNoTracking().SingleAsync(f => f.Id == rows[0].FeedId, ct);
        var alsoIn = await AlsoInAsync(db, rows[0].ChatId, feed.Id, ids, entries.Values, ct);
        if (rows.Count == 1)
            return (new Message { Card = Card(entries[rows[0].EntryId!.Value], feed, alsoIn[StoryOf(entries[rows[0].EntryId!.Value])]) }, deliveries);

        // Parts of a burst are counted by entries (DeliveryPlan.Take), so that each part is a list; a part is one message.
        var listed = rows.Select(row => entries[row.EntryId!.Value]).Select(e => new ListedEntry(e.Title, e.Link, [.. alsoIn[StoryOf(e)]]));
        return (listMessages.Of(FeedTitle(feed), [.. listed], rows.Count, int.MaxValue)[0], deliveries);
    }

    /// <summary>The entry as every platform shows it.</summary>
    /// <param name="alsoIn">Titles of other feeds that tell its story.</param>
    public EntryCard Card(Entry entry, Feed feed, IEnumerable<string>? alsoIn = null) => formatter.Card(new EntryContent
    {
        Feed = FeedTitle(feed),
        Title = entry.Title,
        Link = entry.Link,
        Summary = entry.Summary,
        Content = entry.Content,
        Base = entry.Base ?? entry.Link ?? feed.Site ?? feed.Url,
        Author = entry.Author,
        Published = entry.Date,
        Categories = entry.Categories,
        Image = entry.Image,
        AlsoIn = [.. alsoIn ?? []],
    });

    private static long StoryOf(Entry entry) => entry.StoryId ?? entry.Id;

    /// <summary>Which other feeds wait to tell the chat the stories of these entries, and will not, once these are told; or did not, since they were.</summary>
    private static async Task<ILookup<long, string>> AlsoInAsync(NotifierDb db, long chatId, long feedId, HashSet<long> ids, IEnumerable<Entry> told, CancellationToken ct)
    {
        var stories = told.Select(StoryOf).ToHashSet();
        var others =
            from entry in db.Entries
            where stories.Contains(entry.Id) || (entry.StoryId != null && stories.Contains(entry.StoryId.Value))
            join delivery in db.Deliveries on entry.Id equals delivery.EntryId
            join feed in db.Feeds on delivery.FeedId equals feed.Id
            join chat in db.Chats on delivery.ChatId equals chat.Id
            where delivery.ChatId == chatId && delivery.FeedId != feedId
                && ((delivery.State == DeliveryState.Waiting && delivery.DueAt != null && !delivery.AskedFor && !chat.StoriesApart) || (delivery.FoldedInto != null && ids.Contains(delivery.FoldedInto.Value)))
            orderby delivery.Id
            select new { Story = entry.StoryId ?? entry.Id, feed };
        return (await others.AsNoTracking().ToListAsync(ct)).DistinctBy(other => (other.Story, other.feed.Id)).ToLookup(other => other.Story, other => FeedTitle(other.feed));
    }

    /// <summary>A feed's title, or for one without the host that it comes from.</summary>
    public static string FeedTitle(Feed feed) => string.IsNullOrWhiteSpace(feed.Title) ? new Uri(feed.Url).Host : feed.Title;
}
