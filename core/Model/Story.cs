namespace Notifier.Model;

/// <summary>What several entries, of one feed or many, tell alike; a chat hears it once. Found by its prints, closed after 7 days.</summary>
public sealed class Story
{
    public long Id { get; set; }

    public long LinkPrint { get; set; }

    public long TitlePrint { get; set; }

    public long TextPrint { get; set; }

    public DateTimeOffset FirstSeen { get; set; }
}
