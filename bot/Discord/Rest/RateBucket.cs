namespace Notifier.Bot.Discord.Rest;

/// <summary>
/// What we know of one of Discord's limits: so many requests in a window of time. Requests on their way count as if Discord had not counted them yet, so that
/// concurrent ones never overshoot. Times are since <see cref="RateLimits"/> began; it holds the lock.
/// </summary>
internal sealed class RateBucket(string group, string major)
{
    /// <summary>How long to wait for an answer that tells more, when there is no better time to name.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    /// <summary>The only early requests ever seen came from the window's very edge.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(75);

    private int? _limit;
    private int _lowest;
    private TimeSpan? _reset;
    private TimeSpan _window;
    private TimeSpan _used;

    public string Group { get; set; } = group;

    public string Major => major;

    public int InFlight { get; private set; }

    /// <summary>Set when another route turned out to share this limit: the other bucket knows more.</summary>
    public RateBucket? Successor { get; private set; }

    /// <summary>Takes a place for one request. Null if there is one, else how long to wait.</summary>
    public TimeSpan? Reserve(TimeSpan now)
    {
        StartWindow(now);
        _used = now;
        // Of a limit that is not known yet, one request at a time finds it out.
        var free = _reset is not null && _lowest == 0 ? 0 : (_limit is null ? 1 : _lowest) - InFlight;
        if (free <= 0)
            return _lowest == 0 && _reset is { } reset ? reset - now : Soon;
        InFlight++;
        return null;
    }

    /// <summary>The request never reached Discord.</summary>
    public void Release() => InFlight--;

    /// <summary>Its answer was lost: Discord may have counted it.</summary>
    public void Lose(TimeSpan now)
    {
        InFlight--;
        if (_limit is null)
            return;
        _lowest = Math.Max(0, _lowest - 1);
        _reset = Later(_reset, now + _window + Margin);
    }

    public void Learn(RateHeaders answer, TimeSpan now)
    {
        StartWindow(now);
        InFlight--;
        // The global limit says nothing about this one.
        if (answer.Scope is RateScope.Token or RateScope.Address || answer.Remaining is not { } remaining || answer.ResetAfter is not { } after)
            return;

        if (answer.Status != 429)
            _window = after > _window ? after : _window;
        // Answers overtake each other: the lowest of a window is the last that Discord gave.
        _lowest = _limit is null && _reset is null ? remaining : Math.Min(_lowest, remaining);
        _limit = answer.Limit is > 0 ? answer.Limit : _limit;
        _reset = Later(_reset, now + after + Margin);
    }

    /// <summary>Another route has the same limit. What is on its way here is counted there from now on.</summary>
    public void MergeInto(RateBucket other)
    {
        Successor = other;
        other.InFlight += InFlight;
        InFlight = 0;
    }

    public bool IsIdle(TimeSpan now, TimeSpan since) => InFlight == 0 && !(_reset > now) && now - _used > since;

    private void StartWindow(TimeSpan now)
    {
        if (!(_reset <= now))
            return;
        _lowest = _limit ?? 0;
        // When the next one ends, its first answer tells.
        _reset = null;
    }

    private static TimeSpan Later(TimeSpan? one, TimeSpan other) => one > other ? one.Value : other;
}
