namespace Notifier.Messages;

/// <summary>
/// What a person reads, before a platform gives it its form: text, perhaps an entry as a card, perhaps actions.
/// A reply is text with actions; an entry's message is a card; a burst is text with a list.
/// </summary>
public sealed record Message
{
    public IReadOnlyList<Block> Text { get; init; } = [];

    public EntryCard? Card { get; init; }

    /// <summary>The title of the feed whose entries the text lists; null for what is no list of entries.</summary>
    public string? ListOf { get; init; }

    /// <summary>Comes without a sound.</summary>
    public bool IsSilent { get; init; }

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

/// <summary>One entry, ready to be shown. Of whatever style, it has a title, so that it can be shown in a simpler one.</summary>
public sealed record EntryCard
{
    /// <summary>Never <see cref="Messages.Style.Digest"/>: that is a list.</summary>
    public Style Style { get; init; }

    /// <summary>Text and pictures are to be hidden until somebody taps them.</summary>
    public bool IsSpoiler { get; init; }

    /// <summary>Neither a picture nor a preview of the link.</summary>
    public bool HasNoImage { get; init; }

    /// <summary>The feed's title.</summary>
    public required string Feed { get; init; }

    /// <summary>The web site of the feed; http or https only, without credentials.</summary>
    public Uri? Site { get; init; }

    /// <summary>The feed's own picture, square and small as a rule.</summary>
    public Uri? Icon { get; init; }

    /// <summary>The entry's title, never empty: one is derived for an untitled entry.</summary>
    public required string Title { get; init; }

    /// <summary>The title is only the beginning of the body: where the body is shown, it need not be.</summary>
    public bool IsUntitled { get; init; }

    /// <summary>http or https only, without credentials; null when the entry has no such link.</summary>
    public Uri? Link { get; init; }

    /// <summary>
    /// What the entry says: as a card the excerpt, in full the whole text with its pictures in their places, of a template what it made. Empty for one line or an address.
    /// </summary>
    public IReadOnlyList<Block> Body { get; init; } = [];

    public string? Author { get; init; }

    public DateTimeOffset? Published { get; init; }

    /// <summary>At most three, without the leading <c>#</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The picture above the text; in full none that stands in the body already.</summary>
    public Uri? Image { get; init; }

    /// <summary>The picture is known to be less than 300 pixels wide.</summary>
    public bool IsImageSmall { get; init; }

    /// <summary>What can be opened by a button: the page, the recording, what people say about it; in the words of the chat's language.</summary>
    public IReadOnlyList<CardLink> Links { get; init; } = [];
}

/// <summary>A button that opens an address; http or https only, without credentials.</summary>
public sealed record CardLink(string Label, Uri Url);
