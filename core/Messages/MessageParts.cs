using System.Globalization;

namespace Notifier.Messages;

/// <summary>
/// Splits a reply that is too long for one message into several: between blocks, then between the items of a list, then between lines, and at last
/// between the characters of a text. Nothing is lost, the order stays, and what can be done next stands under the last part.
/// </summary>
public static class MessageParts
{
    /// <param name="message">A card stays whole: it comes with the last part, or after it.</param>
    /// <param name="fits">Whether a platform has room for a message; a part of one that fits must fit too. What cannot be split is a part even if it does not.</param>
    public static IReadOnlyList<Message> Split(Message message, Func<Message, bool> fits)
    {
        if (message.Text.Count == 0 || fits(message))
            return [message];
        var parts = new List<Message>();
        var rest = message.Text;
        while (rest.Count > 0)
        {
            (var part, rest) = Cut(rest, blocks => fits(new Message { Text = blocks }));
            parts.Add(new Message { Text = part });
        }

        var last = message with { Text = parts[^1].Text };
        if (message.Card is null || fits(last))
            parts[^1] = last;
        else
            parts.Add(message with { Text = [] });
        return parts;
    }

    /// <summary>The longest beginning of the blocks that fits, and what is left; never nothing.</summary>
    private static (IReadOnlyList<Block> Part, IReadOnlyList<Block> Left) Cut(IReadOnlyList<Block> blocks, Func<IReadOnlyList<Block>, bool> fits)
    {
        var whole = Most(blocks.Count, count => fits([.. blocks.Take(count)]));
        if (whole == blocks.Count)
            return (blocks, []);
        IReadOnlyList<Block> taken = [.. blocks.Take(whole)];
        // A block that has to be cut anyway fills the room that is left.
        if (whole > 0 && fits([blocks[whole]]))
            return (taken, [.. blocks.Skip(whole)]);
        var (head, rest) = Cut(blocks[whole], head => fits([.. taken, head]));
        if (head is null && whole > 0)
            return (taken, [.. blocks.Skip(whole)]);
        IReadOnlyList<Block> left = rest is null ? [] : [rest];
        if (head is not null)
            return ([.. taken, head], [.. left, .. blocks.Skip(whole + 1)]);
        // Nothing of it fits: it goes alone, of a list its first item.
        return blocks[whole] is Block.List { Items.Count: > 1 } list
            ? ([list with { Items = [list.Items[0]] }], [From(list, 1), .. blocks.Skip(whole + 1)])
            : ([blocks[whole]], [.. blocks.Skip(whole + 1)]);
    }

    private static (Block? Head, Block? Left) Cut(Block block, Func<Block, bool> fits) => block switch
    {
        Block.List list => Items(list, fits),
        Block.Paragraph paragraph => Text(paragraph.Spans, spans => new Block.Paragraph(spans), fits),
        Block.Heading heading => Text(heading.Spans, spans => heading with { Spans = spans }, fits),
        Block.Code code => Lines(code, fits),
        Block.Quote quote => Inside(quote.Blocks, blocks => new Block.Quote(blocks), blocks => new Block.Quote(blocks), fits),
        Block.Details details when Spans.Text(details.Summary).Length == 0 => Inside(details.Blocks, blocks => details with { Blocks = blocks }, blocks => details with { Blocks = blocks }, fits),
        Block.Details details => Inside([new Block.Paragraph(details.Summary), .. details.Blocks], Opening(details.Summary), blocks => new Block.Details([], blocks), fits),
        Block.Table table => Rows(table, fits),
        _ => (null, block),
    };

    private static (Block? Head, Block? Left) Items(Block.List list, Func<Block, bool> fits)
    {
        var count = Most(list.Items.Count, count => fits(list with { Items = [.. list.Items.Take(count)] }));
        if (count > 0)
            return (list with { Items = [.. list.Items.Take(count)] }, From(list, count));
        var first = list.Items[0];
        var (part, rest) = Inside(
            first.Blocks,
            blocks => list with { Items = [first with { Blocks = blocks }] },
            blocks => list with { Items = [first with { Blocks = blocks }, .. list.Items.Skip(1)] },
            fits);
        return rest is null && part is not null && list.Items.Count > 1 ? (part, From(list, 1)) : (part, rest);
    }

    private static Block.List From(Block.List list, int index) => new(list.Start + index, [.. list.Items.Skip(index)]);

    private static (Block? Head, Block? Left) Inside(IReadOnlyList<Block> blocks, Func<IReadOnlyList<Block>, Block> head, Func<IReadOnlyList<Block>, Block> rest, Func<Block, bool> fits)
    {
        var (part, left) = Cut(blocks, inner => fits(head(inner)));
        return fits(head(part)) ? (head(part), left.Count == 0 ? null : rest(left)) : (null, rest(blocks));
    }

    /// <summary>The summary and what follows it, of blocks whose first is the summary.</summary>
    private static Func<IReadOnlyList<Block>, Block> Opening(IReadOnlyList<Span> summary) => blocks =>
        blocks is [Block.Paragraph first, ..] && (ReferenceEquals(first.Spans, summary) || blocks.Count == 1)
            ? new Block.Details(first.Spans, [.. blocks.Skip(1)])
            : new Block.Details([], blocks);

    private static (Block? Head, Block? Left) Rows(Block.Table table, Func<Block, bool> fits)
    {
        var count = Most(table.Rows.Count, count => fits(table with { Rows = [.. table.Rows.Take(count)] }));
        if (count > 0)
            return (table with { Rows = [.. table.Rows.Take(count)] }, table with { HasHeader = false, Rows = [.. table.Rows.Skip(count)] });
        // A row that is too long by itself becomes lines of its own.
        var rows = table.Rows.Select(row => new ListItem([.. row.Select(cell => new Block.Paragraph(cell))])).ToList();
        return Items(new Block.List(Start: null, rows), fits);
    }

    private static (Block? Head, Block? Left) Lines(Block.Code code, Func<Block, bool> fits)
    {
        var lines = code.Text.Split('\n');
        var count = Most(lines.Length, count => fits(code with { Text = string.Join('\n', lines.Take(count)) }));
        if (count > 0)
            return (code with { Text = string.Join('\n', lines.Take(count)) }, code with { Text = string.Join('\n', lines.Skip(count)) });
        var ends = Graphemes(lines[0]);
        count = Most(ends.Count, count => fits(code with { Text = lines[0][..ends[count - 1]] }));
        return count == 0 ? (null, code) : (code with { Text = lines[0][..ends[count - 1]] }, code with { Text = code.Text[ends[count - 1]..] });
    }

    private static (Block? Head, Block? Left) Text(IReadOnlyList<Span> spans, Func<IReadOnlyList<Span>, Block> make, Func<Block, bool> fits)
    {
        var text = Spans.Text(spans);
        var lines = Enumerable.Range(1, Math.Max(0, text.Length - 1)).Where(at => text[at] == '\n').ToList();
        var count = Most(lines.Count, count => fits(make(Spans.Slice(spans, 0, lines[count - 1]))));
        if (count > 0 && text.AsSpan(0, lines[count - 1]).IndexOfAnyExcept('\n') >= 0)
            return (make(Spans.Slice(spans, 0, lines[count - 1])), make(Spans.Slice(spans, lines[count - 1] + 1, text.Length)));
        var ends = Graphemes(text);
        count = Most(ends.Count, count => fits(make(Spans.Slice(spans, 0, ends[count - 1]))));
        if (count == 0)
            return (null, make(spans));
        if (count == ends.Count)
            return (make(spans), null);
        // Better behind a word, if there is one in the last third.
        var end = ends[count - 1];
        var space = text[end] == ' ' ? end + 1 : text.LastIndexOf(' ', end - 1, end / 3) + 1;
        var next = space > 0 ? space : end;
        return (make(Spans.Slice(spans, 0, Math.Min(end, next))), next == text.Length ? null : make(Spans.Slice(spans, next, text.Length)));
    }

    /// <summary>Where each whole character ends.</summary>
    private static List<int> Graphemes(string text)
    {
        var ends = new List<int>(text.Length);
        for (var at = 0; at < text.Length;)
            ends.Add(at += StringInfo.GetNextTextElementLength(text.AsSpan(at)));
        return ends;
    }

    /// <summary>The greatest count up to <paramref name="count"/> that fits, given that all smaller ones do; 0 if none.</summary>
    private static int Most(int count, Func<int, bool> fits)
    {
        if (count > 0 && fits(count))
            return count;
        var (low, high) = (0, count);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (fits(middle))
                low = middle;
            else
                high = middle;
        }

        return low;
    }
}
