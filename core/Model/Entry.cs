using System.Text.Json;

namespace Notifier.Model;

/// <summary>One item of a feed that was new or edited when a poll saw it. Kept 30 days and until nothing is owed.</summary>
public sealed class Entry
{
    /// <summary>How long it is kept at least.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public long Id { get; set; }

    public long FeedId { get; set; }

    /// <summary>The publisher's id as written; null where there is none.</summary>
    public string? RawId { get; set; }

    /// <summary>The entry's own fingerprint, by which a later poll finds it to edit.</summary>
    public long IdPrint { get; set; }

    public string? Link { get; set; }

    public string? Title { get; set; }

    public string? Author { get; set; }

    /// <summary>HTML.</summary>
    public string? Summary { get; set; }

    /// <summary>HTML.</summary>
    public string? Content { get; set; }

    /// <summary>What relative URLs in the HTML are resolved against.</summary>
    public string? Base { get; set; }

    public IReadOnlyList<string> Categories { get; set; } = [];

    public string? Image { get; set; }

    public string? Comments { get; set; }

    /// <summary>JSON list of files: url, type, length.</summary>
    public string? Enclosures { get; set; }

    /// <summary>The address of the first recording among its files; null for none.</summary>
    public string? Audio => Enclosures is null ? null : Array.Find(
        JsonSerializer.Deserialize<EntryFile[]>(Enclosures) ?? [],
        file => file.Type?.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) == true)?.Url;

    public DateTimeOffset? Published { get; set; }

    public DateTimeOffset? Updated { get; set; }

    /// <summary>When it was published, or for want of that when it was changed.</summary>
    public DateTimeOffset? Date => Published ?? Updated;

    /// <summary>When the document that first listed it was fetched.</summary>
    public DateTimeOffset FirstSeen { get; set; }

    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>The earlier entry, of this feed or another, whose story this one tells again; null for one that tells its own.</summary>
    public long? StoryId { get; set; }

    private sealed record EntryFile(string Url, string? Type);
}
