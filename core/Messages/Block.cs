namespace Notifier.Messages;

/// <summary>
/// A block of a message: the allow-list that feed HTML is reduced to. Every platform's writer handles exactly these,
/// so nothing a feed carries can reach a chat in any other shape. Texts are raw: escaping is the writer's.
/// </summary>
public abstract record Block
{
    private Block()
    {
    }

    public sealed record Paragraph(IReadOnlyList<Span> Spans) : Block
    {
        /// <summary>Whether these are the words to the picture directly before it, of no use without it.</summary>
        public bool IsCaption { get; init; }
    }

    /// <param name="Level">1–6.</param>
    public sealed record Heading(int Level, IReadOnlyList<Span> Spans) : Block;

    /// <summary>Code, lines separated by <c>\n</c>.</summary>
    public sealed record Code(string Text, string? Language) : Block;

    public sealed record Quote(IReadOnlyList<Block> Blocks) : Block;

    /// <param name="Start">The number of the first item of an ordered list, null for a bulleted one.</param>
    public sealed record List(int? Start, IReadOnlyList<ListItem> Items) : Block;

    /// <summary>Rows of cells; the first row is the header where <paramref name="HasHeader"/>.</summary>
    public sealed record Table(bool HasHeader, IReadOnlyList<IReadOnlyList<IReadOnlyList<Span>>> Rows) : Block;

    public sealed record Rule : Block;

    /// <summary>Text that opens on demand.</summary>
    public sealed record Details(IReadOnlyList<Span> Summary, IReadOnlyList<Block> Blocks) : Block;

    /// <summary>A picture, film or sound.</summary>
    /// <param name="Caption">What it is said to be where it cannot be shown.</param>
    public sealed record Media(MediaKind Kind, Uri Url, string? Caption) : Block
    {
        /// <summary>In pixels, where the text says so.</summary>
        public int? Width { get; init; }

        /// <summary>In pixels, where the text says so.</summary>
        public int? Height { get; init; }

        /// <summary>The picture that stands for a film.</summary>
        public Uri? Poster { get; init; }
    }
}

/// <param name="Checked">Set for an item with a check box.</param>
public sealed record ListItem(IReadOnlyList<Block> Blocks, bool? Checked = null);

public enum MediaKind
{
    Image,
    Video,
    Audio,
}

/// <summary>A run of text inside a block.</summary>
public abstract record Span
{
    private Span()
    {
    }

    public sealed record Text(string Value) : Span;

    public sealed record Break : Span;

    public sealed record Code(string Value) : Span;

    /// <param name="Url">http or https, absolute, without credentials.</param>
    public sealed record Link(Uri Url, IReadOnlyList<Span> Spans) : Span;

    public sealed record Styled(SpanStyle Style, IReadOnlyList<Span> Spans) : Span;
}

public enum SpanStyle
{
    Bold,
    Italic,
    Underline,
    Strike,
    Mark,
    Spoiler,
    Subscript,
    Superscript,
}
