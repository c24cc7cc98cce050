using System.Globalization;
using System.Text;

namespace Notifier.Messages;

/// <summary>Writes messages as plain lines of a given width: what a terminal, a log or a platform that refused every other form can show.</summary>
public static class PlainWriter
{
    /// <summary>Narrower than this nothing is indented any more, and lines are not cut shorter.</summary>
    public const int LeastWidth = 8;

    /// <summary>The lines of a whole message: its text, its card without a box, its actions.</summary>
    public static IReadOnlyList<string> Write(Message message, int width)
    {
        var lines = new List<string>(Write(message.Text, width));
        if (message.Card is { } card)
        {
            Separate(lines);
            lines.AddRange(Wrap(CleanText.Line(card.Title), width));
            if (card.Link is not null)
                lines.AddRange(Wrap(card.Link.AbsoluteUri, width));
            Separate(lines, Write(card.Body, width));
            Separate(lines, Wrap(CleanText.Line(string.Join(" · ", new[] { card.Feed, card.Author }.Where(name => !string.IsNullOrEmpty(name)))), width));
        }

        Separate(lines, [.. message.Actions.SelectMany((action, i) => Wrap($"[{i + 1}] {CleanText.Line(action.Label)}", width))]);
        return lines;
    }

    /// <summary>The lines of blocks, one empty line between two of them. No line is wider than <paramref name="width"/> columns nor ends in a space.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<Block> blocks, int width)
    {
        var lines = new List<string>();
        foreach (var block in blocks)
            Separate(lines, Write(block, Math.Max(LeastWidth, width)));
        return lines;
    }

    private static IReadOnlyList<string> Write(Block block, int width) => block switch
    {
        Block.Paragraph paragraph => Wrap(Text(paragraph.Spans), width),
        Block.Heading heading => Wrap(Text(heading.Spans), width),
        Block.Code code => Indented("    ", "    ", width, inner => Wrap(CleanText.Of(code.Text).Replace("\t", "    ", StringComparison.Ordinal), inner)),
        Block.Quote quote => Indented("│ ", "│ ", width, inner => Write(quote.Blocks, inner)),
        Block.List list => Items(list, width),
        Block.Table table => Table(table, width),
        Block.Rule => ["———"],
        Block.Details details => [.. Wrap("▾ " + Text(details.Summary), width), .. Indented("  ", "  ", width, inner => Write(details.Blocks, inner))],
        Block.Media media => Film(media, width),
        _ => [],
    };

    private static IReadOnlyList<string> Items(Block.List list, int width, int level = 0) =>
        [.. list.Items.SelectMany((item, i) => Item(item, Mark(list, item, i, level), width, level))];

    private static IReadOnlyList<string> Item(ListItem item, string mark, int width, int level) =>
        Indented(mark, new string(' ', mark.Length), width, inner =>
            [.. item.Blocks.SelectMany(block => block is Block.List list ? Items(list, inner, level + 1) : Write(block, inner))]);

    private static string Mark(Block.List list, ListItem item, int index, int level) => (item.Checked, list.Start) switch
    {
        (true, _) => "☑ ",
        (false, _) => "☐ ",
        (_, { } start) => (start + index).ToString(CultureInfo.InvariantCulture) + ". ",
        _ => level == 0 ? "• " : "◦ ",
    };

    private static IReadOnlyList<string> Film(Block.Media media, int width)
    {
        if (media.Kind == MediaKind.Image)
            return [];
        var sign = media.Kind == MediaKind.Video ? "▶️" : "🎧";
        return Wrap($"{sign} {CleanText.Line(media.Caption ?? media.Url.Host)} ({media.Url.AbsoluteUri})", width);
    }

    private static IReadOnlyList<string> Table(Block.Table table, int width) =>
        Grid(table, width, Text) ?? [.. table.Rows.SelectMany(row => Wrap(string.Concat(row.Select((cell, i) => (i == 0 ? "" : Gap(row[i - 1])) + CleanText.Line(Text(cell)))), width))];

    /// <summary>What stands between a cell and the next one where a row is written as a line: a label with its colon needs no more.</summary>
    public static string Gap(IReadOnlyList<Span> cell) => Spans.Text(cell).TrimEnd().EndsWith(':') ? " " : " | ";

    /// <summary>A table drawn with fixed-width characters, or null when it is wider than <paramref name="width"/> columns.</summary>
    /// <param name="text">What a cell says.</param>
    public static IReadOnlyList<string>? Grid(Block.Table table, int width, Func<IReadOnlyList<Span>, string> text)
    {
        var rows = table.Rows.Select(row => row.Select(cell => CleanText.Line(text(cell))).ToList()).ToList();
        if (rows.Count == 0)
            return [];
        var widths = Enumerable.Range(0, rows.Max(row => row.Count))
            .Select(column => rows.Max(row => column < row.Count ? DisplayWidth.Of(row[column]) : 0)).ToList();
        if (widths.Sum() + (3 * (widths.Count - 1)) > width)
            return null;
        var lines = rows.ConvertAll(row => string.Join(" | ", row.Select((cell, column) => cell + new string(' ', widths[column] - DisplayWidth.Of(cell)))).TrimEnd(' '));
        if (table.HasHeader)
            lines.Insert(1, string.Join("-|-", widths.Select(column => new string('-', column))));
        return lines;
    }

    /// <summary>Puts <paramref name="first"/> before the first line and <paramref name="others"/> before the rest, unless too little width would be left.</summary>
    private static IReadOnlyList<string> Indented(string first, string others, int width, Func<int, IReadOnlyList<string>> write)
    {
        var left = width - first.Length;
        return left < LeastWidth ? write(width) : [.. write(left).Select((line, i) => ((i == 0 ? first : others) + line).TrimEnd(' '))];
    }

    private static void Separate(List<string> lines, IReadOnlyList<string>? more = null)
    {
        if (lines.Count > 0 && more is not { Count: 0 })
            lines.Add("");
        lines.AddRange(more ?? []);
    }

    private static IReadOnlyList<string> Wrap(string text, int width) => text.Length == 0 ? [] : WrappedText.Lines(text, Math.Max(LeastWidth, width));

    /// <summary>Spans as text; a link shows its address unless its text already says it.</summary>
    private static string Text(IReadOnlyList<Span> spans)
    {
        var text = new StringBuilder();
        Append(text, spans);
        return CleanText.Of(text.ToString()).Replace('\t', ' ');
    }

    private static void Append(StringBuilder text, IReadOnlyList<Span> spans)
    {
        foreach (var span in spans)
        {
            switch (span)
            {
                case Span.Text plain: text.Append(plain.Value); break;
                case Span.Code code: text.Append(code.Value); break;
                case Span.Break: text.Append('\n'); break;
                case Span.Link link: AppendLink(text, link); break;
                case Span.Styled { Style: SpanStyle.Subscript } sub: text.Append(SmallDigits.Subscript(Text(sub.Spans))); break;
                case Span.Styled { Style: SpanStyle.Superscript } sup: text.Append(SmallDigits.Superscript(Text(sup.Spans))); break;
                case Span.Styled styled: Append(text, styled.Spans); break;
            }
        }
    }

    private static void AppendLink(StringBuilder text, Span.Link link)
    {
        var label = Text(link.Spans);
        if (WebLink.Says(label, link.Url) || string.IsNullOrWhiteSpace(label))
            text.Append(link.Url.AbsoluteUri);
        else
            text.Append(label).Append(" (").Append(link.Url.AbsoluteUri).Append(')');
    }
}
