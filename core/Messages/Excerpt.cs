using System.Globalization;
using Notifier.Messages.Wording;

namespace Notifier.Messages;

/// <summary>The beginning of an entry's text that fits a message: whole blocks, then a cut where a reader would pause.</summary>
public static class Excerpt
{
    /// <summary>Less room than this is not worth beginning a paragraph or a list item.</summary>
    private const int LeastRoom = 12;

    /// <summary>A longer line that ends in ":" says something without the list that it announces.</summary>
    private const int LongestAnnouncement = 100;

    /// <summary>Takes what fits <paramref name="budget"/> characters of visible text, without the boilerplate at both ends.</summary>
    /// <param name="title">The entry's title, which the text need not repeat.</param>
    public static IReadOnlyList<Block> Take(IReadOnlyList<Block> blocks, int budget, string? title = null) =>
        Within(Boilerplate.Without(blocks, title), budget);

    /// <summary>As many of the blocks as fit <paramref name="budget"/> characters of visible text; the last perhaps in part.</summary>
    public static IReadOnlyList<Block> Within(IReadOnlyList<Block> blocks, int budget) => Fit(blocks, budget);

    /// <summary>Shortens blocks until a platform has room for them; null when four times were not enough.</summary>
    /// <param name="limit">More characters of visible text than this can never fit.</param>
    /// <param name="excess">By how much the rendered blocks exceed the room, in UTF-16 units; 0 or less when they fit.</param>
    public static IReadOnlyList<Block>? Shrink(IReadOnlyList<Block> blocks, int limit, Func<IReadOnlyList<Block>, int> excess)
    {
        const int Rounds = 4;
        var budget = Length(blocks);
        var taken = blocks;
        if (budget > limit)
            (taken, budget) = (Within(blocks, limit), limit);
        for (var round = 0; ; round++)
        {
            var over = excess(taken);
            if (over <= 0)
                return taken;
            if (round == Rounds)
                return null;
            // Most of the excess may be addresses and escapes, which the budget does not count.
            budget = over < budget / 2 ? budget - over : budget / 2;
            taken = Within(blocks, budget);
        }
    }

    /// <summary>The visible text of blocks in UTF-16 units, about as a message shows it: with the marks of items and the gaps between blocks.</summary>
    public static int Length(IReadOnlyList<Block> blocks)
    {
        var length = 2 * Math.Max(0, blocks.Count - 1);
        for (var i = 0; i < blocks.Count; i++)
            length += Length(blocks[i]);
        return length;
    }

    /// <summary>
    /// Cuts plain text to at most <paramref name="max"/> UTF-16 units: after a sentence that ends in the last 40 %, else at a space in the last
    /// 30 %, else between graphemes; "…" stands where no sentence ended.
    /// </summary>
    public static string CutText(string text, int max)
    {
        if (text.Length <= max)
            return text;
        var (length, ellipsis) = FindCut(text, max);
        // An address alone is cut rather than not shown.
        return length == 0 && max > 0 ? CleanText.Cut(text, max) : string.Concat(text.AsSpan(0, length).TrimEnd(), ellipsis ? "…" : "");
    }

    private static List<Block> Fit(IReadOnlyList<Block> blocks, int room)
    {
        var taken = new List<Block>();
        var isCut = false;
        foreach (var block in blocks)
        {
            var left = room - (taken.Count > 0 ? 2 : 0);
            var length = Length(block);
            if (length <= left)
            {
                taken.Add(block);
                room = left - length;
                continue;
            }

            isCut = true;
            var part = left >= LeastRoom || taken.Count == 0 ? Part(block, left) : null;
            if (part is not null)
                taken.Add(part);
            if (taken.Count == 0)
                continue;
            if (part is null && taken.Count > 1 && taken[^1] is Block.Paragraph before && Announces(before))
                taken.RemoveAt(taken.Count - 1);
            break;
        }

        while (taken.Count > (isCut ? 0 : 1) && taken[^1] is Block.Heading or Block.Rule)
            taken.RemoveAt(taken.Count - 1);
        return taken;
    }

    /// <summary>Whether a line promises what comes behind it, and is of no use alone.</summary>
    private static bool Announces(Block.Paragraph paragraph) =>
        Spans.Length(paragraph.Spans) <= LongestAnnouncement && Spans.Text(paragraph.Spans) is [.., ':' or '：'];

    /// <summary>As much of a block as fits, or null where a part of it would be of no use.</summary>
    private static Block? Part(Block block, int room) => block switch
    {
        Block.Paragraph paragraph when Cut(paragraph.Spans, room) is { Count: > 0 } spans => new Block.Paragraph(spans),
        Block.Quote quote when Fit(quote.Blocks, room) is { Count: > 0 } inner => new Block.Quote(inner),
        Block.List list when Items(list.Items, room) is { Count: > 0 } items => list with { Items = items },
        Block.Code code when Lines(code.Text, room) is { Length: > 0 } lines => code with { Text = lines },
        Block.Details details when Fit(details.Blocks, room - Spans.Length(details.Summary) - 2) is { Count: > 0 } inner => details with { Blocks = inner },
        _ => null,
    };

    private static List<Span> Cut(IReadOnlyList<Span> spans, int room)
    {
        var (length, ellipsis) = FindCut(Spans.Text(spans), room);
        return [.. Spans.Truncate(spans, length, ellipsis)];
    }

    private static List<ListItem> Items(IReadOnlyList<ListItem> items, int room)
    {
        var taken = new List<ListItem>();
        foreach (var item in items)
        {
            var length = Length(item.Blocks) + 1;
            if (length <= room)
            {
                taken.Add(item);
                room -= length;
                continue;
            }

            if (room >= LeastRoom && Fit(item.Blocks, room - 1) is { Count: > 0 } blocks)
                taken.Add(item with { Blocks = blocks });
            break;
        }

        return taken;
    }

    private static string Lines(string code, int room)
    {
        if (room >= code.Length)
            return code;
        var end = room < 0 ? -1 : code.LastIndexOf('\n', room);
        return end < 0 ? "" : code[..end];
    }

    private static int Length(Block block) => block switch
    {
        Block.Paragraph paragraph => Spans.Length(paragraph.Spans),
        Block.Heading heading => Spans.Length(heading.Spans),
        Block.Code code => code.Text.Length,
        Block.Quote quote => Length(quote.Blocks),
        Block.List list => list.Items.Sum(item => Length(item.Blocks) + 1),
        Block.Details details => Spans.Length(details.Summary) + 2 + Length(details.Blocks),
        Block.Table table => table.Rows.Sum(row => row.Sum(cell => Spans.Length(cell) + 3)),
        Block.Rule => 3,
        Block.Media { Kind: MediaKind.Image } => 0,
        Block.Media media => (media.Caption ?? media.Url.Host).Length + 2,
        _ => 0,
    };

    private static (int Length, bool Ellipsis) FindCut(string text, int max)
    {
        if (text.Length <= max)
            return (text.Length, false);
        if (max <= 0)
            return (0, false);
        int sentence = 0, space = 0, grapheme = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = at + (IsAlone(text, at) ? 1 : StringInfo.GetNextTextElementLength(text.AsSpan(at)));
            if (char.IsWhiteSpace(text[at]) && at < max)
                space = at;
            if (end > max)
                break;
            if (SentenceEnds.Find(text, at) is > 0 and var found && found <= max)
                sentence = found;
            if (end < max)
                grapheme = end;
            at = end;
        }

        if (sentence >= max * 0.6)
            return (sentence, false);
        var cut = OutsideAddress(text, space >= max * 0.7 ? space : grapheme);
        return (cut, cut > 0);
    }

    /// <summary>Whether a character is one for the reader whatever follows it.</summary>
    private static bool IsAlone(string text, int at) =>
        char.IsAscii(text[at]) && text[at] != '\r' && at + 1 < text.Length && char.IsAscii(text[at + 1]);

    /// <summary>A part of an address leads nowhere: a cut inside of one moves before it.</summary>
    private static int OutsideAddress(string text, int cut)
    {
        var from = text.AsSpan(0, cut).LastIndexOfAny(' ', '\n') + 1;
        for (var at = from; (at = text.IndexOf("http", at, StringComparison.OrdinalIgnoreCase)) >= 0 && at < cut; at++)
        {
            if (at + AddressText.LengthAt(text.AsSpan(at)) > cut)
                return text.AsSpan(0, at).TrimEnd().Length;
        }

        return cut;
    }
}
