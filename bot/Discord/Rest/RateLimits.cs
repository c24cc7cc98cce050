using System.Diagnostics.CodeAnalysis;

namespace Notifier.Bot.Discord.Rest;

/// <summary>
/// Keeps Notifier within Discord's limits by not sending what would be refused: the limit of each bucket, 50 requests a second in all, and the invalid requests for
/// which an address is banned. One for a token; safe to use concurrently. See https://docs.discord.com/developers/topics/rate-limits.
/// </summary>
internal sealed class RateLimits(TimeProvider time)
{
    /// <summary>In any one second at most the sum of both leaves us, one below Discord's 50.</summary>
    private const double PerSecond = 45, Burst = 4;

    /// <summary>Of the 10,000 in ten minutes that get an address banned; others may use the same address.</summary>
    private const int MaxInvalid = 8_000;

    private static readonly TimeSpan InvalidWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();

    /// <summary>By what shares a limit (Discord's name for it once known, else method and route) and by major values.</summary>
    private readonly Dictionary<(string Group, string Major), RateBucket> _buckets = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Queue<TimeSpan> _invalid = new();

    private double _tokens = Burst;
    private TimeSpan _filled;
    private TimeSpan _tokenFree;
    private TimeSpan _addressFree;
    private TimeSpan _swept;

    /// <summary>How many buckets are remembered.</summary>
    public int Buckets
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Whether the request may go now. Whoever gets a permit gives it back.</summary>
    public bool TryReserve(DiscordRequest request, [NotNullWhen(true)] out RatePermit? permit, [NotNullWhen(false)] out DiscordAnswer.Wait? wait)
    {
        lock (_lock)
        {
            var now = Now;
            (permit, wait) = (null, null);
            if (GlobalDelay(request, now) is { } delay)
            {
                wait = new DiscordAnswer.Wait(delay, IsGlobal: true);
                return false;
            }

            var bucket = BucketOf(request, now);
            if (bucket.Reserve(now) is { } busy)
            {
                wait = new DiscordAnswer.Wait(busy, IsGlobal: false);
                return false;
            }

            if (!request.IsByToken)
                _tokens--;
            permit = new RatePermit(this, request, bucket);
            return true;
        }
    }

    internal void Learn(RatePermit permit, RateHeaders answer)
    {
        lock (_lock)
        {
            var now = Now;
            var bucket = Named(permit, answer.Bucket);
            bucket.Learn(answer, now);
            if (answer.IsInvalid)
                _invalid.Enqueue(now);
            if (answer is { Delay: { } delay, Scope: RateScope.Token })
                _tokenFree = Later(_tokenFree, now + delay);
            else if (answer is { Delay: { } longer, Scope: RateScope.Address })
                _addressFree = Later(_addressFree, now + longer);
        }
    }

    internal void Release(RatePermit permit)
    {
        lock (_lock)
            Current(permit.Bucket).Release();
    }

    internal void Lose(RatePermit permit)
    {
        lock (_lock)
            Current(permit.Bucket).Lose(Now);
    }

    private TimeSpan? GlobalDelay(DiscordRequest request, TimeSpan now)
    {
        while (_invalid.TryPeek(out var oldest) && oldest + InvalidWindow <= now)
            _invalid.Dequeue();
        if (_invalid.Count >= MaxInvalid)
            return _invalid.Peek() + InvalidWindow - now;
        if (_addressFree > now)
            return _addressFree - now;
        if (request.IsByToken)
            return null;
        if (_tokenFree > now)
            return _tokenFree - now;

        _tokens = Math.Min(Burst, _tokens + ((now - _filled).TotalSeconds * PerSecond));
        _filled = now;
        // Whoever comes too early comes back when there is room for a few, not for one.
        return _tokens >= 1 ? null : TimeSpan.FromSeconds((Burst - _tokens) / PerSecond);
    }

    private RateBucket BucketOf(DiscordRequest request, TimeSpan now)
    {
        Sweep(now);
        if (_buckets.TryGetValue((request.Group, request.Major), out var bucket))
            return bucket;
        var group = _names.GetValueOrDefault(request.Group, request.Group);
        if (!_buckets.TryGetValue((group, request.Major), out bucket))
            _buckets[(group, request.Major)] = bucket = new RateBucket(group, request.Major);
        return bucket;
    }

    /// <summary>The bucket of a request once Discord has named it: routes that were thought apart may be one.</summary>
    private RateBucket Named(RatePermit permit, string? name)
    {
        var bucket = Current(permit.Bucket);
        if (name is null)
            return bucket;
        _names[permit.Request.Group] = name;
        if (bucket.Group == name)
            return bucket;

        _buckets.Remove((bucket.Group, bucket.Major));
        if (_buckets.TryGetValue((name, bucket.Major), out var known))
        {
            bucket.MergeInto(known);
            return known;
        }

        bucket.Group = name;
        return _buckets[(name, bucket.Major)] = bucket;
    }

    private void Sweep(TimeSpan now)
    {
        if (now - _swept < Idle)
            return;
        _swept = now;
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsIdle(now, Idle))
                _buckets.Remove(key);
        }
    }

    private static RateBucket Current(RateBucket bucket)
    {
        while (bucket.Successor is { } next)
            bucket = next;
        return bucket;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
