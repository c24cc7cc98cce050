using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Polling.Identity;
using Notifier.Polling.Pages;
using Notifier.Texts;

namespace Notifier.Polling;

/// <summary>
/// Polls feeds: claims what is due, fetches, parses, compares with what the feed's memory knows, matches what is new to subscriptions, and
/// records polls that finish together in one transaction. The database is the only schedule.
/// </summary>
public sealed partial class Poller(
    Storage storage,
    FeedFetcher fetcher,
    FeedParser parser,
    HostCooldown cooldown,
    Deliveries.Outbox outbox,
    Deliveries.FeedNotices notices,
    PollOptions options,
    FetchOptions fetchOptions,
    Catalogue texts,
    TimeProvider time,
    ILogger<Poller> log)
{
    /// <summary>How long a claim holds: one fetch at its longest, and five minutes to wait for the host's turn and the record.</summary>
    internal TimeSpan ClaimLength => TimeSpan.FromMinutes(5) + fetchOptions.TimeLimit;

    /// <summary>A document that looks cut off, each time at another place, is not believed so many times in a row.</summary>
    private const int TriesWithCut = 3;

    private readonly CutDocuments _cut = new();

    private readonly FullTexts _fullTexts = new(fetcher, cooldown, storage, texts, time, log);
    private readonly FilterCache _filters = new(time, log);
    private readonly ScheduleCache _schedules = new((cron, zone, seed) => ReadSchedule(options, cron, zone, seed));
    private volatile bool _wanted;

    internal Signal Due { get; } = new(time);

    internal SlowFeeds Slow { get; } = new();

    /// <summary>Something may have become due: a subscription, a nudge.</summary>
    public void Wake()
    {
        _wanted = true;
        Due.Wake();
    }

    /// <summary>Whether somebody woke it since the last look.</summary>
    internal bool TakeWanted() => Interlocked.Exchange(ref _wanted, false);

    /// <summary>Sleeps until a feed of these partitions is due, or until woken.</summary>
    public async Task SleepUntilDueAsync(PartitionRange partitions, CancellationToken ct)
    {
        DateTimeOffset? next;
        using (var connection = storage.ReadConnection())
            next = PollStore.NextDue(connection, partitions);
        await Due.SleepAsync(next, ct);
    }

    /// <summary>Makes due what a process that is no more had claimed; for the holder of the process lock, before its first poll.</summary>
    public Task ReleaseClaimsAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return storage.Writer.RunAsync(db => PollStore.Release(db.Connection(), now), ct);
    }

    /// <summary>Makes every feed that somebody wants due now.</summary>
    public Task MakeAllDueAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcTicks;
        return storage.Writer.RunAsync(db => db.Connection().Execute("UPDATE Feeds SET NextPoll=$now WHERE NextPoll IS NOT NULL", ("$now", now)), ct);
    }

    /// <summary>Makes a feed due now, if somebody wants it: its publisher said that there is something new.</summary>
    public async Task NudgeAsync(Uri feed, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcTicks;
        await storage.Writer.RunAsync(
            db => db.Connection().Execute("UPDATE Feeds SET NextPoll=$now WHERE Url=$url AND NextPoll IS NOT NULL", ("$now", now), ("$url", feed.AbsoluteUri)),
            ct);
        Wake();
    }

    /// <summary>Polls what is due until nothing is, and says what came of it. Feeds that become due meanwhile are taken along.</summary>
    public Task<PollCounts> PollDueAsync(PartitionRange partitions, CancellationToken ct) =>
        new PollRound(this, storage, options, fetchOptions, time, partitions).RunAsync(ct);

    /// <summary>Polls one feed now, due or not.</summary>
    /// <param name="whole">Ask without validators, so that the document comes even if it is unchanged.</param>
    /// <returns>What was found; null when there is no such feed, or the operator paused it.</returns>
    public async Task<PollReport?> PollNowAsync(long feedId, bool whole, CancellationToken ct)
    {
        var claimEnds = time.GetUtcNow() + ClaimLength;
        var feed = await storage.Writer.RunAsync(db => PollStore.Claim(db.Connection(), feedId, claimEnds), ct);
        if (feed is null)
            return null;
        if (whole)
            feed = feed with { ETag = null, LastModified = null, BodyHash = null };
        var outcome = await PollAsync(feed, ct);
        await RecordAsync([outcome], ct);
        return outcome switch
        {
            PollOutcome.Changed changed => new PollReport(null, changed.Diff.New.Count, changed.Diff.Edited.Count, changed.Document) { Held = changed.Diff.Held.Count },
            PollOutcome.Failed failed => new PollReport(failed.Reason, 0, 0, null),
            PollOutcome.Gone => new PollReport(PollReport.Gone, 0, 0, null),
            _ => new PollReport(null, 0, 0, null),
        };
    }

    /// <summary>
    /// Takes a document that was fetched for a subscription as the feed's first poll, inside the writer's transaction: the baseline is what
    /// the subscriber was shown, and nothing published since is lost.
    /// </summary>
    public void RecordFirst(NotifierDb db, long feedId, FetchResult.Fetched fetched, ParsedFeed document, DateTimeOffset at)
    {
        if (PollStore.Memory(db.Statements, feedId) is null)
            Record(db, feedId, fetched, document, at);
    }

    /// <summary>Takes a document that was fetched for somebody as a poll of the feed, inside the writer's transaction.</summary>
    public void Record(NotifierDb db, long feedId, FetchResult.Fetched fetched, ParsedFeed document, DateTimeOffset at)
    {
        var connection = db.Connection();
        if (PollStore.Claim(connection, feedId, at + ClaimLength) is not { } feed)
            return;
        PollStore.Record(db, [new PollOutcome.Changed(feed, at, AfterSuccess(feed, at, PollHints.Of(document), fetched.MaxAge), fetched, document, EntryDiff.Compare(document, PollStore.Memory(db.Statements, feedId), at, feed.Last))], notices, _filters);
    }

    /// <summary>Owes a subscription entries from before its time, whatever its filter says, inside the writer's transaction; returns how many it had not had yet.</summary>
    public static int Owe(NotifierDb db, Subscription subscription, IReadOnlyList<ParsedEntry> entries, DateTimeOffset at)
    {
        return new PollRows(db.Statements, null).Backfill(subscription, entries, at);
    }

    /// <summary>The entry as it would be stored, for a preview.</summary>
    public static Entry EntryOf(ParsedEntry parsed, long feedId, DateTimeOffset at) => FeedEntries.Of(parsed, Fingerprints.Of(parsed).Key, feedId, at);

    /// <summary>When feeds without a schedule of their own are polled.</summary>
    public string DefaultSchedule => options.Schedule;

    /// <summary>From the fetch to what is to be recorded of it.</summary>
    internal async Task<PollOutcome> PollAsync(ClaimedFeed feed, CancellationToken ct)
    {
        var at = time.GetUtcNow();
        try
        {
            if (cooldown.Until(feed.Url.IdnHost) is { } until)
                return Failed(Phrase.Of("poll.wait", ("host", feed.Url.Host)), until - at, counts: false);

            var whole = feed.LastFullPoll is not { } last || at - last >= PollPlan.Longest;
            var request = new FetchRequest(feed.Url, whole ? null : feed.ETag, whole ? null : feed.LastModified, (ulong?)feed.BodyHash, feed.Subscribers, LoginOf(feed), feed.AcceptsInsecure);
            switch (await fetcher.FetchAsync(request, ct))
            {
                case FetchResult.NotModified same:
                    return new PollOutcome.Unchanged(feed, at, AfterSuccess(feed, at, feed.Hints, same.MaxAge), same.ETag, same.LastModified, whole, same.MovedTo);
                case FetchResult.Fetched fetched:
                    return await ReadAsync(fetched);
                case FetchResult.Gone:
                    return new PollOutcome.Gone(feed, at);
                case FetchResult.Throttled throttled:
                    cooldown.Extend(feed.Url.IdnHost, throttled.RetryAfter);
                    return Failed(Phrase.Of("poll.throttled", ("host", feed.Url.Host), ("status", throttled.Status)), throttled.RetryAfter, counts: false);
                case FetchResult.Failed failed:
                    return Failed(failed.Reason, failed.RetryAfter, counts: true);
                case var other:
                    throw new InvalidOperationException($"No such result: {other}");
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // A bug met by one feed's document: that feed steps aside, the others go on.
            LogPollBroke(fault, feed.Id, feed.Url);
            return Failed(Phrase.Of("poll.bug"), null, counts: true);
        }

        async Task<PollOutcome> ReadAsync(FetchResult.Fetched fetched)
        {
            switch (parser.Parse(fetched.Body, fetched.Base, fetched.ContentType))
            {
                case ParseResult.Parsed { Feed: var document }:
                    var isCut = (fetched.MayBeCut || document.IsCut) && !_cut.Repeats(feed.Id, fetched.BodyHash);
                    var memory = storage.Read(statements => PollStore.Memory(statements, feed.Id));

                    // What is known from the first poll on must be all that was there then.
                    if (isCut && (fetched.MayBeCut || memory is null) && feed.FailuresInARow < TriesWithCut)
                        return Failed(Phrase.Of("fetch.cut", ("host", feed.Url.Host)), null, counts: true);
                    document = document with { IsCut = isCut && document.IsCut };
                    var diff = EntryDiff.Compare(document, memory, at, feed.Last);
                    if (feed.FullText)
                        diff = await _fullTexts.AddAsync(feed, fetched.Url, document, diff, ct);
                    return new PollOutcome.Changed(feed, at, AfterSuccess(feed, at, PollHints.Of(document), fetched.MaxAge), fetched, document, diff);
                case ParseResult.WebPage:
                    return Failed(Phrase.Of("poll.page", ("host", feed.Url.Host)), null, counts: true);
                case ParseResult.NotAFeed not:
                    return Failed(Phrase.Of("find.other", ("host", feed.Url.Host), ("reason", not.Reason)), null, counts: true);
                case var other:
                    throw new InvalidOperationException($"No such result: {other}");
            }
        }

        PollOutcome Failed(Phrase reason, TimeSpan? retryAfter, bool counts) => new PollOutcome.Failed(
            feed,
            at,
            PollPlan.AfterFailure(ScheduleOf(feed), options.Floor, at, counts ? feed.FailuresInARow + 1 : 1, retryAfter, feed.Id),
            reason,
            counts);
    }

    /// <summary>Records polls that finished together, in one transaction.</summary>
    internal async Task<PollRecord> RecordAsync(IReadOnlyList<PollOutcome> batch, CancellationToken ct)
    {
        var record = await storage.Writer.RunAsync(db => PollStore.Record(db, batch, notices, _filters), ct);
        foreach (var outcome in batch)
        {
            if (outcome is PollOutcome.Changed { Diff: { New.Count: var fresh, Held.Count: var held, Edited.Count: var edited } } && fresh + held + edited > 0)
                LogFound(outcome.Feed.Url, fresh, held, edited, ((PollOutcome.Changed)outcome).Diff.Gap);
            else if (outcome is PollOutcome.Failed { Counts: true } failed)
                LogFailed(outcome.Feed.Url, texts.SayToOperator(failed.Reason));
        }

        if (record.Wakes)
            outbox.Wake();
        return record;
    }

    /// <summary>Records polls that finished together; one that cannot be recorded steps aside alone, and is tried again when its claim ends.</summary>
    internal async Task<PollRecord> RecordApartAsync(IReadOnlyList<PollOutcome> batch, CancellationToken ct)
    {
        try
        {
            return await RecordAsync(batch, ct);
        }
        catch (Exception fault) when (IsOfOnePoll(fault))
        {
            if (batch is [var only])
            {
                LogNotRecorded(fault, only.Feed.Id, only.Feed.Url);
                return PollRecord.Nothing;
            }

            var sum = PollRecord.Nothing;
            foreach (var outcome in batch)
            {
                var one = await RecordApartAsync([outcome], ct);
                sum = new PollRecord(sum.Polls + one.Polls, sum.Entries + one.Entries, sum.Deliveries + one.Deliveries, sum.Notices + one.Notices, sum.Changes + one.Changes);
            }

            return sum;
        }
    }

    /// <summary>A bug met by what one poll found; not the machine's trouble (disk full, locked), which all polls share.</summary>
    private static bool IsOfOnePoll(Exception fault) => fault is not (OperationCanceledException or ObjectDisposedException or StorageException
        or SqliteException { SqliteErrorCode: not (SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_TOOBIG) });

    private FeedCredentials? LoginOf(ClaimedFeed feed)
    {
        if (feed.Credential.Length == 0)
            return null;
        using var db = storage.Read();
        return FeedLogin.Of(db, feed.Credential, feed.Url);
    }

    /// <summary>What publishers say of how seldom to poll them holds for the schedule that is for all feeds; who gives one a schedule of its own has decided.</summary>
    private DateTimeOffset AfterSuccess(ClaimedFeed feed, DateTimeOffset at, PollHints said, TimeSpan? maxAge) =>
        PollPlan.AfterSuccess(ScheduleOf(feed), options.Floor, options.Spread, at, feed.Id, feed.Cron is null ? said.OrLonger(maxAge) : null);

    private Schedule ScheduleOf(ClaimedFeed feed) => feed.Cron is null
        ? _schedules.Find(options.Schedule, options.Zone, feed.Id)
        : _schedules.Find(feed.Cron, feed.Zone ?? options.Zone, feed.Id);

    /// <summary>What cannot be read any more is as the default is.</summary>
    private static Schedule ReadSchedule(PollOptions options, string cron, string zone, long seed)
    {
        var ownZone = TimeZoneInfo.FindSystemTimeZoneById(options.Zone);
        return Schedule.TryParse(cron, TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var named) ? named : ownZone, seed, out _) ?? Schedule.TryParse(options.Schedule, ownZone, seed, out _)!;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Polled {Feed}: {Fresh} new, {Held} held, {Edited} edited; nothing known is left: {Gap}")]
    private partial void LogFound(Uri feed, int fresh, int held, int edited, bool gap);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not poll {Feed}: {Reason}")]
    private partial void LogFailed(Uri feed, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "What a poll of feed {Id} ({Feed}) found cannot be recorded")]
    private partial void LogNotRecorded(Exception fault, long id, Uri feed);

    [LoggerMessage(Level = LogLevel.Error, Message = "A poll of feed {Id} ({Feed}) met a bug")]
    private partial void LogPollBroke(Exception fault, long id, Uri feed);
}
