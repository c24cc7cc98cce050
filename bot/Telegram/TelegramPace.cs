using Notifier.Chats;

namespace Notifier.Bot.Telegram;

/// <summary>
/// How fast Telegram lets a bot write: about 30 messages a second in all, one a second to a chat (a few may come at once), 20 a minute to a
/// group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Deliveries and answers to commands share it: while
/// both wait, every tenth place is an answer's. Safe to use concurrently.
/// </summary>
internal sealed class TelegramPace(TimeProvider time)
{
    private const int MostChats = 10_000;

    /// <summary>Deliveries to one answer while both wait, so that neither starves the other.</summary>
    private const int DeliveriesToAnAnswer = 9;

    /// <summary>So soon a place is given before it is free: the message is composed meanwhile.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(60);

    /// <summary>Until whoever's turn it is has come for the place.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    /// <summary>So much later than told somebody may come back for a place.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    /// <summary>Two chats that are refused within this time run into the limit of the bot.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that is believed to be the whole bot's: its limit is of a second, a longer wait is one chat's.</summary>
    private static readonly TimeSpan LongestOfAll = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly RateGate _all = new(30, TimeSpan.FromMilliseconds(1003), time);
    private readonly Dictionary<string, ChatPace> _chats = new(StringComparer.Ordinal);

    private TimeSpan _free;
    private (string Chat, TimeSpan At)? _refused;

    /// <summary>Until then somebody comes for a place who was told to wait for the limit of all.</summary>
    private TimeSpan _deliveryComes;
    private TimeSpan _answerComes;
    private int _sinceAnswer;

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>A place for a delivery to a chat.</summary>
    public Admission Admit(string chat) => Admit(chat, isAnswer: false);

    /// <summary>A place for the answer to a command.</summary>
    public Admission AdmitAnswer(string chat) => Admit(chat, isAnswer: true);

    /// <summary>Telegram asks to wait (429), and does not say whose limit it is: nothing goes to the chat until then, nor anywhere if another chat was refused just now.</summary>
    /// <returns>Whether everything waits.</returns>
    public bool Refused(string chat, TimeSpan delay)
    {
        lock (_lock)
        {
            var now = Now;
            var isAll = _refused is { } last && last.Chat != chat && now - last.At < Together && delay <= LongestOfAll;
            _refused = (chat, now);
            var pace = Of(chat);
            pace.Free = Later(pace.Free, now + delay);
            if (isAll)
                _free = Later(_free, now + delay);
            return isAll;
        }
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private Admission Admit(string chat, bool isAnswer)
    {
        lock (_lock)
        {
            var now = Now;
            var pace = Of(chat);
            var (own, all) = (Later(pace.Wait(), pace.Free - now), Later(_all.Wait(), _free - now));
            if (Later(own, all) <= Near && IsOthersTurn(isAnswer, now))
                all = Near + Soon;
            var wait = Later(Later(own, all), TimeSpan.Zero);
            if (wait > Near)
            {
                if (all > own)
                    Expect(isAnswer, now + wait - Near + Late);
                return new Admission.Wait(wait - Near, WholeToken: all > own);
            }

            _sinceAnswer = isAnswer ? 0 : Math.Min(_sinceAnswer + 1, DeliveriesToAnAnswer);
            _all.Take();
            pace.Take();
            return new Admission.Granted(new TelegramPermit(wasSent => End(pace, wasSent)), wait);
        }
    }

    private bool IsOthersTurn(bool isAnswer, TimeSpan now) => isAnswer
        ? now < _deliveryComes && _sinceAnswer < DeliveriesToAnAnswer
        : now < _answerComes && _sinceAnswer >= DeliveriesToAnAnswer;

    private void Expect(bool isAnswer, TimeSpan until)
    {
        if (isAnswer)
            _answerComes = Later(_answerComes, until);
        else
            _deliveryComes = Later(_deliveryComes, until);
    }

    private void End(ChatPace pace, bool wasSent)
    {
        lock (_lock)
        {
            if (wasSent)
                _all.Answered();
            else
                _all.GiveBack();
            pace.End(wasSent);
        }
    }

    private ChatPace Of(string chat)
    {
        if (_chats.TryGetValue(chat, out var pace))
            return pace;
        if (_chats.Count >= MostChats)
        {
            foreach (var (name, _) in _chats.Where(known => known.Value.IsIdle && known.Value.Free <= Now).ToList())
                _chats.Remove(name);
        }

        return _chats[chat] = new ChatPace(isGroup: chat.StartsWith('-'), time);
    }

    /// <summary>The limits of one chat: three in three seconds never come faster than one a second with bursts of three.</summary>
    private sealed class ChatPace(bool isGroup, TimeProvider time)
    {
        private readonly RateGate _short = new(3, TimeSpan.FromMilliseconds(3006), time);
        private readonly RateGate? _long = isGroup ? new RateGate(20, TimeSpan.FromMilliseconds(60_100), time) : null;

        /// <summary>Not before, as Telegram said.</summary>
        public TimeSpan Free { get; set; }

        public bool IsIdle => _short.IsIdle && _long?.IsIdle != false;

        public TimeSpan Wait() => Later(_short.Wait(), _long?.Wait() ?? TimeSpan.Zero);

        public void Take()
        {
            _short.Take();
            _long?.Take();
        }

        public void End(bool wasSent)
        {
            foreach (var gate in new[] { _short, _long }.OfType<RateGate>())
            {
                if (wasSent)
                    gate.Answered();
                else
                    gate.GiveBack();
            }
        }
    }
}
