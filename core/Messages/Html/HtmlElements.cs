using System.Collections.Frozen;

namespace Notifier.Messages.Html;

/// <summary>The elements that mean something here.</summary>
internal static class HtmlElements
{
    private static readonly FrozenDictionary<string, HtmlElement> All = new[]
    {
        Of(HtmlRole.Block, "address", "article", "aside", "center", "dialog", "div", "dl", "fieldset", "footer", "form", "header", "hgroup", "legend", "main", "nav", "search", "section"),
        Of(HtmlRole.Paragraph, "p"),
        Of(HtmlRole.Heading, "h1", "h2", "h3", "h4", "h5", "h6"),
        Of(HtmlRole.Preformatted, "pre", "listing"),
        Of(HtmlRole.Quote, "blockquote"),
        Of(HtmlRole.List, "ul", "ol", "menu", "dir"),
        Of(HtmlRole.Item, "li"),
        Of(HtmlRole.Term, "dt"),
        Of(HtmlRole.Definition, "dd"),
        Of(HtmlRole.Details, "details"),
        Of(HtmlRole.Summary, "summary"),
        Of(HtmlRole.Figure, "figure"),
        Of(HtmlRole.FigureCaption, "figcaption"),
        Of(HtmlRole.Table, "table"),
        Of(HtmlRole.Rows, "tbody", "thead", "tfoot"),
        Of(HtmlRole.Row, "tr"),
        Of(HtmlRole.Cell, "td", "th"),
        Of(HtmlRole.Caption, "caption"),
        Of(HtmlRole.Rule, "hr"),
        Styles(HtmlRole.Format, SpanStyle.Bold, "b", "strong"),
        Styles(HtmlRole.Format, SpanStyle.Italic, "i", "em"),
        Styles(HtmlRole.Format, SpanStyle.Underline, "u"),
        Styles(HtmlRole.Format, SpanStyle.Strike, "s", "strike"),
        Of(HtmlRole.Link, "a"),
        Of(HtmlRole.Code, "code", "kbd", "samp", "tt"),
        Styles(HtmlRole.Inline, SpanStyle.Underline, "ins"),
        Styles(HtmlRole.Inline, SpanStyle.Strike, "del"),
        Styles(HtmlRole.Inline, SpanStyle.Mark, "mark"),
        Styles(HtmlRole.Inline, SpanStyle.Subscript, "sub"),
        Styles(HtmlRole.Inline, SpanStyle.Superscript, "sup"),
        Styles(HtmlRole.Inline, SpanStyle.Spoiler, "tg-spoiler"),
        Of(HtmlRole.Inline, "span"),
        Of(HtmlRole.Quotation, "q"),
        Of(HtmlRole.Abbreviation, "abbr"),
        Of(HtmlRole.Reading, "rt"),
        Of(HtmlRole.Aside, "rp"),
        Of(HtmlRole.Break, "br"),
        Of(HtmlRole.Image, "img"),
        Of(HtmlRole.Source, "source"),
        Of(HtmlRole.CheckBox, "input"),
        Of(HtmlRole.Video, "video"),
        Of(HtmlRole.Audio, "audio"),
        Of(HtmlRole.Frame, "iframe"),
        Of(HtmlRole.Skipped, "applet", "canvas", "head", "math", "noembed", "noframes", "object", "script", "select", "style", "svg", "template", "textarea", "title", "xmp"),
    }.SelectMany(elements => elements).ToFrozenDictionary(element => element.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, HtmlElement>.AlternateLookup<ReadOnlySpan<char>> ByName = All.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Null for an element that means nothing here.</summary>
    /// <param name="name">In any case.</param>
    public static HtmlElement? Find(ReadOnlySpan<char> name) => ByName.TryGetValue(name, out var element) ? element : null;

    private static IEnumerable<HtmlElement> Of(HtmlRole role, params string[] names) => names.Select(name => new HtmlElement(name, role));

    private static IEnumerable<HtmlElement> Styles(HtmlRole role, SpanStyle style, params string[] names) => names.Select(name => new HtmlElement(name, role, style));
}
