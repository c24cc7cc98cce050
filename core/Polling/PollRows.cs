using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Stories;
using Notifier.Polling.Identity;
using Notifier.Polling.Pages;

namespace Notifier.Polling;

/// <summary>
/// The rows that one changed poll writes: the feed, its memory, its new and edited entries; and with them what is owed (<see cref="Matching"/>).
/// </summary>
/// <param name="filters">Null where none is asked: then everything is wanted.</param>
internal sealed class PollRows(Statements statements, FilterCache? filters)
{
    /// <summary>A delivery whose message is on its way, or was sent not long ago.</summary>
    private const string IsChangeable = "d.SendingId IS NOT NULL AND (d.State='Sending' OR (d.State='Unknown' AND d.EndedAt IS NULL) OR (d.State='Sent' AND d.EndedAt>=$recent))";

    private readonly Matching _matching = new(statements, filters);
    private readonly StoryRows _stories = new(statements, Fingerprints.LinkPrint);
    private readonly List<Entry> _added = [];
    private readonly List<long> _edited = [];

    /// <summary>How many messages that were sent are to be changed or deleted by what was recorded.</summary>
    public int Changes { get; private set; }

    /// <summary>False when the claim is no longer the feed's last; then nothing of the poll may be recorded.</summary>
    public bool Changed(PollOutcome.Changed poll) => statements.Execute(
        """
        UPDATE Feeds SET NextPoll=CASE WHEN NextPoll=ClaimEnds THEN $next ELSE NextPoll END, ClaimEnds=NULL,
          LastPoll=$at, LastFullPoll=$at, LastSuccess=$at, State='Active', FailuresInARow=0, FirstFailure=NULL, LastError=NULL,
          Title=COALESCE($title, Title), Site=COALESCE($site, Site), Icon=COALESCE($icon, Icon), ETag=$etag, LastModified=$modified, BodyHash=$hash,
          Hub=$hub, Topic=$topic, MinutesToLive=$ttl, SkipHours=$hours, SkipDays=$days, NewestEntry=$newest
        WHERE Id=$id AND Claim=$claim
        """,
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$next", poll.NextPoll?.UtcTicks),
        ("$at", poll.At.UtcTicks),
        ("$title", NullIfEmpty(poll.Document.Title)),
        ("$site", poll.Document.Link),
        ("$icon", poll.Document.Image),
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

    public bool Failed(PollOutcome.Failed poll) => statements.Execute(
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
        ("$reason", poll.Reason.Text)) > 0;

    public bool Gone(PollOutcome.Gone poll) => statements.Execute(
        "UPDATE Feeds SET NextPoll=NULL, ClaimEnds=NULL, LastPoll=$at, State='Gone', LastError=$reason WHERE Id=$id AND Claim=$claim",
        ("$id", poll.Feed.Id),
        ("$claim", poll.Feed.Claim),
        ("$reason", PollReport.Gone.Text),
        ("$at", poll.At.UtcTicks)) > 0;

    /// <summary>Saves the memory, the entries and what is owed; returns how many deliveries that made, those that are held back left out.</summary>
    public int Remember(long feedId, Diff diff, DateTimeOffset at)
    {
        SaveMemory(feedId, diff);
        if (diff is { New.Count: 0, Held.Count: 0, Edited.Count: 0 })
            return 0;
        var wishes = _matching.Wishes(feedId, at);
        var owed = 0;
        foreach (var edited in diff.Edited)
            owed += Edit(FeedEntries.Of(edited, feedId, at), edited.IsPageUnread, wishes, at);
        foreach (var fresh in diff.New)
            owed += _matching.Owe(Insert(FeedEntries.Of(fresh, feedId, at)), fresh.IsPageUnread, wishes, at);
        foreach (var held in diff.Held)
            _matching.Hold(Insert(FeedEntries.Of(held, feedId, at)), held.IsPageUnread, wishes, at);
        FindStories(at, diff.Memory);
        return owed;
    }

    /// <summary>Notes which messages are to be deleted since their publisher has withdrawn the entry, or are not any more since it is listed again: where a subscription asks for that.</summary>
    public void Withdraw(PollOutcome.Changed poll)
    {
        if (poll.Feed.DeletesWithdrawn)
            Changes += Withdrawals.Note(statements.Connection, poll);
    }

    public void SaveMemory(long feedId, Diff diff) => statements.Execute(
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
            var entry = FeedEntries.Of(listed, subscription.FeedId, at);
            var known = statements.Scalar<long?>("SELECT MAX(Id) FROM Entries WHERE FeedId=$feed AND IdPrint=$print", ("$feed", entry.FeedId), ("$print", entry.IdPrint));
            if (known is { } id)
                entry.Id = id;
            owed += _matching.OweAsked(known is null ? Insert(entry) : entry, subscription, at);
        }

        FindStories(at);
        return owed;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

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

    private Entry Insert(Entry entry)
    {
        entry.Id = InsertRow(entry);
        _added.Add(entry);
        return entry;
    }

    private long InsertRow(Entry entry) => statements.Scalar<long>(
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
        ("$at", entry.FirstSeen.UtcTicks));

    /// <summary>
    /// Words that changed reach what is not composed yet. And by an edit an entry may begin to match a filter: for that subscription it is new.
    /// Returns how many deliveries that made.
    /// </summary>
    private int Edit(Entry entry, bool isPart, IReadOnlyList<Wish> wishes, DateTimeOffset at)
    {
        List<Wish> wanting;
        if (Stored(entry) is { } known)
        {
            entry.Id = known.Id;
            // What was read from its page says more than the feed does, and stays until it is read anew.
            if (Article.IsIn(known.Content) && !Article.IsIn(entry.Content))
                FeedEntries.Read(entry, known.Content, known.Base);
            wanting = Matching.WantingNow(entry, isPart && !Article.IsIn(entry.Content), known, wishes);
            Update(entry, at);
            _edited.Add(entry.Id);
            if (WasTold(entry.Id, at) && MaterialEdit.Is((known.Title, known.Content ?? known.Summary), (entry.Title, entry.Content ?? entry.Summary)))
                Changes += ChangeTold(entry.Id, at);
        }
        else
        {
            wanting = _matching.WantingLate(entry, wishes, at);
            if (wanting.Count > 0)
                Insert(entry);
        }

        return _matching.OweOnce(entry, wanting, at);
    }

    private void Update(Entry entry, DateTimeOffset at) => statements.Execute(
        """
        UPDATE Entries SET Title=$title, Author=$author, Summary=$summary, Content=$content, Base=$base, Link=$link, Categories=$categories, Image=COALESCE(Image, $image), Updated=$updated, EditedAt=$at
        WHERE Id=$id
        """,
        ("$id", entry.Id),
        ("$title", entry.Title),
        ("$author", entry.Author),
        ("$summary", entry.Summary),
        ("$content", entry.Content),
        ("$base", entry.Base),
        ("$link", entry.Link),
        ("$categories", JsonSerializer.Serialize(entry.Categories)),
        ("$image", entry.Image),
        ("$updated", entry.Updated?.UtcTicks),
        ("$at", at.UtcTicks));

    /// <summary>Whether a message about it may be changed still: most entries that are edited were told to nobody, and their words need not be compared.</summary>
    private bool WasTold(long entryId, DateTimeOffset at) => statements.Scalar<long>(
        $"SELECT EXISTS (SELECT 1 FROM Deliveries d WHERE d.EntryId=$entry AND {IsChangeable})",
        ("$entry", entryId),
        ("$recent", (at - Sending.Changeable).UtcTicks)) > 0;

    /// <summary>
    /// The messages about this entry alone are to say what it says now: at once, and after each change of the same message after twice the pause, an hour at
    /// most, for publishers who never stop. One that is to be changed already will say it as well.
    /// </summary>
    private int ChangeTold(long entryId, DateTimeOffset at) => statements.Execute(
        $"""
        UPDATE Sendings SET EditDue=$at + CASE Edits WHEN 0 THEN 0 ELSE MIN(1 << MIN(Edits, 6), 60) * {TimeSpan.TicksPerMinute} END
        WHERE EditDue IS NULL AND Id IN (
          SELECT d.SendingId FROM Deliveries d
          WHERE d.EntryId=$entry AND {IsChangeable} AND NOT EXISTS (SELECT 1 FROM Deliveries o WHERE o.SendingId=d.SendingId AND o.Id<>d.Id))
        """,
        ("$entry", entryId),
        ("$recent", (at - Sending.Changeable).UtcTicks),
        ("$at", at.UtcTicks));

    /// <summary>The entry as it was stored last, as far as filters see it; null when it is not stored.</summary>
    private Entry? Stored(Entry entry) => statements.Query(
        "SELECT Id, Title, Author, Summary, Content, Base, Link, Categories, FirstSeen FROM Entries WHERE Id = (SELECT MAX(Id) FROM Entries WHERE FeedId=$feed AND IdPrint=$print)",
        reader => new Entry
        {
            Id = reader.GetInt64(0),
            Title = reader.Text(1),
            Author = reader.Text(2),
            Summary = reader.Text(3),
            Content = reader.Text(4),
            Base = reader.Text(5),
            Link = reader.Text(6),
            Categories = JsonSerializer.Deserialize<string[]>(reader.GetString(7)) ?? [],
            FirstSeen = reader.Time(8),
        },
        ("$feed", entry.FeedId),
        ("$print", entry.IdPrint)).SingleOrDefault();
}
