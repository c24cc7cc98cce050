namespace Notifier.Bot.Telegram;

/// <summary>
/// How fast Telegram lets a bot write: about 30 messages a second in all, one a second to a chat (a few may come at once), 20 a minute to a
/// group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
/// </summary>
internal sealed class TelegramPace(TimeProvider time)
{
    private const int MostChats = 10_000;

    /// <summary>Requests do not arrive as evenly as they leave: the spans are a little longer than Telegram's.</summary>
    private const double Room = 1.03;

    private static readonly (int Count, TimeSpan Span) All = (30, TimeSpan.FromSeconds(1) * Room);
    private static readonly (int Count, TimeSpan Span) Chat = (3, TimeSpan.FromSeconds(3) * Room);
    private static readonly (int Count, TimeSpan Span) Group = (20, TimeSpan.FromMinutes(1) * Room);

    private readonly Lock _lock = new();
    private readonly Queue<long> _all = new();
    private readonly Dictionary<string, Queue<long>> _chats = new(StringComparer.Ordinal);

    /// <summary>Takes a place for one message to a chat.</summary>
    /// <param name="isForAll">It is the limit of the whole bot that is reached, not this chat's.</param>
    /// <returns>Zero when it may go now; else how long to wait, and no place was taken.</returns>
    public TimeSpan Take(string chat, out bool isForAll)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_chats.Count > MostChats)
                Forget(now);
            if (!_chats.TryGetValue(chat, out var sent))
                _chats[chat] = sent = new Queue<long>();
            var isGroup = chat.StartsWith('-');
            var ofChat = Longest(Wait(sent, Chat, now), isGroup ? Wait(sent, Group, now) : TimeSpan.Zero);
            var wait = Longest(Wait(_all, All, now), ofChat);
            isForAll = wait > ofChat;
            if (wait > TimeSpan.Zero)
                return wait;
            Put(_all, All.Count, now);
            Put(sent, isGroup ? Group.Count : Chat.Count, now);
            return TimeSpan.Zero;
        }
    }

    private static TimeSpan Longest(params ReadOnlySpan<TimeSpan> waits)
    {
        var longest = TimeSpan.Zero;
        foreach (var wait in waits)
            longest = wait > longest ? wait : longest;
        return longest;
    }

    private static void Put(Queue<long> sent, int count, long now)
    {
        while (sent.Count >= count)
            sent.Dequeue();
        sent.Enqueue(now);
    }

    /// <summary>Until the last but <c>Count</c> message is as old as the span.</summary>
    private TimeSpan Wait(Queue<long> sent, (int Count, TimeSpan Span) limit, long now)
    {
        if (sent.Count < limit.Count)
            return TimeSpan.Zero;
        var left = limit.Span - time.GetElapsedTime(sent.ElementAt(sent.Count - limit.Count), now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Forget(long now)
    {
        foreach (var (chat, sent) in _chats.Where(pair => pair.Value.Count == 0 || time.GetElapsedTime(pair.Value.Last(), now) > Group.Span).ToList())
            _chats.Remove(chat);
    }
}
