using System.Collections.Concurrent;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Deliveries;

/// <summary>
/// Sends what is owed: gives the chats of a platform their turns (<see cref="Turn"/>), the one with the oldest delivery first, as fast as the platform admits.
/// A chat has one message on its way at a time, so its order holds; one chat's trouble never delays another's.
/// </summary>
public sealed class Deliverer(Storage storage, Turn turns, Outbox outbox, TimeProvider time)
{
    /// <summary>How many chats are answered at once: enough for a platform's ceiling where each answer takes seconds.</summary>
    private const int ChatsAtOnce = 256;

    /// <summary>How many chats one look at the table adds; the others are found when these have had their turn.</summary>
    private const int ChatsPerLook = 2000;

    /// <summary>How long what is on its way may take when the process is asked to stop; what is left then is found out about at the next start.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(7);

    /// <summary>Until when a platform's whole token has to wait; by the timer, since the clock on the wall may be set meanwhile.</summary>
    private readonly ConcurrentDictionary<string, long> _tokenHolds = new(StringComparer.Ordinal);

    /// <summary>Delivers what is due on a platform until nothing is.</summary>
    /// <exception cref="PlatformClosedException">The platform refuses the token: nothing more can be sent there.</exception>
    /// <exception cref="LeaseLostException">Another process sends for this platform now.</exception>
    public async Task DeliverDueAsync(IChatPlatform platform, SenderLease lease, CancellationToken ct)
    {
        var running = new Dictionary<long, Task<TurnEnd>>();
        try
        {
            await TakeTurnsAsync(platform, lease, running, ct);
        }
        finally
        {
            // What is on its way is finished, also when the process is asked to stop or one of them failed.
            Task last = Task.WhenAll(running.Values);
            await (ct.IsCancellationRequested ? last.WaitAsync(LastAnswers, time, CancellationToken.None) : last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sleeps until something of the platform may go, or until woken.</summary>
    public async Task SleepUntilDueAsync(string platform, CancellationToken ct)
    {
        var next = NextDue(platform, DateTimeOffset.MinValue);
        if (next is not null && time.GetUtcNow() + HeldFor(platform) is var held && held > next)
            next = held;
        await outbox.SignalOf(platform).SleepAsync(next, ct);
    }

    private async Task TakeTurnsAsync(IChatPlatform platform, SenderLease lease, Dictionary<long, Task<TurnEnd>> running, CancellationToken ct)
    {
        var signal = outbox.SignalOf(platform.Name);
        var queue = new ChatQueue(time);
        var look = new Look(time);
        while (true)
        {
            var ended = running.Where(r => r.Value.IsCompleted).Select(r => r.Key).ToList();
            foreach (var chat in ended)
            {
                running.Remove(chat, out var task);
                queue.Remove(chat);
                var end = await task!;
                look.Note(end);
                if (end.TokenWait is { } wait)
                    Hold(platform.Name, wait);
            }

            if (ct.IsCancellationRequested)
                return;
            var stop = HeldFor(platform.Name) > TimeSpan.Zero;
            var pause = TimeSpan.Zero;
            if (!stop)
            {
                Find(platform.Name, queue, look, ended);
                pause = Begin(platform, lease, queue, running, signal.Wake);
            }

            if (running.Count == 0 && (stop || queue.IsEmpty))
                return;
            await (stop ? (Task)Task.WhenAny([.. running.Values, Task.Delay(Rest(platform.Name), time, ct)]) : signal.SleepAsync(Next(queue, look, pause), ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Adds the chats in which something may go now: all of them when the table may have changed, else those whose turn has ended.</summary>
    private void Find(string platform, ChatQueue queue, Look look, List<long> ended)
    {
        var now = time.GetUtcNow();
        if (look.IsDue(outbox.Version, now, isIdle: !queue.HasReady))
        {
            look.Begin(outbox.Version);
            var most = ChatsPerLook + queue.Count;
            var due = storage.Read(statements => DeliveryStore.Due(statements, platform, now, most));
            due.ForEach(queue.Add);
            look.End(NextDue(platform, now), isAll: due.Count < most);
            return;
        }

        foreach (var chat in ended)
        {
            if (storage.Read(statements => DeliveryStore.TurnOf(statements, platform, chat, now)) is { } turn)
                queue.Add(turn);
        }
    }

    /// <summary>Begins turns for as long as the platform admits.</summary>
    /// <returns>How long the whole token has to wait for its next place; zero when that is not what ended it.</returns>
    private TimeSpan Begin(IChatPlatform platform, SenderLease lease, ChatQueue queue, Dictionary<long, Task<TurnEnd>> running, Action wake)
    {
        while (running.Count < ChatsAtOnce && queue.TryPeek(out var turn))
        {
            switch (platform.Admit(turn.Chat))
            {
                case Admission.Granted granted:
                    queue.Take();
                    var task = turns.TakeAsync(platform, lease, turn, granted);
                    running.Add(turn.ChatId, task);
                    _ = task.ContinueWith(_ => wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    break;
                case Admission.Wait { WholeToken: true } wait:
                    return wait.Delay;
                case Admission.Wait wait:
                    queue.Wait(wait.Delay);
                    break;
            }
        }

        return TimeSpan.Zero;
    }

    private DateTimeOffset? Next(ChatQueue queue, Look look, TimeSpan pause)
    {
        var next = look.Next;
        foreach (var wait in (ReadOnlySpan<TimeSpan?>)[queue.NextIn, pause > TimeSpan.Zero ? pause : null])
        {
            if (wait is { } delay && time.GetUtcNow() + delay is var then && !(next < then))
                next = then;
        }

        return next;
    }

    private DateTimeOffset? NextDue(string platform, DateTimeOffset after) => storage.Read(statements => DeliveryStore.NextDue(statements, platform, after));

    private TimeSpan HeldFor(string platform) => _tokenHolds.TryGetValue(platform, out var until) ? time.GetElapsedTime(time.GetTimestamp(), until) : TimeSpan.Zero;

    private TimeSpan Rest(string platform) => HeldFor(platform) is var held && held > TimeSpan.Zero ? held : TimeSpan.Zero;

    private void Hold(string platform, TimeSpan delay)
    {
        var until = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        _tokenHolds.AddOrUpdate(platform, until, (_, before) => Math.Max(before, until));
    }

    /// <summary>When the whole table is looked at: after a wake, at the next due time, after a turn that left its chat waiting. A look may take a tenth of the time, however long the table is.</summary>
    private sealed class Look(TimeProvider time)
    {
        private const int Share = 9;

        private long _version;
        private bool _isWanted = true;
        private bool _isAll = true;
        private long _begun;
        private TimeSpan _cost;
        private DateTimeOffset? _nextDue;

        /// <summary>When it is due by itself.</summary>
        public DateTimeOffset? Next => _isWanted ? time.GetUtcNow() + Rest : _nextDue;

        private TimeSpan Rest => (_cost * (1 + Share)) - time.GetElapsedTime(_begun) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

        public void Note(TurnEnd end) => _isWanted |= !end.IsDone;

        public bool IsDue(long version, DateTimeOffset now, bool isIdle)
        {
            _isWanted |= version != _version || _nextDue <= now || (isIdle && !_isAll);
            return _isWanted && Rest == TimeSpan.Zero;
        }

        public void Begin(long version) => (_version, _begun) = (version, time.GetTimestamp());

        public void End(DateTimeOffset? nextDue, bool isAll) => (_cost, _nextDue, _isAll, _isWanted) = (time.GetElapsedTime(_begun), nextDue, isAll, false);
    }
}
