namespace Notifier.Bot.Discord.Rest;

/// <summary>Leave to send one request. It is given back exactly once, with what came of it.</summary>
internal sealed class RatePermit(RateLimits limits, DiscordRequest request, RateBucket bucket)
{
    public DiscordRequest Request => request;

    public RateBucket Bucket => bucket;

    /// <summary>Discord answered, one way or another.</summary>
    public void Answered(RateHeaders answer) => limits.Learn(this, answer);

    /// <summary>Discord was certainly not reached.</summary>
    public void NotSent() => limits.Release(this);

    /// <summary>There was no answer.</summary>
    public void Lost() => limits.Lose(this);
}
