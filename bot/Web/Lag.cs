using Microsoft.EntityFrameworkCore;
using Notifier.Model;

namespace Notifier.Bot.Web;

/// <summary>How far the pipeline is behind: since when the oldest due poll and the oldest due delivery wait. Null where nothing does.</summary>
public sealed record Lag(DateTimeOffset? Poll, DateTimeOffset? Delivery)
{
    private const int OldestLooked = 1000;

    /// <summary>
    /// Reads it by indexes alone. A delivery counts from when it may go: a chat that is asked to wait, and a platform that sends nothing, are no lag.
    /// </summary>
    /// <param name="platforms">The names of the platforms that send.</param>
    internal static async Task<Lag> ReadAsync(NotifierDb db, IReadOnlyCollection<string> platforms, DateTimeOffset now, CancellationToken ct)
    {
        var poll = await db.Feeds
            .Where(f => f.NextPoll <= now && f.PausedSince == null && f.State != FeedState.Gone)
            .OrderBy(f => f.NextPoll)
            .Select(f => f.NextPoll)
            .FirstOrDefaultAsync(ct);
        var oldest = await Due(db, platforms, now).OrderBy(due => due.DueAt).Take(OldestLooked).ToListAsync(ct);
        return new Lag(poll, oldest.Min(due => due.NotBefore > due.DueAt ? due.NotBefore : due.DueAt));
    }

    private static IQueryable<DueRow> Due(NotifierDb db, IReadOnlyCollection<string> platforms, DateTimeOffset now) =>
        from d in db.Deliveries
        join c in db.Chats on d.ChatId equals c.Id
        where d.EndedAt == null && d.DueAt <= now
            && platforms.Contains(c.Platform) && c.GoneSince == null && (c.NotBefore == null || c.NotBefore <= now)
            && !db.Deliveries.Any(o => o.ChatId == d.ChatId && o.FeedId == d.FeedId && o.Id < d.Id && o.EndedAt == null && o.State != DeliveryState.Held)
        select new DueRow { DueAt = d.DueAt, NotBefore = c.NotBefore };

    /// <summary>A delivery that may go now.</summary>
    private sealed class DueRow
    {
        public DateTimeOffset? DueAt { get; init; }

        public DateTimeOffset? NotBefore { get; init; }
    }
}
