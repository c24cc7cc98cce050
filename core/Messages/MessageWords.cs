namespace Notifier.Messages;

/// <summary>The words that messages add to what feeds say; the defaults are English.</summary>
public sealed record MessageWords
{
    public static MessageWords English { get; } = new();

    /// <summary>The title of an entry that has neither title nor text nor link.</summary>
    public string Untitled { get; init; } = "(untitled)";

    /// <summary>{0} is the feed.</summary>
    public string NewEntry { get; init; } = "1 new entry in {0}";

    /// <summary>{0} is the number, {1} the feed.</summary>
    public string NewEntries { get; init; } = "{0} new entries in {1}";

    /// <summary>Follows the heading of a list that needs several messages: {0} of {1}.</summary>
    public string Part { get; init; } = " ({0}/{1})";
}
