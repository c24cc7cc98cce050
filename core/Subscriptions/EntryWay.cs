using Microsoft.EntityFrameworkCore;
using Notifier.Deliveries;
using Notifier.Model;

namespace Notifier.Subscriptions;

/// <summary>An entry's way into one chat as it is stored: nothing of it is any other chat's.</summary>
internal sealed class EntryWay
{
    private readonly NotifierDb _db;

    public EntryWay(NotifierDb db, Chat chat, long entryId)
    {
        _db = db;
        Chat = chat;
        Entry = db.Entries.AsNoTracking().Single(e => e.Id == entryId);
        Feed = db.Feeds.AsNoTracking().Single(f => f.Id == Entry.FeedId);
        Subscription = db.Subscriptions.AsNoTracking().SingleOrDefault(s => s.ChatId == chat.Id && s.FeedId == Entry.FeedId);
        var key = $"e:{entryId}";
        Delivery = db.Deliveries.AsNoTracking().SingleOrDefault(d => d.ChatId == chat.Id && d.Key == key);
        Sending = Delivery?.SendingId is { } sending ? db.Sendings.AsNoTracking().SingleOrDefault(s => s.Id == sending) : null;
    }

    public Chat Chat { get; }

    public Entry Entry { get; }

    public Feed Feed { get; }

    /// <summary>Also one that ended, as long as that can be taken back; null for none.</summary>
    public Subscription? Subscription { get; }

    /// <summary>What the chat is, or was, owed of it; null for nothing.</summary>
    public Delivery? Delivery { get; }

    /// <summary>The message that carries it; null before it is composed.</summary>
    public Sending? Sending { get; }

    /// <summary>How many other entries stand in the same message.</summary>
    public int Others() => Delivery is null ? 0 : _db.Deliveries.Count(d => d.SendingId == Delivery.SendingId && d.Id != Delivery.Id);

    /// <summary>The title of the entry of the same feed that has to go before it; null for none.</summary>
    public (string? Title, long Id)? Older()
    {
        var older = _db.Deliveries.AsNoTracking().Where(d => d.ChatId == Chat.Id && d.FeedId == Delivery!.FeedId && d.EndedAt == null && d.State != DeliveryState.Held && d.Id < Delivery.Id).OrderBy(d => d.Id).FirstOrDefault();
        return older is null ? null : (_db.Entries.Where(e => e.Id == older.EntryId).Select(e => e.Title).SingleOrDefault(), older.Id);
    }

    /// <summary>By which other entry the chat was told the story; null where that is not kept.</summary>
    public (string? Title, string Feed, DateTimeOffset? At)? Teller()
    {
        var teller = (
            from delivery in _db.Deliveries
            join entry in _db.Entries on delivery.EntryId equals entry.Id
            join feed in _db.Feeds on entry.FeedId equals feed.Id
            where delivery.Id == Delivery!.FoldedInto && delivery.ChatId == Chat.Id
            select new { entry.Title, Feed = feed, delivery.EndedAt }).FirstOrDefault();
        return teller is null ? null : (teller.Title, Composer.FeedTitle(teller.Feed), teller.EndedAt);
    }
}
