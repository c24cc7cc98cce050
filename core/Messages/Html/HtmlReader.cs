using System.Globalization;

namespace Notifier.Messages.Html;

/// <summary>
/// Reads feed HTML as blocks, in one pass over its tags. Whatever it is given it returns, in time linear to its length: unknown elements leave
/// their text, scripts and tracking pixels leave nothing, links are http or https and absolute, and blocks nest at most 16 deep.
/// </summary>
internal sealed class HtmlReader
{
    private const int MaxLength = 256 * 1024;

    private readonly Uri? _base;
    private readonly BlockTree _tree = new();
    private readonly OpenElements _open = new();
    private readonly Stack<HtmlTable> _tables = new();
    private string? _pictureSources;

    private HtmlReader(Uri? baseUri) => _base = baseUri;

    /// <param name="html">As the feed has it; what exceeds 256 KB is not read.</param>
    /// <param name="baseUri">What relative links are resolved against; without it they are text.</param>
    /// <param name="most">Reading ends with the first block that makes so many characters of visible text; of the rest only the first image is taken, where there was none before.</param>
    public static IReadOnlyList<Block> Read(string? html, Uri? baseUri, int most = int.MaxValue) => Read(html, baseUri, most, out _);

    /// <inheritdoc cref="Read(string?, Uri?, int)"/>
    /// <param name="isWhole">Whether all of the text was read.</param>
    public static IReadOnlyList<Block> Read(string? html, Uri? baseUri, int most, out bool isWhole)
    {
        isWhole = true;
        if (string.IsNullOrWhiteSpace(html))
            return [];
        var reader = new HtmlReader(baseUri);
        reader.Read(html.AsSpan(0, Math.Min(html.Length, MaxLength)), most);
        isWhole = reader._tree.Length < most;
        return reader._tree.Blocks;
    }

    private void Read(ReadOnlySpan<char> html, int most)
    {
        var scanner = new HtmlScanner(html);
        while (_tree.Length < most && scanner.Next())
        {
            if (scanner.Kind == HtmlTokenKind.Text)
                _tree.Text.Append(scanner.Text);
            else if (scanner.Element is { } element && scanner.Kind == HtmlTokenKind.Open)
                Open(element, ref scanner);
            else if (scanner.Element is { } ended)
                Close(ended);
        }

        while (_open.Count > 0)
            End(0);
        _tree.Flush();
        if (_tree.Length >= most && !_tree.Blocks.Exists(block => block is Block.Media { Kind: MediaKind.Image }))
            FindImage(ref scanner);
    }

    private void FindImage(ref HtmlScanner scanner)
    {
        while (scanner.Next())
        {
            if (scanner is { Kind: HtmlTokenKind.Open, Element.Role: HtmlRole.Image } && new HtmlAttributes(scanner.Attributes) is var image && !HtmlMedia.IsEmoji(image)
                && HtmlMedia.Image(image, others: null, _base) is { } found)
            {
                _tree.Add(found);
                return;
            }
        }
    }

    private void Open(HtmlElement element, ref HtmlScanner scanner)
    {
        var attributes = new HtmlAttributes(scanner.Attributes);
        if (element.IsBlock)
        {
            OpenBlock(element, attributes, ref scanner);
            return;
        }

        if (_open.Top is { } parent)
            parent.LastChild = element;
        switch (element.Role)
        {
            case HtmlRole.Format:
            case HtmlRole.Code:
                Push(new(element) { Effect = (element.Style, null) });
                break;
            case HtmlRole.Link:
                EndUnclosed(element);
                Push(new(element) { Effect = (null, WebLink.Read(attributes["href"], _base)) });
                break;
            case HtmlRole.Inline:
                var style = element.Style ?? (attributes.IsOfClass("spoiler") ? SpanStyle.Spoiler : null);
                if (style is not null || _open.IsInSpoiler)
                    Push(new(element) { Effect = (style, null) });
                break;
            case HtmlRole.Quotation:
                Say("“");
                Push(new(element));
                break;
            case HtmlRole.Reading:
                Say("(");
                Push(new(element));
                break;
            case HtmlRole.Abbreviation:
                Push(new(element) { Start = _tree.Text.Length, Title = CleanText.Line(attributes["title"]) });
                break;
            case HtmlRole.Aside:
                var next = scanner;
                if (next.Next() && next.Kind == HtmlTokenKind.Text)
                    scanner = next;
                break;
            case HtmlRole.Break:
                _tree.Text.Break();
                break;
            case HtmlRole.Image when HtmlMedia.IsEmoji(attributes):
                Say(attributes["alt"]);
                break;
            case HtmlRole.Image:
                if (HtmlMedia.Image(attributes, _pictureSources, _base) is { } image)
                    _tree.AddImage(image);
                _pictureSources = null;
                break;
            case HtmlRole.Source:
                _pictureSources ??= attributes["srcset"] ?? attributes["data-srcset"];
                break;
            case HtmlRole.CheckBox when attributes["type"]?.Equals("checkbox", StringComparison.OrdinalIgnoreCase) == true:
                _tree.Check(attributes.Has("checked"));
                break;
            case HtmlRole.Video:
                AddIfAny(HtmlMedia.Film(attributes, MediaKind.Video, SourceInside(ref scanner), _base));
                break;
            case HtmlRole.Audio:
                AddIfAny(HtmlMedia.Film(attributes, MediaKind.Audio, SourceInside(ref scanner), _base));
                break;
            case HtmlRole.Frame:
                AddIfAny(HtmlMedia.Frame(attributes, _base));
                break;
        }
    }

    private void OpenBlock(HtmlElement element, HtmlAttributes attributes, ref HtmlScanner scanner)
    {
        if (element.IsOfTable && !_open.IsInTable)
            return;
        EndUnclosed(element);
        if (!element.IsOfTable && _open.FindParagraph() is >= 0 and var paragraph)
            End(paragraph);
        _tree.Flush();
        var isCaption = element.Role == HtmlRole.FigureCaption || (element.Role == HtmlRole.Paragraph && attributes.IsOfClass("wp-caption-text"));
        if (_tables.TryPeek(out var table))
            table.IsLayout |= IsMoreThanALine(element);
        if (_open.Top is { } parent)
            parent.LastChild = element;
        switch (element.Role)
        {
            case HtmlRole.Rule:
                _tree.Add(new Block.Rule());
                return;
            case HtmlRole.Preformatted:
                if (HtmlCode.Read(element, _open, ref scanner) is { } code)
                    _tree.AddCode(code);
                return;
            case HtmlRole.Block when IsSharing(attributes) && scanner.TryPass(out _):
                return;
        }

        if (!_open.HasRoom(element))
            return;
        object? part = element.Role switch
        {
            HtmlRole.Quote => _tree.BeginQuote(),
            HtmlRole.List => _tree.BeginList(element.Name is "ol" ? Number(attributes["start"]) : null),
            HtmlRole.Details => _tree.BeginDetails(),
            HtmlRole.Summary when _tree.IsInDetails && _open.Top?.Element.Role == HtmlRole.Details => element,
            HtmlRole.Item when _tree.IsInList && _open.IsInList => element,
            HtmlRole.Table => new HtmlTable(_tree.Blocks),
            _ when isCaption => element,
            _ => null,
        };
        if (part is HtmlTable begun)
            _tables.Push(begun);
        else if (element.Role == HtmlRole.Row)
            table?.BeginRow();
        else if (element.Role == HtmlRole.Cell)
            table?.BeginCell(element.Name is "th");
        else if (element.Role == HtmlRole.Item && part is not null)
            _tree.BeginItem();
        Push(new(element) { Start = _tree.Count, Part = part, Effect = (element.Role == HtmlRole.Term ? SpanStyle.Bold : null, null) });
    }

    private void Close(HtmlElement element)
    {
        switch (element.Role)
        {
            case HtmlRole.Break:
                _tree.Text.Break();
                break;
            case HtmlRole.Format or HtmlRole.Link or HtmlRole.Code when _open.FindEndedBy(element) is >= 0 and var format:
                EndFormat(format);
                break;
            default:
                if (_open.FindEndedBy(element) is >= 0 and var ended)
                    End(ended);
                else if (element.IsBlock && !element.IsOfTable)
                    _tree.Flush();
                break;
        }
    }

    /// <summary>Ends what cannot go on when an element begins.</summary>
    private void EndUnclosed(HtmlElement begun)
    {
        if (_open.FindEndedByStartOf(begun) is not (>= 0 and var ended))
            return;
        if (begun.Role == HtmlRole.Link)
            EndFormat(ended);
        else
            End(ended);
    }

    /// <summary>A format that began outside of a block may end inside it, which goes on.</summary>
    private void EndFormat(int index)
    {
        if (_open.HasBlockInside(index))
            _open.RemoveAt(index);
        else
            End(index);
        _tree.Text.Open = _open.Span;
    }

    private void End(int index)
    {
        var last = _open[index];
        OpenElements.Entry ended;
        do
        {
            ended = _open.Pop(index);
            Ended(ended);
            _tree.Text.Open = _open.Span;
        }
        while (ended != last);
    }

    private void Ended(OpenElements.Entry ended)
    {
        if (ended.Element.IsBlock)
            _tree.Flush();
        switch (ended.Element.Role)
        {
            case HtmlRole.Quotation:
                Say("”");
                break;
            case HtmlRole.Reading:
                Say(")");
                break;
            case HtmlRole.Abbreviation when ended.Title is { Length: > 0 } title && !title.Equals(CleanText.Line(_tree.Text.From(ended.Start)), StringComparison.OrdinalIgnoreCase):
                Say($" ({title})");
                break;
            case HtmlRole.Heading:
                _tree.MakeHeading(ended.Start, ended.Element.Name[1] - '0');
                break;
            case HtmlRole.Item when ended.Part is not null:
                _tree.EndItem();
                break;
            case HtmlRole.Summary when ended.Part is not null:
                _tree.Summarize(ended.Start);
                break;
            case HtmlRole.Quote or HtmlRole.List or HtmlRole.Details when ended.Part is { } nest:
                _tree.End(nest);
                break;
            case HtmlRole.Cell:
                _tables.Peek().EndCell();
                break;
            case HtmlRole.Table:
                _tables.Pop().End();
                break;
            case HtmlRole.Figure:
                _tree.OrderFigure(ended.Start);
                break;
            case HtmlRole.FigureCaption or HtmlRole.Paragraph when ended.Part is not null:
                _tree.MakeCaption(ended.Start);
                break;
        }
    }

    private void Push(OpenElements.Entry entry)
    {
        if (!_open.HasRoom(entry.Element))
            return;
        _open.Push(entry);
        _tree.Text.Open = _open.Span;
    }

    private void Say(string? text) => _tree.Text.AppendText(text);

    private void AddIfAny(Block? block)
    {
        if (block is not null)
            _tree.Add(block);
    }

    /// <summary>What a film's first source says. Its inside is passed over: it is for programs that show no films.</summary>
    private static string? SourceInside(ref HtmlScanner scanner) => !scanner.IsEmpty && scanner.TryPass(out var source) ? new HtmlAttributes(source)["src"] : null;

    private bool IsMoreThanALine(HtmlElement element) => element.Role switch
    {
        HtmlRole.Table or HtmlRole.List or HtmlRole.Quote or HtmlRole.Preformatted => true,
        HtmlRole.Heading => element.Name is "h1" or "h2" or "h3",
        HtmlRole.Paragraph => _open.Top?.LastChild?.Role is HtmlRole.Paragraph or HtmlRole.Image,
        _ => false,
    };

    /// <summary>Bars of buttons to share something with.</summary>
    private static bool IsSharing(HtmlAttributes attributes) => attributes.IsOfClass("feedflare") || attributes.IsOfClass("sharedaddy") || attributes.IsOfClass("addtoany_");

    private static int Number(string? start) =>
        int.TryParse(start, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is > -1_000_000 and < 1_000_000 ? number : 1;
}
