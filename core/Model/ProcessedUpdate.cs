namespace Notifier.Model;

/// <summary>An update of a platform that has been acted on, committed with its effect: a redelivered one runs once. Kept 48 h.</summary>
public sealed class ProcessedUpdate
{
    public required string Platform { get; set; }

    public required string UpdateId { get; set; }

    public DateTimeOffset At { get; set; }
}
