namespace Notifier.Deliveries;

/// <summary>
/// The chats of one platform that have something to send now, oldest first, and those that have to wait a moment for their place. A chat is in it once, from
/// when it is added until it is removed, also while its turn is taken. In memory: what it forgets at a restart, the database tells again.
/// </summary>
internal sealed class ChatQueue(TimeProvider time)
{
    /// <summary>After that the platform is asked again: the chat may have moved, or been set free.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly PriorityQueue<ChatTurn, long> _ready = new();
    private readonly PriorityQueue<ChatTurn, long> _waiting = new();
    private readonly HashSet<long> _chats = [];

    public bool IsEmpty => _ready.Count + _waiting.Count == 0;

    /// <summary>Somebody's turn it is, or will be as soon as there is a place for it.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>How many chats are in it.</summary>
    public int Count => _chats.Count;

    /// <summary>How long until the next chat need not wait any more; null when none waits.</summary>
    public TimeSpan? NextIn => _waiting.TryPeek(out _, out var until) ? time.GetElapsedTime(time.GetTimestamp(), until) : null;

    public void Add(ChatTurn turn)
    {
        if (_chats.Add(turn.ChatId))
            _ready.Enqueue(turn, turn.Order);
    }

    /// <summary>The turn is over, or there is nothing to send there.</summary>
    public void Remove(long chatId) => _chats.Remove(chatId);

    /// <summary>The chat whose turn it is; it stays until <see cref="Take"/> or <see cref="Wait"/>.</summary>
    public bool TryPeek(out ChatTurn turn)
    {
        while (_waiting.TryPeek(out var waited, out var until) && time.GetElapsedTime(time.GetTimestamp(), until) <= TimeSpan.Zero)
        {
            _waiting.Dequeue();
            _ready.Enqueue(waited, waited.Order);
        }

        return _ready.TryPeek(out turn!, out _);
    }

    public void Take() => _ready.Dequeue();

    /// <summary>The chat whose turn it is has no place yet: another one's turn comes first.</summary>
    public void Wait(TimeSpan delay) =>
        _waiting.Enqueue(_ready.Dequeue(), time.GetTimestamp() + (long)((delay < LongestWait ? delay : LongestWait).TotalSeconds * time.TimestampFrequency));
}
