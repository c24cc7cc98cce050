using System.Buffers;
using System.Globalization;

namespace Notifier.Messages;

/// <summary>The beginning of an entry's text that fits a message: whole blocks, then a cut where a reader would pause.</summary>
public static class Excerpt
{
    /// <summary>Less room than this is not worth beginning a paragraph or a list item.</summary>
    private const int LeastRoom = 12;

    private static readonly SearchValues<char> BeforeWord = SearchValues.Create(" \u00A0\n(“\"");

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "e.g", "i.e", "dr", "mr", "mrs", "ms", "prof", "st", "vs", "no", "fig", "jr", "sr", "gen", "approx", "cf", "al", "vol", "pp",
        "z.b", "d.h", "u.a", "bzw", "ca", "nr", "p.ex",
    };

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
    public static int Length(IReadOnlyList<Block> blocks) => blocks.Sum(Length) + (2 * Math.Max(0, blocks.Count - 1));

    /// <summary>
    /// Cuts plain text to at most <paramref name="max"/> UTF-16 units: after a sentence that ends in the last 40 %, else at a space in the last
    /// 30 %, else between graphemes; "…" stands where no sentence ended.
    /// </summary>
    public static string CutText(string text, int max)
    {
        var (length, ellipsis) = FindCut(text, max);
        return text[..length].TrimEnd() + (ellipsis ? "…" : "");
    }

    private static List<Block> Fit(IReadOnlyList<Block> blocks, int room)
    {
        var taken = new List<Block>();
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

            var part = left >= LeastRoom || taken.Count == 0 ? Part(block, left) : null;
            if (part is not null)
                taken.Add(part);
            if (taken.Count > 0)
                break;
        }

        while (taken.Count > 0 && taken[^1] is Block.Heading or Block.Rule)
            taken.RemoveAt(taken.Count - 1);
        return taken;
    }

    /// <summary>As much of a block as fits, or null where a part of it would be of no use.</summary>
    private static Block? Part(Block block, int room) => block switch
    {
        Block.Paragraph paragraph when Cut(paragraph.Spans, room) is { Count: > 0 } spans => new Block.Paragraph(spans),
        Block.Quote quote when Fit(quote.Blocks, room) is { Count: > 0 } inner => new Block.Quote(inner),
        Block.List list when Items(list.Items, room) is { Count: > 0 } items => list with { Items = items },
        Block.Code code when Lines(code.Text, room) is { Length: > 0 } lines => code with { Text = lines },
        Block.Details details when Fit(details.Blocks, room - Spans.Text(details.Summary).Length - 2) is { Count: > 0 } inner => details with { Blocks = inner },
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
        Block.Quote quote => Length(quote.Blocks),
        Block.List list => list.Items.Sum(item => Length(item.Blocks) + 1),
        Block.Details details => Spans.Text(details.Summary).Length + 2 + Length(details.Blocks),
        Block.Table table => table.Rows.Sum(row => row.Sum(cell => Spans.Text(cell).Length + 3)),
        Block.Rule => 3,
        Block.Media { Kind: MediaKind.Image } => 0,
        Block.Media media => (media.Caption ?? media.Url.Host).Length + 2,
        _ => Spans.Text(Spans.Of(block)).Length,
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
            var end = at + StringInfo.GetNextTextElementLength(text.AsSpan(at));
            if (char.IsWhiteSpace(text[at]) && at < max)
                space = at;
            if (end > max)
                break;
            if (EndsSentence(text, at, end))
                sentence = end;
            if (end < max)
                grapheme = end;
            at = end;
        }

        if (sentence >= max * 0.6)
            return (sentence, false);
        return (space >= max * 0.7 ? space : grapheme, true);
    }

    private static bool EndsSentence(string text, int at, int end)
    {
        if (text[at] is '。' or '！' or '？')
            return true;
        if (text[at] is '"' or '”' or '’' or ')' or '»' && at > 0 && text[at - 1] is '.' or '!' or '?' or '…')
            return IsBreak(text, end);
        if (text[at] is not ('.' or '!' or '?' or '…') || !IsBreak(text, end))
            return false;
        return text[at] != '.' || !IsAbbreviation(text.AsSpan(0, at));
    }

    private static bool IsBreak(string text, int at) => at >= text.Length || char.IsWhiteSpace(text[at]);

    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var start = before.LastIndexOfAny(BeforeWord) + 1;
        var word = before[start..];
        return word.Length is 1 && char.IsUpper(word[0]) || Abbreviations.Contains(word.ToString());
    }
}
