using Notifier.Deliveries;
using Notifier.Filters;
using Notifier.Model;

namespace Notifier.Polling;

/// <summary>
/// Which subscriptions want an entry, and what they are owed for it; inside the writer's transaction. However many there are, each filter is asked once, each due time is
/// found once, and one statement owes an entry to all that wish the same. The filters' patterns have one budget for a batch.
/// </summary>
/// <param name="filters">Null where none is asked: then everything is wanted.</param>
internal sealed class Matching(Statements statements, FilterCache? filters)
{
    private const string Owed =
        """
        INSERT INTO Deliveries (ChatId, FeedId, SubscriptionId, EntryId, Key, State, DueAt, AskedFor, Attempts, Fallback, CreatedAt)
        SELECT s.ChatId, $feed, s.Id, $entry, 'e:' || $entry, $state, $due, $asked, 0, 0, $at
        FROM json_each($subscriptions) j CROSS JOIN Subscriptions s ON s.Id=j.value
        WHERE s.Since>$after AND s.Since<=$until
        """;

    private const string OwedAnew =
        """

        ON CONFLICT (ChatId, Key) DO UPDATE SET State=$state, SubscriptionId=excluded.SubscriptionId, DueAt=$due, AskedFor=$asked, FoldedInto=NULL, Reason=NULL, EndedAt=NULL
        WHERE State='Cancelled' OR ($asked AND (State IN ('Folded', 'Held') OR (State='Waiting' AND DueAt IS NULL)))
        """;

    private readonly FilterBudget? _budget = filters?.Budget();

    /// <summary>The subscriptions that get entries first seen at this time; for one that ended they are kept until it is swept, in case of Undo.</summary>
    public IReadOnlyList<Wish> Wishes(long feedId, DateTimeOffset at)
    {
        var runs = new Dictionary<string, FilterRun?>(StringComparer.Ordinal);

        // The zone matters only to a schedule and to quiet hours, and the subscription itself only to an H in its schedule.
        return statements.Query(
            """
            SELECT Filter, Paused, Cron, Seed, Zone, QuietFrom, QuietUntil, json_group_array(Id ORDER BY Id)
            FROM (
              SELECT s.Id, s.Filter, s.PausedSince IS NOT NULL OR c.PausedSince IS NOT NULL OR s.EndedAt IS NOT NULL AS Paused, s.Cron,
                CASE WHEN s.Cron LIKE '%H%' THEN s.Id ELSE 0 END AS Seed, CASE WHEN s.Cron IS NULL AND c.QuietFrom IS NULL THEN '' ELSE c.Zone END AS Zone, c.QuietFrom, c.QuietUntil
              FROM Subscriptions s JOIN Chats c ON c.Id=s.ChatId WHERE s.FeedId=$feed AND s.Since<=$at AND c.GoneSince IS NULL)
            GROUP BY Filter, Paused, Cron, Seed, Zone, QuietFrom, QuietUntil ORDER BY MIN(Id)
            """,
            reader => new Wish(
                reader.Text(0) is { } filter ? Begin(filter) : null,
                DeliveryTimes.Of(
                    reader.GetBoolean(1),
                    reader.Text(2),
                    reader.GetInt64(3),
                    reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetInt32(5),
                    reader.IsDBNull(6) ? null : reader.GetInt32(6)).FirstDue(at),
                reader.GetString(7)),
            ("$feed", feedId),
            ("$at", at.UtcTicks));

        FilterRun? Begin(string filter)
        {
            if (!runs.TryGetValue(filter, out var run) && _budget is not null)
                runs.Add(filter, run = filters?.Begin(filter, _budget));
            return run;
        }
    }

    /// <summary>Owes a new entry to whoever wants it; returns how many deliveries that made.</summary>
    /// <param name="isPart">Its words are not all that it says (<see cref="Identity.DiffEntry.IsPageUnread"/>).</param>
    public int Owe(Entry entry, bool isPart, IReadOnlyList<Wish> wishes, DateTimeOffset at)
    {
        var answers = new Answers(entry, isPart);
        return wishes.Where(answers.Wants).Sum(wish => Run(Owed + OwedAnew, wish, entry, at));
    }

    /// <summary>The same, but somebody has to decide first whether it is sent.</summary>
    public void Hold(Entry entry, bool isPart, IReadOnlyList<Wish> wishes, DateTimeOffset at)
    {
        var answers = new Answers(entry, isPart);
        foreach (var wish in wishes.Where(answers.Wants))
            Run(Owed + OwedAnew, wish with { Due = null }, entry, at, DeliveryState.Held);
    }

    /// <summary>Owes a subscription an entry that somebody asked for: it goes although the chat has heard its story, and neither a schedule nor a pause keeps it back.</summary>
    public int OweAsked(Entry entry, Subscription subscription, DateTimeOffset at) =>
        Run(Owed + OwedAnew, new Wish(null, at, FormattableString.Invariant($"[{subscription.Id}]")), entry, at, asked: true);

    /// <summary>Owes an edited entry to those of these to whom it was never owed before.</summary>
    public int OweOnce(Entry entry, IReadOnlyList<Wish> wishes, DateTimeOffset at) =>
        wishes.Sum(wish => Run(Owed + " AND NOT EXISTS (SELECT 1 FROM Deliveries o WHERE o.ChatId=s.ChatId AND o.Key='e:' || $entry)", wish, entry, at));

    /// <summary>
    /// Whose filter wants an edited entry that was never stored: whether it matched before they began nobody knows, unless its date is later. But what is not
    /// stored any more may have been told: to subscriptions older than that.
    /// </summary>
    public List<Wish> WantingLate(Entry entry, IReadOnlyList<Wish> wishes, DateTimeOffset at)
    {
        if (entry.Date is not { } dated)
            return [];
        var answers = new Answers(entry);
        return [.. wishes.Where(wish => wish.Filter is not null).Select(wish => wish with { After = at - Entry.Kept, Until = dated }).Where(wish => IsAny(wish) && answers.Wants(wish))];
    }

    /// <summary>
    /// Whose filter wants an entry as it is now, but did not want it as it was stored. Where that is not known: those that would have got it, had it been
    /// wanted; for others it is from before their time.
    /// </summary>
    public static List<Wish> WantingNow(Entry entry, bool isPart, Entry stored, IReadOnlyList<Wish> wishes)
    {
        var (now, before) = (new Answers(entry, isPart), new Answers(stored));
        var wanting = new List<Wish>();
        foreach (var wish in wishes.Where(wish => wish.Filter is not null && now.Wants(wish)))
        {
            if (before.Of(wish.Filter!) is var wanted && wanted is not true)
                wanting.Add(wanted is null ? wish with { Until = stored.FirstSeen } : wish);
        }

        return wanting;
    }

    private bool IsAny(Wish wish) => statements.Scalar<long>(
        "SELECT EXISTS (SELECT 1 FROM json_each($subscriptions) j CROSS JOIN Subscriptions s ON s.Id=j.value WHERE s.Since>$after AND s.Since<=$until)",
        ("$subscriptions", wish.Subscriptions),
        ("$after", wish.After.UtcTicks),
        ("$until", wish.Until.UtcTicks)) > 0;

    private int Run(string sql, Wish wish, Entry entry, DateTimeOffset at, DeliveryState state = DeliveryState.Waiting, bool asked = false) => statements.Execute(
        sql,
        ("$subscriptions", wish.Subscriptions),
        ("$after", wish.After.UtcTicks),
        ("$until", wish.Until.UtcTicks),
        ("$feed", entry.FeedId),
        ("$entry", entry.Id),
        ("$state", state.ToString()),
        ("$due", wish.Due?.UtcTicks),
        ("$asked", asked ? 1 : 0),
        ("$at", at.UtcTicks));

    /// <summary>What filters say of one entry, each asked once.</summary>
    private sealed class Answers(Entry entry, bool isPart = false)
    {
        private readonly Dictionary<FilterRun, bool?> _given = [];
        private FilterSubject? _subject;

        /// <summary>In doubt an entry comes.</summary>
        public bool Wants(Wish wish) => wish.Filter is not { } filter || Of(filter) is not false;

        /// <summary>Null where that is not known.</summary>
        public bool? Of(FilterRun filter)
        {
            if (!_given.TryGetValue(filter, out var wants))
                _given.Add(filter, wants = filter.Wants(_subject ??= FeedEntries.SubjectOf(entry, isPart)));
            return wants;
        }
    }
}
