using System.Diagnostics.CodeAnalysis;
using Notifier.Chats;

namespace Notifier.Bot.Discord.Rest;

/// <summary>
/// Keeps Notifier within Discord's limits by not sending what would be refused: the limit of each bucket, 50 requests a second in all, and the invalid requests for
/// which an address is banned. One for a token; safe to use concurrently. See https://docs.discord.com/developers/topics/rate-limits.
/// </summary>
internal sealed class RateLimits(TimeProvider time)
{
    /// <summary>Of the 10,000 in ten minutes that get an address banned; others may use the same address.</summary>
    private const int MaxInvalid = 8_000;

    private static readonly TimeSpan InvalidWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    /// <summary>So soon a place is given before it is free: the message is composed meanwhile. Shorter than any wait for what is not known yet.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(60);

    /// <summary>
    /// So soon a question takes its place among the 50 a second: before any message, which together may take every place. Half of a second, since of a whole one it
    /// is not known which places will be free.
    /// </summary>
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly RateGate _all = new(50, TimeSpan.FromMilliseconds(1003), time);

    /// <summary>By what shares a limit (Discord's name for it once known, else method and route) and by major values.</summary>
    private readonly Dictionary<(string Group, string Major), RateBucket> _buckets = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Queue<TimeSpan> _invalid = new();

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
    /// <param name="wait">How long not; zero with a permit.</param>
    public bool TryReserve(DiscordRequest request, [NotNullWhen(true)] out RatePermit? permit, out DiscordAnswer.Wait wait)
    {
        lock (_lock)
        {
            permit = Reserve(request, TimeSpan.Zero, TimeSpan.Zero, out wait);
            return permit is not null;
        }
    }

    /// <summary>The same for a question that others wait for: it takes its place before any message does, and before the place is free.</summary>
    /// <param name="wait">How long there is none; with a permit, until its place is free.</param>
    public bool TryReserveFirst(DiscordRequest request, [NotNullWhen(true)] out RatePermit? permit, out DiscordAnswer.Wait wait)
    {
        lock (_lock)
        {
            permit = Reserve(request, Near, First, out wait);
            return permit is not null;
        }
    }

    /// <summary>Takes a place for a request that is yet to be made, perhaps a little before the place is free.</summary>
    public Admission Admit(DiscordRequest request)
    {
        lock (_lock)
        {
            var permit = Reserve(request, Near, Near, out var wait);
            return permit is null ? new Admission.Wait(wait.Delay - Near, wait.IsGlobal) : new Admission.Granted(permit, wait.Delay);
        }
    }

    internal void Learn(RatePermit permit, RateHeaders answer)
    {
        lock (_lock)
        {
            var now = Now;
            var bucket = Named(permit, answer.Bucket);
            bucket.Learn(answer, now);
            if (!permit.Request.IsByToken)
                _all.Answered();
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
        {
            Current(permit.Bucket).Release();
            if (!permit.Request.IsByToken)
                _all.GiveBack();
        }
    }

    internal void Lose(RatePermit permit)
    {
        lock (_lock)
        {
            Current(permit.Bucket).Lose(Now);
            if (!permit.Request.IsByToken)
                _all.Answered();
        }
    }

    /// <param name="ahead">How long before it is free a place may be taken.</param>
    /// <param name="aheadOfAll">The same of a place among the 50 a second.</param>
    /// <param name="wait">Until the place is free: the longest that any limit says.</param>
    private RatePermit? Reserve(DiscordRequest request, TimeSpan ahead, TimeSpan aheadOfAll, out DiscordAnswer.Wait wait)
    {
        var now = Now;
        var bucket = BucketOf(request, now);
        var (own, told, all) = (bucket.Wait(now), ToldWait(request, now), request.IsByToken ? TimeSpan.Zero : _all.Wait());
        wait = new DiscordAnswer.Wait(Later(own, Later(told, all)), IsGlobal: Later(told, all) > own, IsCrowded: all > Later(own, told));
        if (Later(own, told) > ahead || all > aheadOfAll)
            return null;
        bucket.Take();
        if (!request.IsByToken)
            _all.Take();
        return new RatePermit(this, request, bucket);
    }

    /// <summary>How long nothing may go, as Discord said or will say if it goes on refusing.</summary>
    private TimeSpan ToldWait(DiscordRequest request, TimeSpan now)
    {
        while (_invalid.TryPeek(out var oldest) && oldest + InvalidWindow <= now)
            _invalid.Dequeue();
        if (_invalid.Count >= MaxInvalid)
            return _invalid.Peek() + InvalidWindow - now;
        return (request.IsByToken ? _addressFree : Later(_addressFree, _tokenFree)) - now;
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
