using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Stories;
using Notifier.Polling.Identity;

namespace Notifier.Polling;

/// <summary>
/// The rows that one changed poll writes: the feed, its memory, its new and edited entries, and what each of them owes to whom.
/// Statements are prepared once for a batch, and the filters' patterns have one budget for it.
/// </summary>
/// <param name="filters">Null where none is asked: then everything is wanted.</param>
internal sealed class PollRows(SqliteConnection connection, FilterCache? filters) : IDisposable
{
    /// <summary>A delivery whose message is on its way, or was sent not long ago.</summary>
    private const string IsChangeable = "d.SendingId IS NOT NULL AND (d.State='Sending' OR (d.State='Unknown' AND d.EndedAt IS NULL) OR (d.State='Sent' AND d.EndedAt>=$recent))";

    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private readonly FilterBudget? _budget = filters?.Budget();
    private readonly StoryRows _stories = new(connection, Fingerprints.LinkPrint);
    private readonly List<Entry> _added = [];
    private readonly List<long> _edited = [];

    /// <summary>How many messages that were sent are to be changed or deleted by what was recorded.</summary>
    public int Changes { get; private set; }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _stories.Dispose();
    }

    /// <summary>False when the claim is no longer the feed's last; then nothing of the poll may be recorded.</summary>
    public bool Changed(PollOutcome.Changed poll) => Run(
        """
        UPDATE Feeds SET NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $next ELSE NextPoll END, ClaimEnds=NULL,
          LastPoll=$at, LastFullPoll=$at, LastSuccess=$at, State='Active', FailuresInARow=0, FirstFailure=NULL, LastError=NULL,
          Title=COALESCE($title, Title), Site=COALESCE($site, Site), ETag=$etag, LastModified=$modified, BodyHash=$hash,
          Hub=$hub, Topic=$topic, MinutesToLive=$ttl, SkipHours=$hours, SkipDays=$days, NewestEntry=$newest
        WHERE Id=$id AND Claim=$claim
        """,
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$next", poll.NextPoll?.UtcTicks),
        ("$at", poll.At.UtcTicks),
        ("$title", NullIfEmpty(poll.Document.Title)),
        ("$site", poll.Document.Link),
        // By what it is asked for again: after one that broke off, the whole.
        ("$etag", poll.Document.IsCut ? null : poll.Fetched.ETag),
        ("$modified", poll.Document.IsCut ? null : poll.Fetched.LastModified),
        ("$hash", poll.Document.IsCut ? null : (long)poll.Fetched.BodyHash),
        ("$hub", poll.Document.Hub),
        ("$topic", poll.Document.Self),
        ("$newest", poll.Diff.NewestEntry?.UtcTicks),
        ("$ttl", PollHints.MinutesOf(poll.Document)),
        ("$hours", PollHints.HoursOf(poll.Document)),
        ("$days", PollHints.DaysOf(poll.Document))) > 0;

    public bool Failed(PollOutcome.Failed poll) => Run(
        """
        UPDATE Feeds SET NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $next ELSE NextPoll END, ClaimEnds=NULL, LastPoll=$at,
          State = CASE WHEN $counts OR FirstFailure<=$long THEN 'Broken' ELSE State END,
          FailuresInARow = FailuresInARow + $counts,
          FirstFailure = COALESCE(FirstFailure, $at),
          LastError=$reason
        WHERE Id=$id AND Claim=$claim
        """,
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$next", poll.NextPoll?.UtcTicks),
        ("$at", poll.At.UtcTicks),
        ("$counts", poll.Counts ? 1 : 0),
        ("$long", (poll.At - FeedLife.Patience).UtcTicks),
        ("$reason", poll.Reason)) > 0;

    public bool Gone(PollOutcome.Gone poll) => Run(
        "UPDATE Feeds SET NextPoll=NULL, ClaimEnds=NULL, LastPoll=$at, State='Gone', LastError='The publisher has taken it away for good (410).' WHERE Id=$id AND Claim=$claim",
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$at", poll.At.UtcTicks)) > 0;

    /// <summary>Saves the memory, the entries and what is owed; returns how many deliveries that made, those that are held back left out.</summary>
    public int Remember(long feedId, Diff diff, DateTimeOffset at)
    {
        SaveMemory(feedId, diff);
        if (diff is { New.Count: 0, Held.Count: 0, Edited.Count: 0 })
            return 0;
        var wishes = Wishes(feedId, at);
        var owed = 0;
        foreach (var edited in diff.Edited)
            owed += Edit(FeedEntries.Of(edited.Entry, edited.Key, feedId, at), wishes, at);
        foreach (var fresh in diff.New)
        {
            var entry = FeedEntries.Of(fresh.Entry, fresh.Key, feedId, at);
            var id = Insert(entry);
            foreach (var wish in Wanting(entry, wishes))
                owed += Owe(wish, feedId, id, at);
        }

        foreach (var held in diff.Held)
        {
            var entry = FeedEntries.Of(held.Entry, held.Key, feedId, at);
            var id = Insert(entry);
            foreach (var wish in Wanting(entry, wishes))
                Owe(wish with { Due = null }, feedId, id, at, DeliveryState.Held);
        }

        FindStories(at, diff.Memory);
        return owed;
    }

    /// <summary>Notes which messages are to be deleted since their publisher has withdrawn the entry, or are not any more since it is listed again: where a subscription asks for that.</summary>
    public void Withdraw(PollOutcome.Changed poll)
    {
        if (Prepare("SELECT 1 FROM Subscriptions WHERE FeedId=$feed AND DeletesWithdrawn LIMIT 1", ("$feed", poll.Feed.Id)).ExecuteScalar() is not null)
            Changes += Withdrawals.Note(connection, poll);
    }

    public void SaveMemory(long feedId, Diff diff) => Run(
        "INSERT INTO FeedMemories (FeedId, Version, Packed) VALUES ($id, $version, $packed) " +
        "ON CONFLICT (FeedId) DO UPDATE SET Version=excluded.Version, Packed=excluded.Packed",
        ("$id", feedId),
        ("$version", Fingerprints.Version),
        ("$packed", diff.Memory));

    /// <summary>Owes a subscription entries that it would not get by itself: those that were there before it. What it had already is not owed again.</summary>
    public int Backfill(Subscription subscription, IReadOnlyList<ParsedEntry> entries, DateTimeOffset at)
    {
        var owed = 0;
        foreach (var listed in EntryDiff.Listed(entries))
        {
            var entry = FeedEntries.Of(listed.Entry, listed.Key, subscription.FeedId, at);
            var known = Prepare(
                "SELECT MAX(Id) FROM Entries WHERE FeedId=$feed AND IdPrint=$print",
                ("$feed", entry.FeedId),
                ("$print", entry.IdPrint)).ExecuteScalar();

            // Asked for by somebody who waits for it: neither a schedule nor a pause keeps it back.
            var wish = new Wish(subscription.Id, subscription.ChatId, at, null, subscription.Since);
            owed += Owe(wish, entry.FeedId, known as long? ?? Insert(entry), at, asked: true);
        }

        FindStories(at);
        return owed;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>The subscriptions that get entries first seen at this time; for one that ended they are kept until it is swept, in case of Undo.</summary>
    private List<Wish> Wishes(long feedId, DateTimeOffset at)
    {
        var command = Prepare(
            "SELECT s.Id, s.ChatId, s.PausedSince IS NOT NULL OR c.PausedSince IS NOT NULL OR s.EndedAt IS NOT NULL, s.Cron, c.Zone, c.QuietFrom, c.QuietUntil, s.Filter, s.Since " +
            "FROM Subscriptions s JOIN Chats c ON c.Id=s.ChatId WHERE s.FeedId=$feed AND s.Since<=$at AND c.GoneSince IS NULL",
            ("$feed", feedId),
            ("$at", at.UtcTicks));
        using var reader = command.ExecuteReader();
        var wishes = new List<Wish>();
        while (reader.Read())
            wishes.Add(new Wish(reader.GetInt64(0), reader.GetInt64(1), Due(reader), Begin(reader.Text(7)), reader.Time(8)));
        return wishes;

        DateTimeOffset? Due(SqliteDataReader wish) => DeliveryTimes.Of(
            wish.GetBoolean(2),
            wish.Text(3),
            wish.GetInt64(0),
            wish.GetString(4),
            wish.IsDBNull(5) ? null : wish.GetInt32(5),
            wish.IsDBNull(6) ? null : wish.GetInt32(6)).FirstDue(at);

        FilterRun? Begin(string? filter) => filter is null || _budget is null ? null : filters?.Begin(filter, _budget);
    }

    /// <summary>Tells of what was stored or edited since the last time this was called which story it tells.</summary>
    /// <param name="memory">The feed's, packed, as it is now.</param>
    private void FindStories(DateTimeOffset at, byte[]? memory = null)
    {
        if (_added.Count > 0)
        {
            var (links, shared) = (new HashSet<ulong>(), new HashSet<ulong>());
            foreach (var seen in new SeenEntries(memory, Comparable: true).All)
            {
                if (!links.Add(seen.Link))
                    shared.Add(seen.Link);
            }

            _stories.Join(_added, shared, at);
        }

        _stories.Reconsider(_edited);
        _added.Clear();
        _edited.Clear();
    }

    private long Insert(Entry entry)
    {
        entry.Id = InsertRow(entry);
        _added.Add(entry);
        return entry.Id;
    }

    private long InsertRow(Entry entry) => (long)Prepare(
        """
        INSERT INTO Entries (FeedId, RawId, IdPrint, Link, Title, Author, Summary, Content, Base, Categories, Image, Comments, Enclosures, Published, Updated, FirstSeen)
        VALUES ($feed, $raw, $print, $link, $title, $author, $summary, $content, $base, $categories, $image, $comments, $enclosures, $published, $updated, $at)
        RETURNING Id
        """,
        ("$feed", entry.FeedId),
        ("$raw", entry.RawId),
        ("$print", entry.IdPrint),
        ("$link", entry.Link),
        ("$title", entry.Title),
        ("$author", entry.Author),
        ("$summary", entry.Summary),
        ("$content", entry.Content),
        ("$base", entry.Base),
        ("$categories", JsonSerializer.Serialize(entry.Categories)),
        ("$image", entry.Image),
        ("$comments", entry.Comments),
        ("$enclosures", entry.Enclosures),
        ("$published", entry.Published?.UtcTicks),
        ("$updated", entry.Updated?.UtcTicks),
        ("$at", entry.FirstSeen.UtcTicks)).ExecuteScalar()!;

    /// <summary>
    /// Words that changed reach what is not composed yet. And by an edit an entry may begin to match a filter: for that subscription it is new.
    /// Returns how many deliveries that made.
    /// </summary>
    private int Edit(Entry entry, List<Wish> wishes, DateTimeOffset at)
    {
        var wanting = wishes.FindAll(wish => wish.Filter is not null);
        var known = Stored(entry);
        if (known is null)
        {
            // Of what was never stored nobody knows whether it matched before the subscription began, unless its date is later. But what is not
            // stored any more may have been told: to subscriptions older than that.
            var dated = entry.Date;
            wanting.RemoveAll(wish => dated is null || dated < wish.Since || wish.Since <= at - Entry.Kept);
            wanting = Wanting(entry, wanting);
            if (wanting.Count > 0)
                entry.Id = Insert(entry);
        }
        else
        {
            entry.Id = known.Id;
            wanting = Unmatched(known, Wanting(entry, wanting)).FindAll(wish => !WasOwed(wish, known.Id));
            Update(entry, at);
            _edited.Add(entry.Id);
            if (WasTold(entry.Id, at) && MaterialEdit.Is((known.Title, known.Content ?? known.Summary), (entry.Title, entry.Content ?? entry.Summary)))
                Changes += ChangeTold(entry.Id, at);
        }

        return wanting.Sum(wish => Owe(wish, entry.FeedId, entry.Id, at));
    }

    private void Update(Entry entry, DateTimeOffset at) => Run(
        """
        UPDATE Entries SET Title=$title, Author=$author, Summary=$summary, Content=$content, Link=$link, Categories=$categories, Updated=$updated, EditedAt=$at
        WHERE Id=$id
        """,
        ("$id", entry.Id),
        ("$title", entry.Title),
        ("$author", entry.Author),
        ("$summary", entry.Summary),
        ("$content", entry.Content),
        ("$link", entry.Link),
        ("$categories", JsonSerializer.Serialize(entry.Categories)),
        ("$updated", entry.Updated?.UtcTicks),
        ("$at", at.UtcTicks));

    /// <summary>Whether a message about it may be changed still: most entries that are edited were told to nobody, and their words need not be compared.</summary>
    private bool WasTold(long entryId, DateTimeOffset at) => Prepare(
        $"SELECT 1 FROM Deliveries d WHERE d.EntryId=$entry AND {IsChangeable} LIMIT 1",
        ("$entry", entryId),
        ("$recent", (at - Sending.Changeable).UtcTicks)).ExecuteScalar() is not null;

    /// <summary>
    /// The messages about this entry alone are to say what it says now: at once, and after each change of the same message after twice the pause, an hour at
    /// most, for publishers who never stop. One that is to be changed already will say it as well.
    /// </summary>
    private int ChangeTold(long entryId, DateTimeOffset at) => Run(
        $"""
        UPDATE Sendings SET EditDue=$at + CASE Edits WHEN 0 THEN 0 ELSE MIN(1 << MIN(Edits, 6), 60) * {TimeSpan.TicksPerMinute} END
        WHERE EditDue IS NULL AND Id IN (
          SELECT d.SendingId FROM Deliveries d
          WHERE d.EntryId=$entry AND {IsChangeable} AND NOT EXISTS (SELECT 1 FROM Deliveries o WHERE o.SendingId=d.SendingId AND o.Id<>d.Id))
        """,
        ("$entry", entryId),
        ("$recent", (at - Sending.Changeable).UtcTicks),
        ("$at", at.UtcTicks));

    /// <summary>The subscriptions whose filter wants the entry, and those without one.</summary>
    private static List<Wish> Wanting(Entry entry, List<Wish> wishes)
    {
        FilterSubject? subject = null;
        return wishes.FindAll(wish => wish.Filter is not { } filter || filter.Matches(subject ??= FeedEntries.SubjectOf(entry)));
    }

    /// <summary>
    /// The subscriptions whose filter did not want the entry as it was stored. Where that is not known: those that would have got it, had it been
    /// wanted; for others it is from before their time.
    /// </summary>
    private static List<Wish> Unmatched(Entry known, List<Wish> wishes)
    {
        FilterSubject? subject = null;
        return wishes.FindAll(wish => !(wish.Filter?.Wants(subject ??= FeedEntries.SubjectOf(known)) ?? known.FirstSeen < wish.Since));
    }

    /// <summary>The entry as it was stored last, as far as filters see it; null when it is not stored.</summary>
    private Entry? Stored(Entry entry)
    {
        using var reader = Prepare(
            "SELECT Id, Title, Author, Summary, Content, Link, Categories, FirstSeen FROM Entries WHERE Id = (SELECT MAX(Id) FROM Entries WHERE FeedId=$feed AND IdPrint=$print)",
            ("$feed", entry.FeedId),
            ("$print", entry.IdPrint)).ExecuteReader();
        return !reader.Read() ? null : new Entry
        {
            Id = reader.GetInt64(0),
            Title = reader.Text(1),
            Author = reader.Text(2),
            Summary = reader.Text(3),
            Content = reader.Text(4),
            Link = reader.Text(5),
            Categories = JsonSerializer.Deserialize<string[]>(reader.GetString(6)) ?? [],
            FirstSeen = reader.Time(7),
        };
    }

    private bool WasOwed(Wish wish, long entryId) => Prepare(
        "SELECT 1 FROM Deliveries WHERE ChatId=$chat AND Key='e:' || $entry",
        ("$chat", wish.ChatId),
        ("$entry", entryId)).ExecuteScalar() is not null;

    /// <param name="asked">Somebody asked for just this entry: it goes although the chat has heard its story.</param>
    private int Owe(Wish wish, long feedId, long entryId, DateTimeOffset at, DeliveryState state = DeliveryState.Waiting, bool asked = false) => Run(
        """
        INSERT INTO Deliveries (ChatId, FeedId, SubscriptionId, EntryId, Key, State, DueAt, AskedFor, Attempts, Fallback, CreatedAt)
        VALUES ($chat, $feed, $subscription, $entry, 'e:' || $entry, $state, $due, $asked, 0, 0, $at)
        ON CONFLICT (ChatId, Key) DO UPDATE SET State=$state, SubscriptionId=$subscription, DueAt=$due, AskedFor=$asked, FoldedInto=NULL, Reason=NULL, EndedAt=NULL
        WHERE State='Cancelled' OR ($asked AND (State IN ('Folded', 'Held') OR (State='Waiting' AND DueAt IS NULL)))
        """,
        ("$chat", wish.ChatId),
        ("$feed", feedId),
        ("$subscription", wish.SubscriptionId),
        ("$entry", entryId),
        ("$state", state.ToString()),
        ("$due", wish.Due?.UtcTicks),
        ("$asked", asked ? 1 : 0),
        ("$at", at.UtcTicks));

    private int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (i < command.Parameters.Count)
                command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
            else
                command.Parameters.AddWithValue(parameters[i].Name, parameters[i].Value ?? DBNull.Value);
        }

        return command;
    }

    /// <param name="Due">When what is owed from now on may go; null while nothing lets it.</param>
    /// <param name="Filter">Null for every entry.</param>
    private sealed record Wish(long SubscriptionId, long ChatId, DateTimeOffset? Due, FilterRun? Filter, DateTimeOffset Since);
}
