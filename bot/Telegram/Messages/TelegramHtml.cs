using System.Globalization;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>
/// Writes blocks as the HTML of Telegram's <c>parse_mode=HTML</c>: some inline styles, links, code and quotations that do not nest; everything else
/// is made of these and of lines.
/// </summary>
internal sealed class TelegramHtml(TelegramText text)
{
    /// <summary>A longer quotation opens on demand.</summary>
    private const int LongQuote = 600;

    /// <summary>A phone shows about this much of preformatted text in a line: a wider table is written row by row.</summary>
    private const int MaxTableWidth = 60;

    private const string Indent = "\u2003";

    private int _inside;
    private bool _isHidden;

    /// <param name="commands">Commands that may stay what they are, without the slash.</param>
    public static string Write(IReadOnlyList<Block> blocks, IReadOnlySet<string>? commands = null)
    {
        var text = new TelegramText(isHtml: true) { Commands = commands };
        new TelegramHtml(text).Write(blocks);
        return text.ToString();
    }

    public void Write(IReadOnlyList<Block> blocks) => Write(blocks, lines: 2, level: 0);

    public void Write(IReadOnlyList<Span> spans) => Write(spans, isLink: false);

    /// <summary>The same, hidden until it is tapped: without code, which Telegram would show, and without quotations, which it lets stand in nothing.</summary>
    public void WriteHidden(IReadOnlyList<Block> blocks)
    {
        _isHidden = true;
        Inside(() => text.InStyle(SpanStyle.Spoiler, "tg-spoiler", () => Write(blocks)));
        _isHidden = false;
    }

    /// <summary>A link, or where its text promises another place, that text and the place in brackets.</summary>
    private void Link(Span.Link link)
    {
        var label = Spans.Text(link.Spans);
        if (WebLink.Address(link.Url) is not { } address)
        {
            Write(link.Spans);
        }
        else if (string.IsNullOrWhiteSpace(label) || WebLink.Says(label, link.Url))
        {
            text.InLink(address, () => text.AsIs(CleanText.Line(label) is { Length: > 0 } said ? said : address));
        }
        else if (AddressText.Misleads(label, link.Url))
        {
            text.WithoutAddresses(() => Write(link.Spans));
            text.Append(" (");
            text.InLink(address, () => text.AsIs(link.Url.IdnHost));
            text.Append(")");
        }
        else
        {
            text.InLink(address, () => Write(link.Spans, isLink: true));
        }
    }

    private void Write(IReadOnlyList<Block> blocks, int lines, int level)
    {
        var isFirst = true;
        foreach (var block in blocks)
        {
            var before = text.Mark();
            for (var i = 0; !isFirst && i < lines; i++)
                text.NewLine();
            var start = text.Visible;
            Write(block, level);
            if (text.Visible == start)
                text.Return(before);
            else
                isFirst = false;
        }
    }

    private void Write(Block block, int level)
    {
        switch (block)
        {
            case Block.Paragraph paragraph: Write(paragraph.Spans); break;
            case Block.Heading heading: Heading(heading); break;
            case Block.Code code: Code(CleanText.Of(code.Text), code.Language); break;
            case Block.Quote quote: Quote(quote.Blocks, LongQuote); break;
            case Block.List list: Items(list, level); break;
            case Block.Table table: Table(table); break;
            case Block.Rule: text.Sign("———"); break;
            case Block.Details details: Details(details); break;
            case Block.Media media when media.Kind != MediaKind.Image: Film(media); break;
        }
    }

    private void Heading(Block.Heading heading)
    {
        if (heading.Level <= 3)
            text.InStyle(SpanStyle.Bold, "b", () => Write(heading.Spans));
        else
            text.InStyle(SpanStyle.Bold, "b", () => text.InStyle(SpanStyle.Italic, "i", () => Write(heading.Spans)));
    }

    private void Code(string code, string? language)
    {
        if (string.IsNullOrWhiteSpace(code))
            return;
        if (_isHidden)
            text.Append(code.TrimEnd('\n'));
        else if (IsLanguage(language))
            text.Element($"<pre><code class=\"language-{language}\">", "</code></pre>", () => text.Lines(code.TrimEnd('\n')));
        else
            text.Element("<pre>", "</pre>", () => text.Lines(code.TrimEnd('\n')));
    }

    /// <summary>Whether it is a name by which Telegram may colour code.</summary>
    public static bool IsLanguage(string? language) => language is { Length: > 0 and <= 20 } && language.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-');

    /// <summary>Quotations do not nest, nor stand in lists: an inner one is marked line by line.</summary>
    private void Quote(IReadOnlyList<Block> blocks, int openTo)
    {
        if (_inside > 0)
            Inside(() => text.Within("› ", () => Write(blocks)));
        else
            Inside(() => text.InQuote(openTo, () => Write(blocks)));
    }

    private void Inside(Action write)
    {
        _inside++;
        write();
        _inside--;
    }

    private void Items(Block.List list, int level)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            if (i > 0)
                text.NewLine();
            text.Sign((item.Checked, list.Start) switch
            {
                (true, _) => "☑ ",
                (false, _) => "☐ ",
                (_, { } start) => (start + i).ToString(CultureInfo.InvariantCulture) + ". ",
                _ => level == 0 ? "• " : "◦ ",
            });
            Inside(() => text.Within(Indent, () => Write(item.Blocks, 1, level + 1), atStart: false));
        }
    }

    private void Table(Block.Table table)
    {
        // Preformatted text shows no links and cannot be hidden.
        if (!_isHidden && !table.Rows.Any(row => row.Any(HasLink)) && PlainWriter.Grid(table, MaxTableWidth, Spans.Text) is { } lines)
        {
            Code(string.Join('\n', lines), language: null);
            return;
        }

        for (var i = 0; i < table.Rows.Count; i++)
        {
            if (i > 0)
                text.NewLine();
            for (var cell = 0; cell < table.Rows[i].Count; cell++)
            {
                if (cell > 0)
                    text.Append(PlainWriter.Gap(table.Rows[i][cell - 1]));
                Write(table.Rows[i][cell]);
            }
        }
    }

    private void Details(Block.Details details)
    {
        var visible = text.Visible;
        text.InStyle(SpanStyle.Bold, "b", () => Write(details.Summary));
        var before = text.Mark();
        if (before.Visible > visible)
            text.NewLine();
        var start = text.Visible;
        Quote(details.Blocks, openTo: 0);
        if (text.Visible == start)
            text.Return(before);
    }

    private void Film(Block.Media media)
    {
        text.Sign(media.Kind == MediaKind.Video ? "▶️ " : "🎧 ");
        Link(new Span.Link(media.Url, [new Span.Text(CleanText.Line(media.Caption) is { Length: > 0 } caption ? caption : media.Url.Host)]));
    }

    private void Write(IReadOnlyList<Span> spans, bool isLink)
    {
        foreach (var span in spans)
        {
            switch (span)
            {
                case Span.Text plain: text.Append(plain.Value); break;
                case Span.Break: text.NewLine(); break;
                // Code is nothing else at the same time: inside a link the link is worth more.
                case Span.Code code when isLink || _isHidden: text.Append(CleanText.Line(code.Value)); break;
                case Span.Code code: text.Element("<code>", "</code>", () => text.AsIs(CleanText.Line(code.Value))); break;
                case Span.Link link: Link(link); break;
                case Span.Styled styled: Styled(styled, isLink); break;
            }
        }
    }

    private void Styled(Span.Styled styled, bool isLink)
    {
        switch (styled.Style)
        {
            case SpanStyle.Bold: InStyle(styled, "b", isLink); break;
            case SpanStyle.Italic: InStyle(styled, "i", isLink); break;
            case SpanStyle.Underline: InStyle(styled, "u", isLink); break;
            case SpanStyle.Strike: InStyle(styled, "s", isLink); break;
            case SpanStyle.Spoiler: InStyle(styled, "tg-spoiler", isLink); break;
            case SpanStyle.Superscript or SpanStyle.Subscript: Shifted(styled, isLink); break;
            default: Write(styled.Spans, isLink); break;
        }
    }

    private void InStyle(Span.Styled styled, string element, bool isLink) => text.InStyle(styled.Style, element, () => Write(styled.Spans, isLink));

    private void Shifted(Span.Styled styled, bool isLink)
    {
        var isRaised = styled.Style == SpanStyle.Superscript;
        if (!HasLink(styled.Spans))
        {
            var said = Spans.Text(styled.Spans);
            text.Append(isRaised ? SmallDigits.Superscript(said) : SmallDigits.Subscript(said));
            return;
        }

        text.Append(isRaised ? "^(" : "_(");
        Write(styled.Spans, isLink);
        text.Append(")");
    }

    private static bool HasLink(IReadOnlyList<Span> spans) => spans.Any(span => span switch
    {
        Span.Link => true,
        Span.Styled styled => HasLink(styled.Spans),
        _ => false,
    });
}
