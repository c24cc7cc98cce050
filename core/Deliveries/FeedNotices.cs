using Microsoft.EntityFrameworkCore;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>
/// What Notifier tells by itself about feeds, in each chat that wants one: that it fails, works again, has moved, has ended. Each is told once for its
/// occasion, in the chat's language; who paused the feed or the chat asked for silence and is told only what ends. Called inside the transaction that makes it so.
/// </summary>
public sealed class FeedNotices(Catalogue texts)
{
    private static readonly TimeSpan Choosable = TimeSpan.FromDays(7);

    /// <summary>What is held waits for its decision however long that takes; the buttons go when a subscription of the chat is swept.</summary>
    private static readonly TimeSpan Decidable = TimeSpan.FromDays(365);

    /// <summary>As long as a subscription that ended is kept.</summary>
    private static readonly TimeSpan Undoable = TimeSpan.FromHours(24);

    private const string Wanting =
        """
        SELECT s.ChatId, s.Number, c.Platform, c.Address, c.Thread, c.Language, c.Zone FROM Subscriptions s JOIN Chats c ON c.Id=s.ChatId
        WHERE s.FeedId=$feed AND s.EndedAt IS NULL AND s.PausedSince IS NULL AND c.PausedSince IS NULL AND c.GoneSince IS NULL ORDER BY s.Id
        """;

    /// <summary>It has not worked for a day.</summary>
    /// <returns>How many chats are told; as of the others.</returns>
    internal int Failing(NotifierDb db, long feedId, Phrase reason, DateTimeOffset since, DateTimeOffset now)
    {
        var title = Title(db, feedId);
        return Listeners(db, feedId).Count(listener =>
        {
            using var spoken = texts.In(listener.Language);
            return Tell(
                db,
                listener,
                $"failing:{feedId}:{since.UtcTicks}",
                texts.Say("notice.failing", ("feed", title), ("since", RelativeTime.Of(texts, now, since, Zones.Named(listener.Zone))), ("reason", CleanText.Line(texts.Say(reason)))),
                now,
                new MessageAction(texts.Say("notice.failing.retry"), $"/check {listener.Number}") { Lifetime = Choosable },
                new MessageAction(texts.Say("notice.failing.pause"), $"/pause {listener.Number}") { Lifetime = Choosable });
        });
    }

    /// <summary>What was told to fail works again.</summary>
    internal int Recovered(NotifierDb db, long feedId, DateTimeOffset since, DateTimeOffset now) =>
        TellAll(db, Listeners(db, feedId), $"recovered:{feedId}:{since.UtcTicks}", "notice.recovered", now, ("feed", Title(db, feedId)));

    /// <summary>It has another address from now on.</summary>
    /// <param name="listeners">Who wanted it before (<see cref="Listeners"/>).</param>
    /// <param name="address">For people.</param>
    internal int HasMoved(NotifierDb db, IReadOnlyList<FeedListener> listeners, long feedId, string address, DateTimeOffset now) =>
        TellAll(db, listeners, $"feedmoved:{feedId}:{now.UtcTicks}", "notice.feedmoved", now, ("feed", Title(db, feedId)), ("url", address));

    /// <summary>Entries are held back, since nearly all of the feed looked new at once: each chat is asked what shall become of its own, unless it has been asked already.</summary>
    internal int Holds(NotifierDb db, long feedId, DateTimeOffset now) => Listeners(db, feedId).Count(listener => Holds(db, feedId, listener, now));

    /// <summary>The same in one chat, for all of its feeds: to be called when something goes on there, since nobody is asked during a pause.</summary>
    internal int HoldsIn(NotifierDb db, long chatId, DateTimeOffset now)
    {
        var feeds = db.Deliveries.Where(d => d.ChatId == chatId && d.EndedAt == null && d.State == DeliveryState.Held).Select(d => d.FeedId).Distinct().ToList();
        return feeds.Sum(feed => Listeners(db, feed).Count(listener => listener.ChatId == chatId && Holds(db, feed, listener, now)));
    }

    /// <summary>Between two polls more was published than the document lists. Told once in a while, not each time: as long as what was told is kept.</summary>
    internal int MayHaveMissed(NotifierDb db, long feedId, DateTimeOffset now) =>
        TellAll(db, Listeners(db, feedId), $"gap:{feedId}", "notice.gap", now, ("feed", Title(db, feedId)));

    /// <summary>The publisher took it away for good, and so this chat's subscription has ended.</summary>
    /// <param name="auditLine">What Undo takes back.</param>
    internal bool HasGone(NotifierDb db, Chat chat, long feedId, long auditLine, DateTimeOffset now) =>
        HasEnded(db, chat, feedId, "notice.feedgone", auditLine, now);

    /// <summary>The operator took it away, and so this chat's subscription has ended.</summary>
    internal bool WasRemoved(NotifierDb db, Chat chat, long feedId, long auditLine, DateTimeOffset now) =>
        HasEnded(db, chat, feedId, "notice.feedremoved", auditLine, now);

    /// <summary>The chats that are told what becomes of a feed.</summary>
    internal static IReadOnlyList<FeedListener> Listeners(NotifierDb db, long feedId) => db.Connection().Query(
        Wanting,
        reader => new FeedListener(reader.GetInt64(0), reader.GetInt32(1), new ChatAddress(reader.GetString(2), reader.GetString(3), reader.GetString(4)), reader.GetString(5), reader.GetString(6)),
        ("$feed", feedId));

    private int TellAll(NotifierDb db, IReadOnlyList<FeedListener> listeners, string occasion, string key, DateTimeOffset now, params (string, object)[] values) => listeners.Count(listener =>
    {
        using var spoken = texts.In(listener.Language);
        return Tell(db, listener, occasion, texts.Say(key, values), now);
    });

    private bool HasEnded(NotifierDb db, Chat chat, long feedId, string key, long auditLine, DateTimeOffset now)
    {
        using var spoken = texts.In(chat.Language);
        return Tell(
            db,
            new FeedListener(chat.Id, 0, chat.Where, chat.Language, chat.Zone),
            $"ended:{feedId}:{auditLine}",
            texts.Say(key, ("feed", Title(db, feedId))),
            now,
            new MessageAction(texts.Say("undo.choice"), $"/undo {auditLine}") { Lifetime = Undoable });
    }

    private bool Holds(NotifierDb db, long feedId, FeedListener listener, DateTimeOffset now)
    {
        using var spoken = texts.In(listener.Language);
        var count = db.Deliveries.Count(d => d.ChatId == listener.ChatId && d.FeedId == feedId && d.EndedAt == null && d.State == DeliveryState.Held);
        return count > 0 && !IsAsked(db, feedId, listener) && Tell(
            db,
            listener,
            $"held:{feedId}:{now.UtcTicks}",
            texts.Say("notice.held", ("feed", Title(db, feedId)), ("count", count)),
            now,
            new MessageAction(texts.Say("held.choice.send", ("count", count)), $"/held {listener.Number} send") { Lifetime = Decidable },
            new MessageAction(texts.Say("held.choice.seen"), $"/held {listener.Number} seen") { Lifetime = Decidable });
    }

    /// <summary>It was asked, and nobody has decided since.</summary>
    private static bool IsAsked(NotifierDb db, long feedId, FeedListener listener) => db.Connection().Scalar<long>(
        """
        SELECT COUNT(*) FROM Subscriptions s JOIN Deliveries n ON n.ChatId=s.ChatId AND n.Key>='held:' || $feed || ':' AND n.Key<'held:' || $feed || ';'
        WHERE s.ChatId=$chat AND s.FeedId=$feed AND n.CreatedAt>s.Since AND NOT EXISTS (
          SELECT 1 FROM AuditLines a WHERE a.ChatId=s.ChatId AND a.Command='held' AND a.Subject='subscription:' || s.Id AND a.UndoneAt IS NULL AND a.At>=n.CreatedAt)
        """,
        ("$chat", listener.ChatId),
        ("$feed", feedId)) > 0;

    /// <summary>Feeds say their titles themselves: one line, whatever it holds.</summary>
    private static string Title(NotifierDb db, long feedId) => CleanText.Line(Composer.FeedTitle(db.Feeds.AsNoTracking().Single(f => f.Id == feedId)));

    private static bool Tell(NotifierDb db, FeedListener listener, string occasion, string text, DateTimeOffset now, params ReadOnlySpan<MessageAction> actions)
    {
        var tokens = new List<string>();
        foreach (var _ in actions)
            tokens.Add(OfferedAction.NewToken());
        if (!Notices.Tell(db, listener.ChatId, occasion, text, now, NoticeAction.Write([.. actions.ToArray().Zip(tokens, (action, token) => new NoticeAction(action.Label, action.CommandLine, token))])))
            return false;
        for (var i = 0; i < actions.Length; i++)
        {
            db.Connection().Execute(
                "INSERT INTO OfferedActions (Token, Chat, Person, CommandLine, Until) VALUES ($token, $chat, '', $line, $until)",
                ("$token", tokens[i]),
                ("$chat", listener.Where.ToString()),
                ("$line", actions[i].CommandLine),
                ("$until", (now + actions[i].Lifetime).UtcTicks));
        }

        return true;
    }
}

/// <summary>A chat that is told what becomes of a feed, the number by which it names it, and how it is told.</summary>
internal sealed record FeedListener(long ChatId, int Number, ChatAddress Where, string Language, string Zone);
