using System.Globalization;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>
/// Writes blocks as the HTML of Telegram's rich messages (https://core.telegram.org/bots/api#rich-html-style): headings, lists, tables and pictures are
/// what they are. Pictures, films and sounds stand by themselves, not in quotations or lists; what nests too deep for Telegram is written as its text.
/// Names and commands need no care: the message tells Telegram to look for none.
/// </summary>
/// <param name="isHidden">Texts and pictures are hidden until somebody taps them.</param>
/// <param name="hasNoImage">Pictures are left out wherever they stand.</param>
internal sealed class TelegramRichHtml(TelegramRichText text, bool isHidden = false, bool hasNoImage = false)
{
    private const int MaxMedia = 50;
    private const int MaxColumns = 20;

    /// <summary>Room for the styles of a text inside of lists, quotations and tables.</summary>
    private const int DepthOfText = 4;

    private readonly List<Block.Media> _lifted = [];
    private int _media;
    private bool _isInFlow;

    public static string Write(IReadOnlyList<Block> blocks)
    {
        var text = new TelegramRichText();
        new TelegramRichHtml(text).Add(blocks);
        return text.ToString();
    }

    public void Add(IReadOnlyList<Block> blocks)
    {
        foreach (var block in blocks)
        {
            Add(block);
            if (_isInFlow)
                continue;
            _lifted.ForEach(Media);
            _lifted.Clear();
        }
    }

    public void Media(Block.Media media)
    {
        var isPicture = media.Kind == MediaKind.Image;
        if (isPicture && hasNoImage)
            return;
        // Telegram cannot show a drawing, nor hide a sound.
        var isShown = _media < MaxMedia && !(isPicture && media.Url.AbsolutePath.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)) && !(isHidden && media.Kind == MediaKind.Audio);
        var caption = CleanText.Line(media.Caption);
        if (isShown && TelegramAddress.Of(media.Url) is { } address)
            Media(media.Kind, TelegramText.Attribute(address), caption);
        else if (!isPicture)
            text.Block("<p>", "</p>", () => Hidden(() => Film(media, caption)));
    }

    /// <summary>A link, or where its text promises another place, that text and the place in brackets.</summary>
    private void Link(Span.Link link)
    {
        var label = Spans.Text(link.Spans);
        if (text.IsLink || WebLink.Address(link.Url) is not { } address)
        {
            Write(link.Spans);
        }
        else if (string.IsNullOrWhiteSpace(label))
        {
            text.InLink(address, () => text.Append(address));
        }
        else if (!WebLink.Says(label, link.Url) && AddressText.Misleads(label, link.Url))
        {
            text.WithoutAddresses(() => Write(link.Spans));
            text.Append(" (");
            text.InLink(address, () => text.Append(link.Url.IdnHost));
            text.Append(")");
        }
        else
        {
            text.InLink(address, () => Write(link.Spans));
        }
    }

    private void Add(Block block)
    {
        switch (block)
        {
            case Block.Media media when _isInFlow: _lifted.Add(media); break;
            case Block.Media media: Media(media); break;
            case Block.Heading heading: Line("h" + Math.Clamp(heading.Level, 1, 6).ToString(CultureInfo.InvariantCulture), heading.Spans); break;
            case Block.Rule: text.Block("<hr/>"); break;
            case Block.Code code when !isHidden && !IsTooDeep(code): Code(code); break;
            case Block.Quote quote when !IsTooDeep(quote): text.Block("<blockquote>", "</blockquote>", () => Flow(quote.Blocks)); break;
            case Block.List list when !IsTooDeep(list): List(list); break;
            case Block.Table table when !IsTooDeep(table): Table(table); break;
            case Block.Details details when !IsTooDeep(details): Details(details); break;
            default: Line("p", TextOf(block)); break;
        }
    }

    private void Line(string element, IReadOnlyList<Span> spans) => text.Block($"<{element}>", $"</{element}>", () => Hidden(() => Write(spans)));

    private void Hidden(Action write)
    {
        if (isHidden)
            text.InStyle(SpanStyle.Spoiler, write);
        else
            write();
    }

    private bool IsTooDeep(Block block)
    {
        var depth = block switch
        {
            Block.List or Block.Details => 2,
            Block.Table => 3,
            _ => 1,
        };
        return depth + DepthOfText > text.DepthLeft;
    }

    /// <summary>What stands in a quotation or an item: lines, and between them the blocks that are more than that.</summary>
    private void Flow(IReadOnlyList<Block> blocks)
    {
        var outer = _isInFlow;
        _isInFlow = true;
        var isBehindLine = false;
        foreach (var block in blocks)
        {
            var isLine = block is Block.Paragraph or Block.Heading || (block is not (Block.Rule or Block.Media) && IsTooDeep(block)) || (isHidden && block is Block.Code);
            var before = text.Mark();
            if (isLine && isBehindLine)
                text.NewLine();
            var start = text.Visible;
            if (isLine)
                Hidden(() => FlowLine(block));
            else
                Add(block);
            if (text.Visible == start)
                text.Return(before);
            else if (isLine)
                text.CountBlock();
            isBehindLine = text.Visible == start ? isBehindLine : isLine;
        }

        _isInFlow = outer;
    }

    private void FlowLine(Block block)
    {
        if (block is Block.Heading heading)
            text.InStyle(SpanStyle.Bold, () => Write(heading.Spans));
        else
            Write(TextOf(block));
    }

    /// <summary>A block as one text; of code the lines stay.</summary>
    private static IReadOnlyList<Span> TextOf(Block block) => block is Block.Code code ? [new Span.Text(code.Text.TrimEnd('\n'))] : Spans.Of(block);

    private void Code(Block.Code code)
    {
        var said = code.Text.TrimEnd('\n');
        if (string.IsNullOrWhiteSpace(said))
            return;
        if (TelegramHtml.IsLanguage(code.Language))
            text.Block($"<pre><code class=\"language-{code.Language}\">", "</code></pre>", () => text.Code(said));
        else
            text.Block("<pre>", "</pre>", () => text.Code(said));
    }

    private void List(Block.List list)
    {
        var begin = list.Start switch
        {
            null => "<ul>",
            1 => "<ol>",
            { } start => string.Create(CultureInfo.InvariantCulture, $"<ol start=\"{start}\">"),
        };
        text.Block(begin, list.Start is null ? "</ul>" : "</ol>", () =>
        {
            foreach (var item in list.Items)
            {
                var box = item.Checked switch { true => "<input type=\"checkbox\" checked>", false => "<input type=\"checkbox\">", null => "" };
                text.Block("<li>" + box, "</li>", () => Flow(item.Blocks));
            }
        });
    }

    private void Table(Block.Table table) => text.Block("<table bordered>", "</table>", () =>
    {
        for (var row = 0; row < table.Rows.Count; row++)
        {
            var cells = table.Rows[row];
            var (begin, end) = table.HasHeader && row == 0 ? ("<th>", "</th>") : ("<td>", "</td>");
            text.Block("<tr>", "</tr>", () =>
            {
                foreach (var cell in cells.Take(MaxColumns))
                    text.Cell(begin, end, () => Hidden(() => Write(cell)));
            });
        }
    });

    private void Details(Block.Details details) => text.Block("<details>", "</details>", () =>
    {
        text.Cell("<summary>", "</summary>", () => Hidden(() => Write(details.Summary)));
        Add(details.Blocks);
    });

    private void Media(MediaKind kind, string address, string caption)
    {
        _media++;
        var hiding = isHidden ? " tg-spoiler" : "";
        var media = kind switch
        {
            MediaKind.Image => $"<img src=\"{address}\"{hiding}/>",
            MediaKind.Video => $"<video src=\"{address}\"{hiding}></video>",
            _ => $"<audio src=\"{address}\"></audio>",
        };
        if (caption.Length == 0)
            text.Block(media);
        else
            text.Block($"<figure>{media}<figcaption>", "</figcaption></figure>", () => Hidden(() => text.Append(caption)));
    }

    private void Film(Block.Media media, string caption)
    {
        text.Append(media.Kind == MediaKind.Video ? "▶️ " : "🎧 ");
        Link(new Span.Link(media.Url, [new Span.Text(caption.Length > 0 ? caption : media.Url.Host)]));
    }

    public void Write(IReadOnlyList<Span> spans)
    {
        foreach (var span in spans)
        {
            switch (span)
            {
                case Span.Text plain: text.Append(plain.Value); break;
                case Span.Break: text.NewLine(); break;
                case Span.Code code: text.Element("<code>", "</code>", () => text.Code(CleanText.Line(code.Value))); break;
                case Span.Link link: Link(link); break;
                case Span.Styled styled: text.InStyle(styled.Style, () => Write(styled.Spans)); break;
            }
        }
    }
}
