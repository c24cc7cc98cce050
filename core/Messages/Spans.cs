using System.Text;

namespace Notifier.Messages;

/// <summary>What is common to all runs of text inside blocks.</summary>
public static class Spans
{
    /// <summary>The spans of a block that is one line of text (of a container: of its parts, joined by spaces).</summary>
    public static IReadOnlyList<Span> Of(Block block) => block switch
    {
        Block.Paragraph paragraph => paragraph.Spans,
        Block.Heading heading => heading.Spans,
        Block.Code code => [new Span.Code(code.Text)],
        Block.Quote quote => Joined(quote.Blocks),
        Block.Details details => [.. details.Summary, new Span.Text(" "), .. Joined(details.Blocks)],
        Block.List list => Joined(list.Items.SelectMany(item => item.Blocks)),
        Block.Table table => [new Span.Text(string.Join(' ', table.Rows.SelectMany(row => row).Select(Text)))],
        _ => [],
    };

    /// <summary>The visible text: no addresses, breaks as <c>\n</c>.</summary>
    public static string Text(IEnumerable<Span> spans)
    {
        var text = new StringBuilder();
        Append(text, spans);
        return text.ToString();
    }

    /// <summary>The visible text of blocks, one a line.</summary>
    public static string Text(IEnumerable<Block> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks)
        {
            var before = text.Length;
            if (before > 0)
                text.Append('\n');
            var start = text.Length;
            Append(text, Of(block));
            if (text.Length == start)
                text.Length = before;
        }

        return text.ToString();
    }

    /// <summary>The length of the visible text.</summary>
    public static int Length(IReadOnlyList<Span> spans)
    {
        var length = 0;
        for (var i = 0; i < spans.Count; i++)
            length += Length(spans[i]);
        return length;
    }

    /// <summary>The first <paramref name="length"/> characters of the visible text, perhaps with "…" after the last.</summary>
    public static IReadOnlyList<Span> Truncate(IReadOnlyList<Span> spans, int length, bool ellipsis = false)
    {
        var kept = new List<Span>();
        for (var i = 0; i < spans.Count && length > 0; i++)
        {
            var size = Length(spans[i]);
            kept.Add(size >= length ? Truncate(spans[i], length, ellipsis) : spans[i]);
            length -= size;
        }

        return kept;
    }

    /// <summary>The spans from one place of the visible text to another, nothing added and nothing trimmed.</summary>
    public static IReadOnlyList<Span> Slice(IReadOnlyList<Span> spans, int from, int to)
    {
        var kept = new List<Span>();
        var at = 0;
        foreach (var span in spans)
        {
            var size = Length(span);
            var (first, last) = (Math.Max(0, from - at), Math.Min(size, to - at));
            if (first == 0 && last == size && (size > 0 || at >= from))
                kept.Add(span);
            else if (last > first)
                kept.Add(Slice(span, first, last));
            at += size;
        }

        return kept;
    }

    private static int Length(Span span) => span switch
    {
        Span.Text text => text.Value.Length,
        Span.Code code => code.Value.Length,
        Span.Break => 1,
        Span.Link link => Length(link.Spans),
        Span.Styled styled => Length(styled.Spans),
        _ => 0,
    };

    private static Span Slice(Span span, int from, int to) => span switch
    {
        Span.Text text => new Span.Text(text.Value[from..to]),
        Span.Code code => new Span.Code(code.Value[from..to]),
        Span.Link link => link with { Spans = Slice(link.Spans, from, to) },
        Span.Styled styled => styled with { Spans = Slice(styled.Spans, from, to) },
        _ => span,
    };

    private static Span Truncate(Span span, int length, bool ellipsis) => span switch
    {
        Span.Text text => new Span.Text(text.Value[..length].TrimEnd() + (ellipsis ? "…" : "")),
        Span.Code code => new Span.Code(code.Value[..length].TrimEnd() + (ellipsis ? "…" : "")),
        Span.Link link => link with { Spans = Truncate(link.Spans, length, ellipsis) },
        Span.Styled styled => styled with { Spans = Truncate(styled.Spans, length, ellipsis) },
        _ => span,
    };

    private static void Append(StringBuilder text, IEnumerable<Span> spans)
    {
        foreach (var span in spans)
        {
            switch (span)
            {
                case Span.Text plain: text.Append(plain.Value); break;
                case Span.Code code: text.Append(code.Value); break;
                case Span.Break: text.Append('\n'); break;
                case Span.Link link: Append(text, link.Spans); break;
                case Span.Styled styled: Append(text, styled.Spans); break;
            }
        }
    }

    private static List<Span> Joined(IEnumerable<Block> blocks)
    {
        var joined = new List<Span>();
        foreach (var block in blocks)
        {
            if (joined.Count > 0)
                joined.Add(new Span.Text(" "));
            joined.AddRange(Of(block));
        }

        return joined;
    }
}
