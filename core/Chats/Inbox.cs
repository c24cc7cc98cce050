using Microsoft.EntityFrameworkCore;
using Notifier.Model;

namespace Notifier.Chats;

/// <summary>
/// What platforms sent and nobody has acted on yet. An update is on disk before the platform is told that it arrived, and each is handed out
/// once, however often it is sent; what a crash left is handed out at the next start. Ids are remembered for 48 hours.
/// </summary>
public sealed class Inbox(Storage storage, TimeProvider time)
{
    /// <summary>Stores what came, in this order; completes once it is on disk.</summary>
    /// <returns>Those that are new.</returns>
    public Task<IReadOnlyList<IncomingUpdate>> StoreAsync(string platform, IReadOnlyList<(string Id, byte[] Body)> updates, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return storage.Writer.RunAsync<IReadOnlyList<IncomingUpdate>>(
            db => [.. updates.Select(update => Add(db, platform, update, now)).OfType<IncomingUpdate>()],
            ct);
    }

    /// <summary>What was stored and is not done, oldest first.</summary>
    public async Task<IReadOnlyList<IncomingUpdate>> PendingAsync(string platform, CancellationToken ct)
    {
        await using var db = storage.Read();
        return await db.IncomingUpdates.AsNoTracking().Where(u => u.Platform == platform && u.HandledAt == null).OrderBy(u => u.Id).ToListAsync(ct);
    }

    /// <summary>It was acted on, or is nothing to act on: its text is forgotten, its id is not.</summary>
    public Task HandledAsync(IncomingUpdate update, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return storage.Writer.RunAsync(
            db => db.Connection().Execute("UPDATE IncomingUpdates SET HandledAt=$now, Body=x'' WHERE Id=$id", ("$now", now.UtcTicks), ("$id", update.Id)),
            ct);
    }

    private static IncomingUpdate? Add(NotifierDb db, string platform, (string Id, byte[] Body) update, DateTimeOffset now)
    {
        var id = db.Connection().Scalar<long>(
            "INSERT INTO IncomingUpdates (Platform, UpdateId, Body, ReceivedAt) VALUES ($platform, $update, $body, $now) ON CONFLICT DO NOTHING RETURNING Id",
            ("$platform", platform),
            ("$update", update.Id),
            ("$body", update.Body),
            ("$now", now.UtcTicks));
        return id == 0 ? null : new IncomingUpdate { Id = id, Platform = platform, UpdateId = update.Id, Body = update.Body, ReceivedAt = now };
    }
}
