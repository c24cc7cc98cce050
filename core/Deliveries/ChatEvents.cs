using System.Linq.Expressions;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>What platforms tell of chats by themselves: Notifier was added, removed, allowed to post again; the chat moved.</summary>
public sealed class ChatEvents(Storage storage, Notices notices, Outbox outbox, Catalogue texts, TimeProvider time)
{
    /// <summary>Notifier was added to a chat: it greets there, once ever, and what waited for it goes on.</summary>
    /// <param name="space">The guild or group that it belongs to; empty where the platform has none.</param>
    /// <param name="language">As the platform names it, where it says so; a chat that is not known yet takes it over.</param>
    public Task JoinedAsync(ChatAddress where, string space, string? title, string? language, CancellationToken ct) => WriteAsync(
        (db, now) =>
        {
            var chat = db.FindOrAddChat(where, now, texts.Find(language)?.Code);
            chat.Space = space;
            chat.Title = title ?? chat.Title;
            (chat.NotBefore, chat.NoAccessSince, chat.NoAccessReason) = (null, null, null);
            db.SaveChanges();
            Try(db, "Platform=$platform AND Address=$of", where.Platform, where.Id);
            notices.Greet(db, chat, now);
        },
        ct);

    /// <summary>Notifier may perhaps post in the chat, and in its threads, again: what waits there is tried now. Only a message that arrives says for certain.</summary>
    public async Task AllowedAsync(ChatAddress where, CancellationToken ct)
    {
        if (await IsHeldAsync(c => c.Platform == where.Platform && c.Address == where.Id))
            await WriteAsync((db, _) => Try(db, "Platform=$platform AND Address=$of", where.Platform, where.Id), ct);
    }

    /// <summary>The same for every chat of a guild or group.</summary>
    public async Task AllowedInSpaceAsync(string platform, string space, CancellationToken ct)
    {
        if (await IsHeldAsync(c => c.Platform == platform && c.Space == space))
            await WriteAsync((db, _) => Try(db, "Platform=$platform AND Space=$of", platform, space), ct);
    }

    /// <summary>Notifier was removed from the chat: what is owed waits, and whoever subscribed is told.</summary>
    public Task RemovedAsync(IChatPlatform platform, ChatAddress where, string reason, CancellationToken ct) => WriteAsync(
        (db, now) => Hold(db, platform, [.. db.Chats.Where(c => c.Platform == where.Platform && c.Address == where.Id).Select(c => c.Id)], reason, now),
        ct);

    /// <summary>The same for every chat of a guild or group.</summary>
    public Task RemovedFromSpaceAsync(IChatPlatform platform, string space, string reason, CancellationToken ct) => WriteAsync(
        (db, now) => Hold(db, platform, [.. db.Chats.Where(c => c.Platform == platform.Name && c.Space == space).Select(c => c.Id)], reason, now),
        ct);

    /// <summary>The chat is no more: what is owed there is cancelled, its subscriptions end, and whoever subscribed is told.</summary>
    public Task GoneAsync(IChatPlatform platform, ChatAddress where, string reason, CancellationToken ct) => WriteAsync(
        (db, now) =>
        {
            foreach (var chat in db.Chats.Where(c => c.Platform == where.Platform && c.Address == where.Id && c.Thread == where.Thread && c.GoneSince == null).Select(c => c.Id).ToList())
            {
                notices.Gone(db, platform, chat, reason, now);
                ChatMoves.Gone(db.Connection(), chat, reason, now);
            }
        },
        ct);

    /// <summary>The chat has another address from now on.</summary>
    public Task MovedAsync(ChatAddress from, ChatAddress to, CancellationToken ct) => WriteAsync(
        (db, now) =>
        {
            ChatMoves.Move(db, from, to, now);
            notices.Moved(db, from, to, now);
        },
        ct);

    private static void Try(NotifierDb db, string which, string platform, string of) => db.Connection().Execute(
        $"UPDATE Chats SET NotBefore=NULL WHERE {which} AND NoAccessSince IS NOT NULL",
        ("$platform", platform),
        ("$of", of));

    /// <summary>Platforms tell of rights often, and seldom does anything wait for them: then nothing is written.</summary>
    private async Task<bool> IsHeldAsync(Expression<Func<Chat, bool>> which)
    {
        await using var db = storage.Read();
        return db.Chats.Where(c => c.NoAccessSince != null).Any(which);
    }

    private void Hold(NotifierDb db, IChatPlatform platform, List<long> chats, string reason, DateTimeOffset now)
    {
        foreach (var chat in chats)
        {
            DeliveryStore.HoldChat(db.Statements, chat, now + DeliveryPlan.NoAccessPause);
            notices.NoAccess(db, platform, chat, reason, now);
        }
    }

    private async Task WriteAsync(Action<NotifierDb, DateTimeOffset> effect, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await storage.Writer.RunAsync(db => effect(db, now), ct);
        outbox.Wake();
    }
}
