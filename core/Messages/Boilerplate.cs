using System.Text.RegularExpressions;

namespace Notifier.Messages;

/// <summary>What publishing software puts around a text: its title once more, "The post … appeared first on …", "Continue reading".</summary>
internal static class Boilerplate
{
    /// <summary>Boilerplate is short: only this much of a text's end is looked at.</summary>
    private const int Window = 600;

    private const int MaxEndings = 8;

    private static readonly Regex[] Endings =
    [
        Ending(@"\bThe post .+ (?:appeared first|first appeared) on .+"),
        Ending(@"\b(?:Continue|Keep) reading\b[^.!?]{0,200}[.!?]?"),
        Ending(@"\bRead (?:more|the full (?:story|article|post)|the rest)\b[^.!?]{0,120}[.!?]?"),
        Ending(@"\((?:more|read more|continued?)(?:…|\.\.\.)?\)"),
        Ending(@"(?:\bsubmitted by\s.{1,80})?\[link\]\s*\[comments\]"),
    ];

    private static readonly Regex CutMark = Ending(@"\[(?:…|\.\.\.)\]");

    public static IReadOnlyList<Block> Without(IReadOnlyList<Block> blocks, string? title)
    {
        var kept = blocks.SkipWhile(block => IsOpening(block, title)).ToList();
        var left = MaxEndings;
        while (kept.Count > 0 && TrimEnd(kept) && left > 0)
            left--;
        return kept;
    }

    private static bool IsOpening(Block block, string? title)
    {
        if (block is not (Block.Heading or Block.Paragraph))
            return false;
        var text = Letters(Spans.Text(Spans.Of(block)));
        return text.Length > 0 && (text == Letters(title ?? "") || text == "comments");
    }

    /// <summary>Removes one piece of boilerplate from the end; false when there was none.</summary>
    private static bool TrimEnd(List<Block> blocks)
    {
        if (blocks[^1] is Block.Rule)
        {
            blocks.RemoveAt(blocks.Count - 1);
            return true;
        }

        if (blocks[^1] is not Block.Paragraph last)
            return false;
        var text = Spans.Text(last.Spans);
        var from = Math.Max(0, text.Length - Window);
        var tail = text[from..];
        var cut = CutMark.Match(tail);
        var end = cut.Success ? cut : Array.Find(Array.ConvertAll(Endings, ending => ending.Match(tail)), match => match.Success);
        if (end is null)
            return false;
        blocks.RemoveAt(blocks.Count - 1);
        var rest = text[..(from + end.Index)].TrimEnd();
        if (rest.Length > 0)
            blocks.Add(new Block.Paragraph(Spans.Truncate(last.Spans, rest.Length, ellipsis: cut.Success && char.IsLetterOrDigit(rest[^1]))));
        return true;
    }

    private static string Letters(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static Regex Ending(string pattern) =>
        new(pattern + @"[\s»→›>]*$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
}
