namespace Notifier.Model;

/// <summary>An update as a platform sent it, stored before the platform is told that it arrived. Unique by (platform, update id). Kept 48 h.</summary>
public sealed class IncomingUpdate
{
    /// <summary>In the order of arrival.</summary>
    public long Id { get; set; }

    public required string Platform { get; set; }

    /// <summary>The platform's own id: a second one with the same id is the same update.</summary>
    public required string UpdateId { get; set; }

    /// <summary>As it came; empty once it is handled.</summary>
    public required byte[] Body { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public DateTimeOffset? HandledAt { get; set; }
}
