namespace Notifier.Model;

/// <summary>
/// By what a later entry is found to tell the same story as this one: a hash of its link, or of a part of its words. Kept for <see cref="Open"/>; an entry
/// that joins an earlier one's story has none.
/// </summary>
public sealed class StoryPrint
{
    /// <summary>How long after its first entry a story is open to others.</summary>
    public static readonly TimeSpan Open = TimeSpan.FromDays(7);

    public long Print { get; set; }

    public long EntryId { get; set; }

    public DateTimeOffset FirstSeen { get; set; }
}
