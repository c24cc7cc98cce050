using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Notifier.Messages.Html;

/// <summary>
/// Reads feed HTML as blocks. Whatever it is given it returns, in bounded time: unknown elements leave their text, scripts and tracking pixels
/// leave nothing, links are http or https and absolute, and blocks nest at most 16 deep.
/// </summary>
internal sealed class HtmlReader
{
    private const int MaxNesting = 16;

    private readonly Uri? _base;
    private readonly InlineText _inline = new();
    private readonly List<Block.Media> _images = [];
    private List<Block> _blocks = [];
    private bool? _checked;
    private int _nesting;

    private HtmlReader(Uri? baseUri) => _base = baseUri;

    /// <param name="html">As the feed has it; what exceeds 256 KB is not read.</param>
    /// <param name="baseUri">What relative links are resolved against; without it they are text.</param>
    public static IReadOnlyList<Block> Read(string? html, Uri? baseUri)
    {
        if (string.IsNullOrWhiteSpace(html))
            return [];
        var document = new HtmlParser().ParseDocument("<!DOCTYPE html><body>" + HtmlGuard.Reduce(html));
        var reader = new HtmlReader(baseUri);
        reader.Children(document.Body!);
        reader.Flush();
        return reader._blocks;
    }

    private void Children(INode parent)
    {
        // Not by NextSibling, which AngleSharp looks up from the start of the list each time.
        foreach (var node in parent.ChildNodes)
        {
            if (node is IText text)
                _inline.Append(text.Data);
            else if (node is IElement element)
                Element(element);
        }
    }

    private void Element(IElement element)
    {
        switch (element.LocalName)
        {
            case "b" or "strong": Styled(element, SpanStyle.Bold); break;
            case "i" or "em": Styled(element, SpanStyle.Italic); break;
            case "u" or "ins": Styled(element, SpanStyle.Underline); break;
            case "s" or "strike" or "del": Styled(element, SpanStyle.Strike); break;
            case "mark": Styled(element, SpanStyle.Mark); break;
            case "sub": Styled(element, SpanStyle.Subscript); break;
            case "sup": Styled(element, SpanStyle.Superscript); break;
            case "tg-spoiler": Styled(element, SpanStyle.Spoiler); break;
            case "span" when element.ClassName?.Contains("spoiler", StringComparison.OrdinalIgnoreCase) == true: Styled(element, SpanStyle.Spoiler); break;
            case "a": Link(element); break;
            case "code" or "kbd" or "samp" or "tt": _inline.AppendCode(element.TextContent); break;
            case "br": _inline.Break(); break;
            case "q": Between("“", element, "”"); break;
            case "abbr": Abbreviation(element); break;
            case "rt": Between("(", element, ")"); break;
            case "rp" or "source": break;
            case "img": Image(element); break;
            case "input": Input(element); break;
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6": Heading(element); break;
            case "hr": Add(new Block.Rule()); break;
            case "pre": Preformatted(element); break;
            case "blockquote": Nested(element, blocks => new Block.Quote(blocks)); break;
            case "ul" or "ol": List(element); break;
            case "table": Table(element); break;
            case "details": Details(element); break;
            case "dt": Term(element); break;
            case "video": AddIfAny(HtmlMedia.Film(element, MediaKind.Video, _base)); break;
            case "audio": AddIfAny(HtmlMedia.Film(element, MediaKind.Audio, _base)); break;
            case "iframe": AddIfAny(HtmlMedia.Frame(element, _base)); break;
            case var name when HtmlElements.IsBlock(name): Paragraph(element); break;
            default: Children(element); break;
        }
    }

    /// <summary>Ends the running paragraph; images that stood in it come after it.</summary>
    private void Flush()
    {
        if (_inline.Take() is { Count: > 0 } spans)
            _blocks.Add(new Block.Paragraph(spans));
        _blocks.AddRange(_images);
        _images.Clear();
    }

    private void Add(Block block)
    {
        Flush();
        _blocks.Add(block);
    }

    private void Paragraph(IElement element)
    {
        Flush();
        Children(element);
        Flush();
    }

    private void Styled(IElement element, SpanStyle? style, Uri? url = null)
    {
        var outside = _inline.Current;
        _inline.Enter(style, url);
        Children(element);
        _inline.LeaveTo(outside);
    }

    private void Link(IElement element)
    {
        if (WebLink.Read(element.GetAttribute("href"), _base) is { } url)
            Styled(element, style: null, url);
        else
            Children(element);
    }

    private void Between(string before, IElement element, string after)
    {
        _inline.Append(before);
        Children(element);
        _inline.Append(after);
    }

    private void Abbreviation(IElement element)
    {
        Children(element);
        var title = CleanText.Line(element.GetAttribute("title"));
        if (title.Length > 0 && !title.Equals(CleanText.Line(element.TextContent), StringComparison.OrdinalIgnoreCase))
            _inline.Append($" ({title})");
    }

    private void Term(IElement element)
    {
        Flush();
        Styled(element, SpanStyle.Bold);
        Flush();
    }

    private void Heading(IElement element)
    {
        Flush();
        var before = _blocks.Count;
        Children(element);
        if (_blocks.Count == before && _inline.Take() is { Count: > 0 } spans)
            _blocks.Add(new Block.Heading(element.LocalName[1] - '0', spans));
        Flush();
    }

    private void Preformatted(IElement element)
    {
        foreach (var line in element.QuerySelectorAll("br"))
            line.ReplaceWith(element.Owner!.CreateTextNode("\n"));
        var text = CleanText.Of(element.TextContent).Trim('\n').TrimEnd();
        if (text.Length > 0)
            Add(new Block.Code(text, Language(element) ?? (element.QuerySelector("code") is { } code ? Language(code) : null)));
    }

    private static string? Language(IElement element)
    {
        foreach (var name in element.ClassList)
        {
            var language = name.StartsWith("language-", StringComparison.Ordinal) ? name[9..] : name.StartsWith("lang-", StringComparison.Ordinal) ? name[5..] : "";
            if (language.Length is > 0 and <= 20 && language.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-'))
                return language;
        }

        return null;
    }

    /// <summary>Reads an element's blocks for themselves; past the greatest depth they simply go on in the outer ones.</summary>
    private void Nested(IElement element, Func<IReadOnlyList<Block>, Block> make)
    {
        if (_nesting >= MaxNesting)
            Paragraph(element);
        else if (Inside(element) is { Count: > 0 } blocks)
            _blocks.Add(make(blocks));
    }

    private List<Block> Inside(IElement element)
    {
        Flush();
        var outer = _blocks;
        _blocks = [];
        _nesting++;
        Paragraph(element);
        _nesting--;
        (var inner, _blocks) = (_blocks, outer);
        return inner;
    }

    private void List(IElement element)
    {
        if (_nesting >= MaxNesting)
        {
            Paragraph(element);
            return;
        }

        Flush();
        var items = new List<ListItem>();
        foreach (var child in element.Children)
        {
            var outerCheck = _checked;
            _checked = null;
            if (Inside(child) is { Count: > 0 } blocks)
                items.Add(new ListItem(blocks, _checked));
            _checked = outerCheck;
        }

        if (items.Count == 0)
            return;
        int? start = element.LocalName == "ul" ? null
            : int.TryParse(element.GetAttribute("start"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is > -1_000_000 and < 1_000_000 ? number : 1;
        _blocks.Add(new Block.List(start, items));
    }

    private void Input(IElement element)
    {
        if (string.Equals(element.GetAttribute("type"), "checkbox", StringComparison.OrdinalIgnoreCase))
            _checked ??= element.HasAttribute("checked");
    }

    private void Details(IElement element)
    {
        var summary = element.Children.FirstOrDefault(child => child.LocalName == "summary");
        if (summary is null || _nesting >= MaxNesting)
        {
            Paragraph(element);
            return;
        }

        Flush();
        var spans = Line(summary);
        summary.Remove();
        Nested(element, blocks => new Block.Details(spans, blocks));
    }

    /// <summary>An element as one line: blocks inside it are joined by breaks.</summary>
    private IReadOnlyList<Span> Line(IElement element)
    {
        var spans = new List<Span>();
        foreach (var inner in Inside(element).Select(Spans.Of).Where(inner => inner.Count > 0))
        {
            if (spans.Count > 0)
                spans.Add(new Span.Break());
            spans.AddRange(inner);
        }

        return spans;
    }

    private void Table(IElement element)
    {
        var rows = HtmlTable.Rows(element);
        if (HtmlTable.IsLayout(element, rows) || _nesting >= MaxNesting)
        {
            Paragraph(element);
            return;
        }

        Flush();
        var header = rows[0].TrueForAll(cell => cell.LocalName == "th");
        _blocks.Add(new Block.Table(header, [.. rows.Select(cells => cells.ConvertAll(Line))]));
    }

    private void Image(IElement element)
    {
        if (HtmlMedia.IsEmoji(element))
            _inline.Append(element.GetAttribute("alt") ?? "");
        else if (HtmlMedia.Image(element, _base) is { } image)
            _images.Add(image);
    }

    private void AddIfAny(Block? block)
    {
        if (block is not null)
            Add(block);
    }
}
