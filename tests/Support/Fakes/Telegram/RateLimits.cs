using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>
/// Telegram's limits on sending, of which it publishes about this much: 30 messages a second for a bot, one a second for a chat (short bursts
/// are tolerated), 20 a minute for a group. Only messages that are sent count; edits and other methods do not.
/// </summary>
internal sealed class RateLimits(TimeProvider clock)
{
    private readonly Queue<DateTimeOffset> _bot = [];
    private readonly Dictionary<long, Queue<DateTimeOffset>> _groups = [];
    private readonly Dictionary<long, (double Left, DateTimeOffset At)> _chats = [];

    public bool Enforced { get; set; } = true;

    /// <summary>Messages a second in all.</summary>
    public int PerSecond { get; set; } = 30;

    /// <summary>Messages that a quiet chat takes at once before one a second holds.</summary>
    public int Burst { get; set; } = 3;

    /// <summary>Messages a minute in a group or supergroup.</summary>
    public int PerGroupMinute { get; set; } = 20;

    /// <summary>How often the fake answered 429 by these limits.</summary>
    public int Exceeded { get; private set; }

    /// <summary>Takes the place of one message, or refuses with the whole seconds to wait. Call it under the world's lock.</summary>
    internal void Take(FakeTelegramChat chat)
    {
        if (!Enforced)
            return;
        var now = clock.GetUtcNow();
        Refuse(Wait(_bot, PerSecond, TimeSpan.FromSeconds(1), now));
        var (left, at) = _chats.GetValueOrDefault(chat.Id, (Burst, now));
        left = Math.Min(Burst, left + (now - at).TotalSeconds);
        Refuse(left < 1 ? TimeSpan.FromSeconds(1 - left) : TimeSpan.Zero);
        var group = chat.IsGroup ? Of(chat.Id) : null;
        if (group is not null)
            Refuse(Wait(group, PerGroupMinute, TimeSpan.FromMinutes(1), now));

        _bot.Enqueue(now);
        _chats[chat.Id] = (left - 1, now);
        group?.Enqueue(now);
    }

    private static TimeSpan Wait(Queue<DateTimeOffset> sent, int most, TimeSpan window, DateTimeOffset now)
    {
        while (sent.TryPeek(out var oldest) && oldest + window <= now)
            sent.Dequeue();
        return sent.Count < most ? TimeSpan.Zero : sent.Peek() + window - now;
    }

    private Queue<DateTimeOffset> Of(long chat)
    {
        if (!_groups.TryGetValue(chat, out var sent))
            _groups[chat] = sent = [];
        return sent;
    }

    private void Refuse(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
            return;
        Exceeded++;
        throw Refusal.TooManyRequests(Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)));
    }
}
