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
    private readonly ConcurrentQueue<PollOutcome> _finished = new();
    private readonly PollQueue _queue = new(options.Concurrency, fetchOptions.ConnectionsPerHost);

    /// <summary>How many feeds one claim takes; the next is made when half of them are on their way.</summary>
    private readonly int _claim = Math.Max(1000, 16 * options.Concurrency);

    private readonly PollCounts _counts = new();
    private DateTimeOffset? _nextClaim = DateTimeOffset.MinValue;
    private Task<Claims>? _claiming;
    private Task<PollRecord>? _recording;

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

            if (_claiming is null && _queue.Waiting < _claim / 2 && _nextClaim <= time.GetUtcNow())
                _claiming = WakeAfter(ClaimAsync(ct));
            while (_queue.TryTake() is { } feed)
            {
                // A claim that ended while its feed waited for a busy host has been or will be made anew.
                if (feed.ClaimEnds > time.GetUtcNow())
                    _ = FetchAsync(feed, ct);
                else
                    _queue.Done(feed);
            }

            if (_recording is null && Gather() is { Count: > 0 } batch)
                _recording = WakeAfter(poller.RecordAsync(batch, ct));

            if (_claiming is null && _recording is null && _queue is { Running: 0, Waiting: 0 })
                return _counts;
            await poller.Due.SleepAsync(_claiming is null && _queue.Waiting < _claim / 2 ? _nextClaim : null, ct);
        }
    }

    private void Take(Claims claims)
    {
        _claiming = null;
        foreach (var feed in claims.Feeds)
            _queue.Add(feed);
        _nextClaim = claims.Next;
    }

    private async Task CountAsync(Task<PollRecord> record)
    {
        _recording = null;
        _counts.Add(await record);
    }

    private Task<Claims> ClaimAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return storage.Writer.RunAsync(
            db => new Claims(
                PollStore.ClaimDue(db.Connection(), now, now + Poller.ClaimLength, partitions, _claim),
                PollStore.NextDue(db.Connection(), partitions)),
            ct);
    }

    private async Task FetchAsync(ClaimedFeed feed, CancellationToken ct)
    {
        _finished.Enqueue(await poller.PollAsync(feed, ct));
        poller.Due.Wake();
    }

    /// <summary>Wakes the loop once the work is done: after, not before, or the loop would sleep on.</summary>
    private Task<T> WakeAfter<T>(Task<T> work)
    {
        _ = work.ContinueWith(_ => poller.Due.Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return work;
    }

    private List<PollOutcome> Gather()
    {
        var batch = new List<PollOutcome>();
        while (_finished.TryDequeue(out var outcome))
        {
            _queue.Done(outcome.Feed);
            batch.Add(outcome);
            _counts.Count(outcome);
        }

        return batch;
    }

    private sealed record Claims(IReadOnlyList<ClaimedFeed> Feeds, DateTimeOffset? Next);
}
