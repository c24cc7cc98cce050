using System.IO.Hashing;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>What Notifier tells by itself about chats (about feeds: <see cref="FeedNotices"/>). Notices are deliveries like entries, so that they survive a crash; each is owed once for its occasion, in the language of the chat that is told.</summary>
public sealed class Notices(Catalogue texts)
{
    private const int LongestTitle = 200;
    private const int LongestReason = 300;
    private const int LongestLink = 1000;

    /// <summary>The greeting, in a chat that Notifier has just been added to; never a second time.</summary>
    internal void Greet(NotifierDb db, Chat chat, DateTimeOffset now)
    {
        if (chat.Greeted)
            return;
        chat.Greeted = true;
        db.SaveChanges();
        using var spoken = texts.In(chat.Language);
        Tell(db, chat.Id, "greeting", texts.Say("start"), now);
    }

    /// <summary>The chat has another address: said there, so that nobody wonders.</summary>
    internal void Moved(NotifierDb db, ChatAddress from, ChatAddress to, DateTimeOffset now)
    {
        if (from.Id == to.Id)
            return;
        var chat = db.Chats.SingleOrDefault(c => c.Platform == to.Platform && c.Address == to.Id && c.Thread == "");
        var feeds = chat is null ? 0 : db.Subscriptions.Count(s => s.ChatId == chat.Id && s.EndedAt == null);
        if (feeds == 0)
            return;
        using var spoken = texts.In(chat!.Language);
        Tell(db, chat.Id, $"moved:{to}", texts.Say("notice.moved", ("count", feeds)), now);
    }

    /// <summary>
    /// Notifier may not post in the chat any more. The first time, whoever subscribed is told in private, where the platform has such a place;
    /// what is owed waits.
    /// </summary>
    internal void NoAccess(NotifierDb db, IChatPlatform platform, long chatId, string reason, DateTimeOffset now)
    {
        var isNew = db.Connection().Execute(
            "UPDATE Chats SET NoAccessSince=$now, NoAccessReason=$reason WHERE Id=$chat AND NoAccessSince IS NULL",
            ("$now", now.UtcTicks),
            ("$reason", reason),
            ("$chat", chatId)) > 0;
        if (isNew)
            TellSubscribers(db, platform, chatId, $"noaccess:{chatId}:{now.UtcTicks}", "notice.noaccess", reason, now);
    }

    /// <summary>The chat is no more: whoever subscribed is told in private. To be called before its subscriptions end.</summary>
    internal void Gone(NotifierDb db, IChatPlatform platform, long chatId, string reason, DateTimeOffset now) =>
        TellSubscribers(db, platform, chatId, $"gone:{chatId}:{now.UtcTicks}", "notice.gone", reason, now);

    /// <summary>
    /// An entry could be shown in a chat in no form: said there, once a day for a feed, with the link, so that nobody misses it. Of a notice that could not
    /// be shown nothing is said, since that might not be shown either.
    /// </summary>
    /// <param name="reason">The platform's, or what else was in the way.</param>
    internal void Quarantined(NotifierDb db, long deliveryId, string reason, DateTimeOffset now)
    {
        var lost = (
            from delivery in db.Deliveries
            join entry in db.Entries on delivery.EntryId equals entry.Id
            join feed in db.Feeds on delivery.FeedId equals feed.Id
            join chat in db.Chats on delivery.ChatId equals chat.Id
            where delivery.Id == deliveryId
            select new { delivery.ChatId, delivery.SubscriptionId, entry.Title, entry.Link, Feed = feed, chat.Language }).AsNoTracking().SingleOrDefault();
        if (lost is null)
            return;
        using var spoken = texts.In(lost.Language);
        var title = CleanText.Cut(CleanText.Line(lost.Title), LongestTitle);
        var text = texts.Say(
            "notice.quarantined",
            ("title", title.Length == 0 ? texts.Say("entry.untitled") : title),
            ("feed", CleanText.Line(Composer.FeedTitle(lost.Feed))),
            ("reason", Sentence(CleanText.Cut(CleanText.Line(texts.Say(new Phrase(reason))), LongestReason))));
        if (CleanText.Line(lost.Link) is { Length: > 0 and <= LongestLink } link)
            text = $"{text} {texts.Say("notice.quarantined.link", ("link", link))}";
        if (db.Subscriptions.Where(s => s.Id == lost.SubscriptionId && s.EndedAt == null).Select(s => (int?)s.Number).SingleOrDefault() is { } number)
            text = $"{text} {texts.Say("notice.quarantined.more", ("number", number))}";
        Tell(db, lost.ChatId, FormattableString.Invariant($"quarantined:{lost.Feed.Id}:{now.UtcDateTime:yyyy-MM-dd}"), text, now);
    }

    /// <summary>A subscription's template could not be used, so that its entries come as cards: said once for each text of the template.</summary>
    /// <param name="deliveryId">One that was told as a card.</param>
    internal void TemplateFailed(NotifierDb db, long deliveryId, Phrase reason, DateTimeOffset now)
    {
        var told = (
            from delivery in db.Deliveries
            join subscription in db.Subscriptions on delivery.SubscriptionId equals subscription.Id
            join feed in db.Feeds on delivery.FeedId equals feed.Id
            join chat in db.Chats on delivery.ChatId equals chat.Id
            where delivery.Id == deliveryId
            select new { delivery.ChatId, chat.Language, Subscription = subscription, Feed = feed }).AsNoTracking().SingleOrDefault();
        if (told is null)
            return;
        using var spoken = texts.In(told.Language);
        var print = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(told.Subscription.Template ?? ""));
        var text = texts.Say(
            "notice.template",
            ("feed", CleanText.Line(Composer.FeedTitle(told.Feed))),
            ("reason", Sentence(CleanText.Cut(CleanText.Line(texts.Say(reason)), LongestReason))),
            ("number", told.Subscription.Number));
        Tell(db, told.ChatId, FormattableString.Invariant($"template:{told.Subscription.Id}:{print:x}"), text, now);
    }

    /// <summary>Platforms give their reasons with a full stop or without.</summary>
    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' or '…' ? text : text + ".";

    private void TellSubscribers(NotifierDb db, IChatPlatform platform, long chatId, string occasion, string key, string reason, DateTimeOffset now)
    {
        // It may have become one with another chat meanwhile.
        if (db.Chats.SingleOrDefault(c => c.Id == chatId) is not { } chat)
            return;
        var people = db.Subscriptions.Where(s => s.ChatId == chatId && s.EndedAt == null && s.By != null).Select(s => s.By!).Distinct().ToList();
        foreach (var place in people.Select(platform.PrivateChat).OfType<ChatAddress>().Where(place => place != chat.Where))
        {
            var told = db.FindOrAddChat(place, now, chat.Language);
            using var spoken = texts.In(told.Language);
            Tell(db, told.Id, occasion, texts.Say(key, ("chat", chat.Title ?? chat.Where.ToString()), ("reason", CleanText.Line(texts.Say(new Phrase(reason))))), now);
        }
    }

    /// <summary>Owes the chat a notice, due now.</summary>
    /// <param name="key">The occasion.</param>
    /// <param name="actions">As <see cref="NoticeAction.Write"/> makes it.</param>
    /// <returns>False when it was told of the same occasion before.</returns>
    internal static bool Tell(NotifierDb db, long chatId, string key, string text, DateTimeOffset now, string? actions = null) => db.Connection().Execute(
        """
        INSERT INTO Deliveries (ChatId, FeedId, Key, Notice, NoticeActions, State, DueAt, Attempts, Fallback, CreatedAt)
        VALUES ($chat, 0, $key, $text, $actions, 'Waiting', $now, 0, 0, $now) ON CONFLICT DO NOTHING
        """,
        ("$chat", chatId),
        ("$key", key),
        ("$text", text),
        ("$actions", actions),
        ("$now", now.UtcTicks)) > 0;
}
