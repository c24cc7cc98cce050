namespace Notifier.Messages.Html;

/// <summary>An HTML element that leaves something in a message; tags of any other are dropped and their text is kept.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Style">Of a <see cref="HtmlRole.Format"/> or a <see cref="HtmlRole.Inline"/>, if it is one.</param>
internal sealed record HtmlElement(string Name, HtmlRole Role, SpanStyle? Style = null)
{
    /// <summary>Whether it begins and ends lines.</summary>
    public bool IsBlock => Role < HtmlRole.Format;

    /// <summary>Whether it stands in a table's scheme: outside of a table its tags say nothing.</summary>
    public bool IsOfTable => Role is HtmlRole.Rows or HtmlRole.Row or HtmlRole.Cell or HtmlRole.Caption;

    /// <summary>Whether an end tag outside of it cannot reach into it.</summary>
    public bool IsScope => Role is HtmlRole.Table or HtmlRole.Cell or HtmlRole.Caption;
}

/// <summary>What an element does to the text that is read. All before <see cref="Format"/> are blocks.</summary>
internal enum HtmlRole
{
    Block,
    Paragraph,
    Heading,
    Preformatted,
    Quote,
    List,
    Item,
    Term,
    Definition,
    Details,
    Summary,
    Figure,
    FigureCaption,
    Table,
    Rows,
    Row,
    Cell,
    Caption,
    Rule,

    /// <summary>A style that goes on behind the end of its block until its own end tag (HTML's formatting elements).</summary>
    Format,
    Link,
    Code,

    /// <summary>Running text that ends with its block at the latest.</summary>
    Inline,
    Quotation,
    Abbreviation,
    Reading,

    /// <summary>What a browser without ruby would show around the reading.</summary>
    Aside,
    Break,
    Image,
    Source,
    CheckBox,
    Video,
    Audio,
    Frame,

    /// <summary>Its inside shows nothing that belongs into a message.</summary>
    Skipped,
}
