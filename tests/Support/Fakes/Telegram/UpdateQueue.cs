using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>
/// What the bot has not confirmed yet. <c>getUpdates</c> takes from it, and the offset of the next call confirms; a webhook is sent one after the other.
/// Besides what people do, a test can put in what a server in trouble would: repetitions, gaps, disorder, text that is no update.
/// </summary>
internal sealed class UpdateQueue(FakeTelegram world)
{
    private const int Longest = 50;

    /// <summary>How long an update waits for a bot that does not come.</summary>
    private static readonly TimeSpan _kept = TimeSpan.FromHours(24);

    /// <summary>The kinds that a bot gets only if it asks for them by name.</summary>
    private static readonly string[] _onRequest = ["chat_member", "message_reaction", "message_reaction_count"];

    private readonly List<Entry> _entries = [];
    private readonly List<Entry> _all = [];
    private TaskCompletionSource<bool>? _poll;
    private long _lastId = 700_000_000;
    private string[] _allowed = [];
    private (long Offset, DateTimeOffset At) _lastPoll;

    /// <summary>The highest id that the bot has confirmed; 0 before the first.</summary>
    public long Confirmed { get; private set; }

    /// <summary>
    /// As the real server: a poll with the offset of the one before, begun within 3 s of it, waits up to 3 s even if it asks for no wait, and within 0.5 s gives one update only.
    /// Off by default, since it makes quick tests slow.
    /// </summary>
    public bool SlowsRepeatedPolls { get; set; }

    /// <summary>The kinds that the bot asked for last; empty means all but those on request.</summary>
    public IReadOnlyList<string> Allowed
    {
        get
        {
            lock (world.Lock)
                return [.. _allowed];
        }
    }

    /// <summary>The ids that wait to be taken or confirmed, in the order in which they would be given.</summary>
    public IReadOnlyList<long> Pending
    {
        get
        {
            lock (world.Lock)
                return [.. _entries.Select(entry => entry.Id)];
        }
    }

    /// <summary>The id of the newest update.</summary>
    public long LastId
    {
        get
        {
            lock (world.Lock)
                return _lastId;
        }
    }

    /// <summary>Queues an update if the bot wants its kind, and gives its id (0 if it does not).</summary>
    public long Queue(string kind, JsonObject what)
    {
        lock (world.Lock)
        {
            if (!(_allowed.Length == 0 ? !_onRequest.Contains(kind, StringComparer.Ordinal) : _allowed.Contains(kind, StringComparer.Ordinal)))
                return 0;
            var json = new JsonObject { ["update_id"] = ++_lastId, [kind] = what };
            world.CheckValue("Update", json);
            Add(new(_lastId, json.ToJsonString(), world.Clock.GetUtcNow()));
            return _lastId;
        }
    }

    /// <summary>Queues any text in the place of an update; <c>{id}</c> in it becomes the next id. It is checked against nothing.</summary>
    public long QueueRaw(string json)
    {
        lock (world.Lock)
        {
            Add(new(++_lastId, json.Replace("{id}", $"{_lastId}", StringComparison.Ordinal), world.Clock.GetUtcNow()));
            return _lastId;
        }
    }

    /// <summary>Gives an update again under its old id, whether or not it was confirmed.</summary>
    public void SendAgain(long id)
    {
        lock (world.Lock)
            Add(_all.First(entry => entry.Id == id) with { At = world.Clock.GetUtcNow(), Stray = true, Given = false });
    }

    /// <summary>Leaves out so many ids, as the real server does.</summary>
    public void SkipIds(int count)
    {
        lock (world.Lock)
            _lastId += count;
    }

    /// <summary>Goes on counting from another number, as the real server does after a quiet week; it may be lower.</summary>
    public void CountFrom(long id)
    {
        lock (world.Lock)
            _lastId = id - 1;
    }

    /// <summary>Turns the order of what waits around.</summary>
    public void ReversePending()
    {
        lock (world.Lock)
            _entries.Reverse();
    }

    /// <summary>Waits until everything up to an id (by default the newest) is confirmed.</summary>
    public async Task WaitForConfirmedAsync(long? id = null, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var wanted = id ?? LastId;
        await world.Changed.UntilAsync(() => Confirmed >= wanted ? this : null, timeout ?? world.Patience, () => $"Confirmed is {Confirmed}, not {wanted}. {world.Scene()}", ct);
    }

    /// <summary>Waits until somebody holds a long poll open.</summary>
    public async Task WaitForPollAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        await world.Changed.UntilAsync(() => IsPolled() ? this : null, timeout ?? world.Patience, () => $"Nobody polls. {world.Scene()}", ct);

    internal void Allow(JsonNode? kinds)
    {
        if (kinds is JsonArray list)
            _allowed = [.. list.Select(kind => kind!.GetValue<string>())];
    }

    /// <summary>One <c>getUpdates</c>: the array's text. The older of two polls that wait is refused.</summary>
    internal async Task<string> PollAsync(ApiCall call, CancellationToken ct)
    {
        var offset = call.Integer("offset");
        var limit = (int)Math.Clamp(call.Integer("limit", 100), 1, 100);
        var timeout = Math.Clamp(call.Integer("timeout"), 0, Longest);
        TaskCompletionSource<bool> poll;
        Task wait;
        lock (world.Lock)
        {
            if (world.Webhook.Url is not null)
                throw Refusal.Conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
            Allow(call.Json("allowed_updates", "allowed updates"));
            var now = world.Clock.GetUtcNow();
            if (SlowsRepeatedPolls && offset == _lastPoll.Offset && now < _lastPoll.At.AddSeconds(3))
            {
                timeout = Math.Max(timeout, 3);
                limit = now < _lastPoll.At.AddSeconds(0.5) ? 1 : limit;
            }

            _lastPoll = (offset, now);
            Confirm(offset);
            _entries.RemoveAll(entry => entry.At + _kept < now);
            if (_entries.Count > 0 || timeout == 0)
                return Take(limit);
            EndPoll("terminated by other getUpdates request; make sure that only one bot instance is running");
            poll = _poll = new(TaskCreationOptions.RunContinuationsAsynchronously);
            // Before anybody learns of the poll its time is running, so that a test may move the clock.
            wait = poll.Task.WaitAsync(TimeSpan.FromSeconds(timeout), world.Clock, ct);
            world.Changed.Ring();
        }

        try
        {
            await wait;
        }
        catch (TimeoutException)
        {
            // Nothing came: an empty answer.
        }
        finally
        {
            lock (world.Lock)
                _poll = _poll == poll ? null : _poll;
        }

        lock (world.Lock)
            return Take(limit);
    }

    /// <summary>Ends a poll that waits, with 409 and these words.</summary>
    internal void EndPoll(string why)
    {
        _poll?.TrySetException(Refusal.Conflict(why));
        _poll = null;
    }

    internal void Clear() => _entries.Clear();

    internal Entry? First()
    {
        lock (world.Lock)
            return _entries.FirstOrDefault();
    }

    internal void Delivered(Entry entry)
    {
        lock (world.Lock)
        {
            _entries.Remove(entry);
            Confirmed = Math.Max(Confirmed, entry.Id);
            world.Changed.Ring();
        }
    }

    private void Add(Entry entry)
    {
        _entries.Add(entry);
        _all.Add(entry);
        _poll?.TrySetResult(true);
        _poll = null;
        world.Changed.Ring();
    }

    private bool IsPolled()
    {
        lock (world.Lock)
            return _poll is not null;
    }

    private void Confirm(long offset)
    {
        if (offset < 0)
        {
            _entries.RemoveRange(0, Math.Max(0, _entries.Count + (int)Math.Max(offset, -_entries.Count)));
            return;
        }

        // A stray one has an old id, so that an offset cannot tell whether it was taken: it is given once.
        if (_entries.RemoveAll(entry => entry.Stray ? entry.Given : entry.Id < offset) > 0 || offset > Confirmed + 1)
        {
            Confirmed = Math.Max(Confirmed, offset - 1);
            world.Changed.Ring();
        }
    }

    private string Take(int limit)
    {
        var taken = _entries.Take(limit).ToList();
        foreach (var entry in taken)
            entry.Given = true;
        return $"[{string.Join(',', taken.Select(entry => entry.Json))}]";
    }

    internal sealed record Entry(long Id, string Json, DateTimeOffset At, bool Stray = false)
    {
        public bool Given { get; set; }
    }
}
