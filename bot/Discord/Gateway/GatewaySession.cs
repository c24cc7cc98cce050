namespace Notifier.Bot.Discord.Gateway;

/// <summary>A session with the gateway. It outlives its connections: what happened between two of them is told after a resume.</summary>
internal sealed class GatewaySession
{
    /// <summary>Null until READY.</summary>
    public string? Id { get; private set; }

    /// <summary>Where to resume; null if Discord did not say.</summary>
    public Uri? ResumeUrl { get; private set; }

    /// <summary>The number of the last event that was handed on.</summary>
    public long? Sequence { get; set; }

    public bool CanResume => Id is not null && Sequence is not null;

    public void Begin(string? id, string? resumeUrl)
    {
        Id = id;
        ResumeUrl = resumeUrl is not null && GatewayAddress.TryUrl(resumeUrl, out var url) ? url : null;
    }
}
