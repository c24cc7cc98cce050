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

    /// <summary>Null until known.</summary>
    private int? _limit;

    /// <summary>The least that was left in this window by any answer: answers overtake each other, and the least is the last that Discord gave.</summary>
    private int _left;

    /// <summary>When this window ends. Null if it has not begun as far as we know: its first answer tells.</summary>
    private TimeSpan? _end;

    /// <summary>How much is left is not known: one request alone finds it out.</summary>
    private bool _isUnsure = true;
    private bool _isFindingOut;

    /// <summary>How many answers were lost in this window, and may be missing in <see cref="_left"/>.</summary>
    private int _lost;

    /// <summary>The longest that a window was ever said to last.</summary>
    private TimeSpan _longest;
    private TimeSpan _used;

    public string Group { get; set; } = group;

    public string Major => major;

    public int InFlight { get; private set; }

    /// <summary>Set when another route turned out to share this limit: the other bucket knows more.</summary>
    public RateBucket? Successor { get; private set; }

    private int Left => _left - _lost;

    /// <summary>How long until there is a place for one request; zero for now.</summary>
    public TimeSpan Wait(TimeSpan now)
    {
        StartWindow(now);
        _used = now;
        if (_end is { } end && Left <= 0)
        {
            // Of the next window what is on its way by then, or taken ahead, is gone.
            return (_isUnsure ? 1 : _limit) > InFlight || end - now > Soon ? end - now : Soon;
        }

        return (_isUnsure ? 1 : Left) > InFlight ? TimeSpan.Zero : Soon;
    }

    /// <summary>Takes the next place; it may be one of the next window, and the request has to wait for it.</summary>
    public void Take()
    {
        _isFindingOut = _isUnsure;
        InFlight++;
    }

    /// <summary>The request never reached Discord.</summary>
    public void Release() => InFlight--;

    /// <summary>Its answer was lost: Discord may have counted it, and a new window may have begun with it.</summary>
    public void Lose(TimeSpan now)
    {
        StartWindow(now);
        InFlight--;
        (_isUnsure, _isFindingOut) = (true, false);
        _lost++;
        if (_limit is not null && Left <= 0)
            _end ??= now + _longest + Margin;
    }

    public void Learn(RateHeaders answer, TimeSpan now)
    {
        StartWindow(now);
        InFlight--;
        // The token's and the address's limits say nothing about this one.
        if (answer.Scope is RateScope.Token or RateScope.Address || answer is not { Remaining: { } left, ResetAfter: { } after })
            return;

        if (answer.Delay is null && after > _longest)
            _longest = after;
        _limit = answer.Limit is > 0 ? answer.Limit : _limit;
        _left = _isFindingOut || _limit is null ? left : Math.Min(_left, left);
        _end = !(_end > now + after + Margin) ? now + after + Margin : _end;
        _isUnsure = _limit is null || (_isUnsure && !_isFindingOut);
        _lost = _isUnsure ? _lost : 0;
        _isFindingOut = false;
    }

    /// <summary>Another route has the same limit. What is on its way here is counted there from now on.</summary>
    public void MergeInto(RateBucket other)
    {
        Successor = other;
        other.InFlight += InFlight;
        InFlight = 0;
    }

    public bool IsIdle(TimeSpan now, TimeSpan since) => InFlight == 0 && !(_end > now) && now - _used > since;

    private void StartWindow(TimeSpan now)
    {
        if (_end is null || _end > now)
            return;
        (_left, _lost, _end) = (_limit ?? 0, 0, null);
    }
}
