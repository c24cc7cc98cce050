namespace Notifier.Messages;

/// <summary>
/// What a person reads, before a platform gives it its form: text, perhaps an entry as a card, perhaps actions.
/// A reply is text with actions; an entry's message is a card; a burst is text with a list.
/// </summary>
public sealed record Message
{
    public IReadOnlyList<Block> Text { get; init; } = [];

    public EntryCard? Card { get; init; }

    /// <summary>What the reader can do next: buttons on Discord and Telegram, numbered choices in the Terminal.</summary>
    public IReadOnlyList<MessageAction> Actions { get; init; } = [];

    /// <summary>Comes with the message, below its text; with replies only.</summary>
    public MessageFile? File { get; init; }

    /// <summary>The beginning of a command line that the reader's next line completes; that line is a secret and not shown. Only where the asking is local.</summary>
    public string? AsksSecretFor { get; init; }

    /// <summary>A message of plain paragraphs, one per text.</summary>
    public static Message Of(params IEnumerable<string> paragraphs) =>
        new() { Text = [.. paragraphs.Select(text => new Block.Paragraph([new Span.Text(text)]))] };
}

/// <summary>Something a reader can choose: a label, and the command line that it stands for.</summary>
public sealed record MessageAction(string Label, string CommandLine)
{
    /// <summary>How long it may be chosen; short for what cannot be taken back.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What its button carries, where it is offered already; null for a reply's, which are offered when the reply is given.</summary>
    public string? Token { get; init; }
}

/// <summary>One entry, ready to be shown.</summary>
public sealed record EntryCard
{
    /// <summary>The feed's title.</summary>
    public required string Feed { get; init; }

    /// <summary>The entry's title, never empty: one is derived for an untitled entry.</summary>
    public required string Title { get; init; }

    /// <summary>http or https only, without credentials; null when the entry has no such link.</summary>
    public Uri? Link { get; init; }

    /// <summary>The excerpt.</summary>
    public IReadOnlyList<Block> Body { get; init; } = [];

    public string? Author { get; init; }

    public DateTimeOffset? Published { get; init; }

    /// <summary>At most three, without the leading <c>#</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public Uri? Image { get; init; }
}
