namespace Notifier.Messages;

/// <summary>An entry as it is stored: what a message about it is made of.</summary>
public sealed record EntryContent
{
    /// <summary>The feed's title.</summary>
    public required string Feed { get; init; }

    /// <summary>Plain text.</summary>
    public string? Title { get; init; }

    public string? Link { get; init; }

    /// <summary>HTML.</summary>
    public string? Summary { get; init; }

    /// <summary>HTML.</summary>
    public string? Content { get; init; }

    /// <summary>What relative links are resolved against; without it, <see cref="Link"/>.</summary>
    public string? Base { get; init; }

    public string? Author { get; init; }

    public DateTimeOffset? Published { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public string? Image { get; init; }

    /// <summary>Titles of the other feeds that tell the same story and will not say it again.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];
}
