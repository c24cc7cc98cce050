namespace Notifier.Messages;

/// <summary>An entry as it is stored: what a message about it is made of. Equal are those of which every word is.</summary>
public sealed record EntryContent
{
    /// <summary>The feed's title.</summary>
    public required string Feed { get; init; }

    /// <summary>The feed's web site and picture.</summary>
    public string? Site { get; init; }

    public string? Icon { get; init; }

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

    /// <summary>The page where people discuss the entry.</summary>
    public string? Comments { get; init; }

    /// <summary>A recording that belongs to it.</summary>
    public string? Audio { get; init; }

    /// <summary>Titles of the other feeds that tell the same story and will not say it again.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];

    public bool Equals(EntryContent? other) =>
        other is not null && Feed == other.Feed && Site == other.Site && Icon == other.Icon && Title == other.Title && Link == other.Link && Summary == other.Summary && Content == other.Content && Base == other.Base
        && Author == other.Author && Published == other.Published && Image == other.Image && Comments == other.Comments && Audio == other.Audio && Categories.SequenceEqual(other.Categories) && AlsoIn.SequenceEqual(other.AlsoIn);

    /// <summary>Of what differs between entries, without reading their texts.</summary>
    public override int GetHashCode() => HashCode.Combine(Feed, Title, Link, Summary?.Length, Content?.Length, AlsoIn.Count);
}
