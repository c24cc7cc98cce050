using System.Globalization;
using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>
/// Writes blocks as Discord's markdown. What is text is shown as that text: every character that could mean something to Discord
/// is escaped, an <c>@</c> that could mention is broken, and no link says that it leads elsewhere than it does.
/// </summary>
internal sealed class DiscordMarkdown
{
    /// <summary>Fences are not scrolled sideways everywhere: a wider table is written row by row.</summary>
    private const int MaxTableWidth = 60;

    private readonly DiscordText _text = new();

    /// <summary>It is all inside of one spoiler.</summary>
    private readonly bool _isHidden;

    private DiscordMarkdown(bool isHidden) => _isHidden = isHidden;

    public static string Write(IReadOnlyList<Block> blocks)
    {
        var markdown = new DiscordMarkdown(isHidden: false);
        markdown.Write(blocks, lines: 2);
        return markdown._text.ToString();
    }

    /// <summary>
    /// The same as one spoiler. Inside of it no line begins a block, except for code: a block could end before the spoiler does, and what follows would be
    /// seen. So headings are bold, and lists and quotes have marks of their own.
    /// </summary>
    public static string Hidden(IReadOnlyList<Block> blocks)
    {
        var markdown = new DiscordMarkdown(isHidden: true);
        markdown._text.InStyle(SpanStyle.Spoiler, "||", "||", () => markdown.Write(blocks, lines: 2));
        return markdown._text.ToString();
    }

    /// <summary>Text without any style: only escaped. Its addresses are links, as everywhere.</summary>
    public static string Literal(string value)
    {
        var text = new DiscordText();
        text.Append(value);
        return text.ToString();
    }

    /// <summary>A title that carries a link of its own: only escaped, and no address in it is a link.</summary>
    public static string Title(string value)
    {
        var text = new DiscordText { Addresses = false };
        text.Append(value);
        return text.ToString();
    }

    private void Write(IReadOnlyList<Block> blocks, int lines)
    {
        var isFirst = true;
        foreach (var block in blocks)
        {
            var before = _text.Mark();
            for (var i = 0; !isFirst && i < lines; i++)
                _text.NewLine();
            var start = _text.Length;
            Write(block);
            if (_text.Length == start)
                _text.Return(before);
            else
                isFirst = false;
        }
    }

    private void Write(Block block)
    {
        switch (block)
        {
            case Block.Paragraph paragraph: Write(paragraph.Spans); break;
            case Block.Heading heading: Heading(heading); break;
            case Block.Code code: Fence(CleanText.Of(code.Text), code.Language); break;
            case Block.Quote quote: Quote(quote); break;
            case Block.List list: Items(list); break;
            case Block.Table table: Table(table); break;
            case Block.Rule: _text.Raw("⸻"); break;
            case Block.Details details: Write([new Block.Paragraph([new Span.Styled(SpanStyle.Bold, details.Summary)]), .. details.Blocks], 2); break;
            case Block.Media media when media.Kind != MediaKind.Image: Film(media); break;
        }
    }

    private void Heading(Block.Heading heading)
    {
        // Discord has three levels.
        if (heading.Level > 3 || _isHidden)
        {
            Write([new Span.Styled(SpanStyle.Bold, heading.Spans)]);
            return;
        }

        var before = _text.Mark();
        _text.Raw("### "[^(heading.Level + 1)..]);
        var start = _text.Length;
        // It is bold by itself, and one line.
        _text.InStyle(SpanStyle.Bold, "", "", () => _text.OnOneLine(() => Write(heading.Spans)));
        if (_text.Length == start)
            _text.Return(before);
    }

    private void Quote(Block.Quote quote)
    {
        if (!_isHidden)
        {
            _text.Within("> ", () => Write(quote.Blocks, 2));
            return;
        }

        _text.Raw("› ");
        _text.Within("› ", () => Write(quote.Blocks, 2), atStart: false);
    }

    private void Fence(string code, string? language)
    {
        if (string.IsNullOrWhiteSpace(code))
            return;
        _text.Raw("```");
        if (language is { Length: > 0 and <= 20 } && language.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-'))
            _text.Raw(language);
        foreach (var line in code.TrimEnd('\n').Split('\n'))
        {
            _text.NewLine();
            // A spoiler ends at its sign even in code.
            _text.Raw(_isHidden ? DiscordSigns.Parted(WithoutFences(line), "||") : WithoutFences(line));
        }

        _text.NewLine();
        _text.Raw("```");
    }

    /// <summary>No three backticks follow each other.</summary>
    private static string WithoutFences(string line)
    {
        if (!line.Contains("```", StringComparison.Ordinal))
            return line;
        var text = new StringBuilder(line.Length + 4);
        for (var i = 0; i < line.Length;)
        {
            var run = line.AsSpan(i).IndexOfAnyExcept('`');
            run = run < 0 ? line.Length - i : run;
            for (var tick = 0; tick < run; tick++)
                text.Append(run >= 3 && tick % 2 == 1 ? $"{DiscordText.Break}`" : "`");
            if (run == 0)
                text.Append(line[i]);
            i += Math.Max(1, run);
        }

        return text.ToString();
    }

    private void Items(Block.List list)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            var mark = list.Start is { } start ? (start + i).ToString(CultureInfo.InvariantCulture) + ". " : _isHidden ? "• " : "- ";
            if (i > 0)
                _text.NewLine();
            _text.Raw(mark);
            if (item.Checked is { } isChecked)
                _text.Raw(isChecked ? "☑ " : "☐ ");
            _text.Within(new string(' ', mark.Length), () => Write(item.Blocks, 1), atStart: false);
        }
    }

    private void Table(Block.Table table)
    {
        // A fence shows no links.
        var lines = table.Rows.Any(row => row.Any(HasLink)) ? null : PlainWriter.Grid(table, MaxTableWidth, Spans.Text);
        if (lines is not null)
        {
            Fence(string.Join('\n', lines), language: null);
            return;
        }

        for (var i = 0; i < table.Rows.Count; i++)
        {
            if (i > 0)
                _text.NewLine();
            for (var cell = 0; cell < table.Rows[i].Count; cell++)
            {
                if (cell > 0)
                    _text.Append(PlainWriter.Gap(table.Rows[i][cell - 1]));
                _text.OnOneLine(() => Write(table.Rows[i][cell]));
            }
        }
    }

    private static bool HasLink(IReadOnlyList<Span> spans) => spans.Any(span => span switch
    {
        Span.Link => true,
        Span.Styled styled => HasLink(styled.Spans),
        _ => false,
    });

    private void Film(Block.Media media)
    {
        _text.Raw(media.Kind == MediaKind.Video ? "▶️ " : "🎧 ");
        Link(new Span.Link(media.Url, [new Span.Text(CleanText.Line(media.Caption) is { Length: > 0 } caption ? caption : media.Url.Host)]));
    }

    private void Write(IReadOnlyList<Span> spans)
    {
        foreach (var span in spans)
        {
            switch (span)
            {
                case Span.Text text: _text.Append(text.Value); break;
                case Span.Break: _text.Append("\n"); break;
                case Span.Code code: _text.Code(CleanText.Line(code.Value)); break;
                case Span.Link link: Link(link); break;
                case Span.Styled styled: Styled(styled); break;
            }
        }
    }

    private void Styled(Span.Styled styled)
    {
        switch (styled.Style)
        {
            case SpanStyle.Bold: InStyle(styled, "**"); break;
            case SpanStyle.Italic: InStyle(styled, "*"); break;
            case SpanStyle.Underline: InStyle(styled, "__"); break;
            case SpanStyle.Strike: InStyle(styled, "~~"); break;
            case SpanStyle.Spoiler: InStyle(styled, "||"); break;
            case SpanStyle.Superscript or SpanStyle.Subscript: Shifted(styled); break;
            default: Write(styled.Spans); break;
        }
    }

    private void InStyle(Span.Styled styled, string sign) => _text.InStyle(styled.Style, sign, sign, () => Write(styled.Spans));

    private void Shifted(Span.Styled styled)
    {
        var isRaised = styled.Style == SpanStyle.Superscript;
        if (!HasLink(styled.Spans))
        {
            var text = Spans.Text(styled.Spans);
            _text.Append(isRaised ? SmallDigits.Superscript(text) : SmallDigits.Subscript(text));
            return;
        }

        _text.Append(isRaised ? "^(" : "_(");
        Write(styled.Spans);
        _text.Append(")");
    }

    private void Link(Span.Link link)
    {
        var label = Spans.Text(link.Spans);
        if (WebLink.Address(link.Url) is not { } address)
        {
            Write(link.Spans);
        }
        else if (string.IsNullOrWhiteSpace(label) || WebLink.Says(label, link.Url))
        {
            _text.Address(address);
        }
        else if (AddressText.Misleads(label, link.Url))
        {
            _text.WithoutAddresses(() => Write(link.Spans));
            _text.Append(" (");
            _text.Address(address);
            _text.Append(")");
        }
        else
        {
            _text.InLink(address, () => Write(link.Spans));
        }
    }
}
