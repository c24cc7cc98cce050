using System.Collections.Concurrent;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Feeds.Fetching;

namespace Notifier.Polling;

/// <summary>
/// One round of polling: a loop that owns the queue, hands claimed feeds to fetches and finished ones to the writer. While it records
/// one batch the next one gathers, so a slow disk makes batches larger, not the round slower.
/// </summary>
internal sealed class PollRound(
    Poller poller,
    Storage storage,
    PollOptions options,
    FetchOptions fetchOptions,
    TimeProvider time,
    PartitionRange partitions)
{
    /// <summary>With so much a batch is recorded, and while one is, no more than twice as much is gathered: a poll counts as one, and what it found by its size.</summary>
    private const int Enough = 512;

    /// <summary>So many characters of what was found count as a poll.</summary>
    private const int Page = 8 * 1024;

    /// <summary>For how long what has finished waits for more, while there is more to fetch.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<PollOutcome> _finished = new();
    private readonly PollQueue _queue = new(options.Concurrency, fetchOptions.ConnectionsPerHost);

    /// <summary>How many feeds one claim takes; the next is made when half of them are on their way.</summary>
    private readonly int _claim = Math.Max(1000, 16 * options.Concurrency);

    private readonly PollCounts _counts = new();

    /// <summary>When something may be due that is not claimed yet; null when nothing is known of.</summary>
    private DateTimeOffset? _nextClaim = DateTimeOffset.MinValue;

    /// <summary>What is to be recorded next, how much that is, and when its first came.</summary>
    private List<PollOutcome> _batch = [];
    private long _weight;
    private long _batchBegan;

    private Task<Claims>? _claiming;
    private Task<PollRecord>? _recording;

    /// <summary>The earliest next poll of what is being recorded.</summary>
    private DateTimeOffset? _nextRecorded;

    public async Task<PollCounts> RunAsync(CancellationToken ct)
    {
        while (true)
        {
            if (_claiming is { IsCompleted: true })
                Take(await _claiming);
            if (_recording is { IsCompleted: true })
                await CountAsync(_recording);
            if (poller.TakeWanted())
                _nextClaim = DateTimeOffset.MinValue;

            if (WantsMore && _nextClaim <= time.GetUtcNow())
            {
                // What becomes known from here on (a wake-up, a record) may come after the claim's look at the database: it is kept beside its answer.
                _nextClaim = null;
                _claiming = WakeAfter(ClaimAsync(ct));
            }

            Gather();
            while (_weight < 2 * Enough && _queue.TryTake() is { } feed)
                Begin(feed, ct);

            if (_recording is null && IsBatchReady)
            {
                _nextRecorded = _batch.Min(outcome => outcome.NextPoll);
                _recording = WakeAfter(poller.RecordApartAsync(_batch, ct));
                (_batch, _weight) = ([], 0);

                // There is room again for what was not taken.
                continue;
            }

            if (_claiming is null && _recording is null && _batch.Count == 0 && _queue is { Running: 0, Waiting: 0 })
                return _counts;
            await poller.Due.SleepAsync(Earlier(WantsMore ? _nextClaim : null, _recording is null && _batch.Count > 0 ? time.GetUtcNow() + (Gathering - time.GetElapsedTime(_batchBegan)) : null), ct);
        }
    }

    /// <summary>A transaction costs about the same for one poll and for hundreds; but where nothing else waits for a place, nobody waits for more.</summary>
    private bool IsBatchReady => _batch.Count > 0 && (_weight >= Enough || _queue.Free == 0 || time.GetElapsedTime(_batchBegan) >= Gathering);

    /// <summary>Feeds that only wait for their own busy host do not keep those of others from being claimed, within what memory bears.</summary>
    private bool WantsMore => _claiming is null && _queue.Free < _claim / 2 && _queue.Waiting < 20 * _claim;

    private void Take(Claims claims)
    {
        _claiming = null;
        foreach (var feed in claims.Feeds)
            _queue.Add(poller.Slow.Has(feed.Id) ? feed with { IsSlow = true } : feed);
        _nextClaim = Earlier(_nextClaim, claims.Next);
    }

    private async Task CountAsync(Task<PollRecord> record)
    {
        _recording = null;
        _nextClaim = Earlier(_nextClaim, _nextRecorded);
        _counts.Add(await record);
    }

    private Task<Claims> ClaimAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return storage.Writer.RunAsync(
            db => new Claims(
                PollStore.ClaimDue(db.Connection(), now, now + poller.ClaimLength, partitions, _claim),
                PollStore.NextDue(db.Connection(), partitions)),
            ct);
    }

    private void Begin(ClaimedFeed feed, CancellationToken ct)
    {
        // Its host kept it waiting until its claim is nearly over: it is due again when the claim ends, and a result now would come too late.
        if (feed.ClaimEnds - time.GetUtcNow() < fetchOptions.TimeLimit)
            _queue.Done(feed);
        else
            _ = FetchAsync(feed, ct);
    }

    private async Task FetchAsync(ClaimedFeed feed, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var outcome = await poller.PollAsync(feed, ct);
        poller.Slow.Note(feed.Id, time.GetElapsedTime(began));
        _finished.Enqueue(outcome is PollOutcome.Changed changed ? changed.Light() : outcome);
        poller.Due.Wake();
    }

    /// <summary>Wakes the loop once the work is done: after, not before, or the loop would sleep on.</summary>
    private Task<T> WakeAfter<T>(Task<T> work)
    {
        _ = work.ContinueWith(_ => poller.Due.Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return work;
    }

    /// <summary>What has finished makes room for its host's next at once, recorded or not.</summary>
    private void Gather()
    {
        while (_finished.TryDequeue(out var outcome))
        {
            _queue.Done(outcome.Feed);
            if (_batch.Count == 0)
                _batchBegan = time.GetTimestamp();
            _batch.Add(outcome);
            _weight += 1 + (outcome is PollOutcome.Changed changed ? changed.Size / Page : 0);
            _counts.Count(outcome);
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;

    private sealed record Claims(IReadOnlyList<ClaimedFeed> Feeds, DateTimeOffset? Next);
}
