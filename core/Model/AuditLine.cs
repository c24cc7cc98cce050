namespace Notifier.Model;

/// <summary>Who changed what, when: one line per command that changed something.</summary>
public sealed class AuditLine
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public long ChatId { get; set; }

    /// <summary>The platform's id of the person.</summary>
    public required string Person { get; set; }

    public string? PersonName { get; set; }

    /// <summary>The command's name.</summary>
    public required string Command { get; set; }

    /// <summary>What was changed, e.g. <c>subscription:12</c>; several lines of one time and chat are one change.</summary>
    public required string Subject { get; set; }

    /// <summary>JSON of the subject before and after, in the form of <see cref="Version"/>; null where there was none.</summary>
    public string? Before { get; set; }

    public string? After { get; set; }

    public int Version { get; set; } = 1;

    /// <summary>Set once /undo has taken the change back.</summary>
    public DateTimeOffset? UndoneAt { get; set; }
}
