namespace Notifier.Messages.Html;

/// <summary>The HTML elements that a message can carry; tags of any other are dropped and their text is kept.</summary>
internal static class HtmlElements
{
    private static readonly HashSet<string> Blocks =
    [
        "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
        "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video", "audio", "iframe",
    ];

    private static readonly HashSet<string> Inlines =
    [
        "a", "abbr", "b", "br", "code", "del", "em", "i", "img", "input", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "source", "span",
        "strike", "strong", "sub", "sup", "tg-spoiler", "tt", "u",
    ];

    private static readonly HashSet<string> Voids = ["br", "hr", "iframe", "img", "input", "source"];

    /// <summary>Their insides show nothing that belongs into a message.</summary>
    private static readonly HashSet<string> Skipped =
    [
        "applet", "canvas", "head", "iframe", "math", "noembed", "noframes", "object", "script", "select", "style", "svg", "template", "textarea", "title", "xmp",
    ];

    private static readonly HashSet<string> Attributes =
        new(StringComparer.OrdinalIgnoreCase) { "alt", "checked", "class", "height", "href", "src", "start", "title", "type", "width" };

    public static bool IsBlock(string name) => Blocks.Contains(name);

    public static bool IsAllowed(string name) => Blocks.Contains(name) || Inlines.Contains(name);

    public static bool IsVoid(string name) => Voids.Contains(name);

    public static bool IsSkipped(string name) => Skipped.Contains(name);

    public static bool IsAllowedAttribute(ReadOnlySpan<char> name) =>
        Attributes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>Whether opening <paramref name="name"/> ends an open <paramref name="open"/> that was never closed.</summary>
    public static bool Ends(string name, string open) => name switch
    {
        "li" => open is "li",
        "dt" or "dd" => open is "dt" or "dd",
        "td" or "th" => open is "td" or "th",
        "tr" => open is "td" or "th" or "tr",
        _ => false,
    };
}
