using Notifier.Chats;

namespace Notifier.Bot.Discord.Rest;

/// <summary>Leave to send one request of a route. What came of it is told once; disposed of before that, it was not used.</summary>
internal sealed class RatePermit(RateLimits limits, DiscordRequest request, RateBucket bucket) : SendPermit
{
    private int _isOver;

    public DiscordRequest Request => request;

    public RateBucket Bucket => bucket;

    /// <summary>Whether it is still to be used, and for such a request.</summary>
    public bool IsFor(DiscordRequest other) => Volatile.Read(ref _isOver) == 0 && other.Group == request.Group && other.Major == request.Major;

    /// <summary>Discord answered, one way or another.</summary>
    public void Answered(RateHeaders answer)
    {
        if (End())
            limits.Learn(this, answer);
    }

    /// <summary>Discord was certainly not reached.</summary>
    public void NotSent()
    {
        if (End())
            limits.Release(this);
    }

    /// <summary>There was no answer.</summary>
    public void Lost()
    {
        if (End())
            limits.Lose(this);
    }

    protected override void Dispose(bool disposing) => NotSent();

    private bool End() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
