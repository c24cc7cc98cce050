using Notifier.Messages.Wording;

namespace Notifier.Messages;

/// <summary>What publishing software puts around a text: its title and author once more, buttons to share it, "The post … appeared first on …", "Continue reading".</summary>
internal static class Boilerplate
{
    /// <summary>Boilerplate is short: only this much of a text's end is looked at.</summary>
    private const int Window = 600;

    private const int MaxEndings = 8;

    /// <summary>Longer lines than this say more than who wrote the text when.</summary>
    private const int LongestByline = 120;

    /// <param name="title">The entry's title.</param>
    public static IReadOnlyList<Block> Without(IReadOnlyList<Block> blocks, string? title) => Trim(blocks, title, author: null, isWhole: true).Blocks;

    /// <param name="title">The entry's title.</param>
    /// <param name="author">The entry's author.</param>
    /// <param name="isWhole">Whether the end of the blocks is that of the text.</param>
    public static EntryText Trim(IReadOnlyList<Block> blocks, string? title, string? author, bool isWhole)
    {
        var text = new Trimmed([.. blocks]);
        text.TrimStart(title, author);
        if (isWhole)
            text.TrimEnd();
        return new EntryText(text.Blocks, text.Link, text.Comments);
    }

    private sealed class Trimmed(List<Block> blocks)
    {
        public List<Block> Blocks => blocks;

        public Uri? Link { get; private set; }

        public Uri? Comments { get; private set; }

        public void TrimStart(string? title, string? author)
        {
            var at = 0;
            while (at < blocks.Count)
            {
                if (blocks[at] is Block.Media)
                    at++;
                else if (IsOpening(blocks[at], title, author))
                    blocks.RemoveAt(at);
                else
                    break;
            }
        }

        public void TrimEnd()
        {
            MakeCounts();
            for (var left = MaxEndings; left >= 0; left--)
            {
                var last = blocks.FindLastIndex(block => block is not Block.Media { Kind: MediaKind.Image });
                if (last < 0 || !TrimEnd(last))
                    return;
            }
        }

        private bool IsOpening(Block block, string? title, string? author)
        {
            if (ShareWords.IsBar(block))
                return true;
            if (block is not (Block.Heading or Block.Paragraph))
                return false;
            var spans = Spans.Of(block);
            var length = Spans.Length(spans);
            if (length > Math.Max(LongestByline, 2 * (title?.Length ?? 0)))
                return false;
            var text = Spans.Text(spans);
            if (ReadOnPhrases.IsComments(text))
            {
                Comments ??= FirstLink(spans, _ => true);
                return true;
            }

            return Letters.Same(text, title) || Bylines.FollowsTitle(text, title, author) || (length <= LongestByline && Bylines.Names(text, author));
        }

        /// <summary>Removes one piece of boilerplate from the end; false when there was none.</summary>
        private bool TrimEnd(int last)
        {
            if (blocks[last] is Block.Rule || ShareWords.IsBar(blocks[last]))
            {
                blocks.RemoveAt(last);
                return true;
            }

            if (blocks[last] is not Block.Paragraph paragraph)
                return false;
            var text = Spans.Text(paragraph.Spans);
            var from = Math.Max(0, text.Length - Window);
            var (at, isCut) = ReadOnPhrases.Find(text.AsSpan(from));
            if (at < 0)
                return false;
            if (text.AsSpan(from + at).Contains("[comments]", StringComparison.Ordinal))
            {
                Link ??= FirstLink(paragraph.Spans, label => label == "[link]");
                Comments ??= FirstLink(paragraph.Spans, label => label == "[comments]");
            }

            var rest = text.AsSpan(0, from + at).TrimEnd();
            blocks.RemoveAt(last);
            if (rest.Length > 0)
                blocks.Insert(last, paragraph with { Spans = Spans.Truncate(paragraph.Spans, rest.Length, ellipsis: isCut && char.IsLetterOrDigit(rest[^1])) });
            return true;
        }

        /// <summary>The four lines that feeds of Hacker News end with become one; their addresses are offered, not shown.</summary>
        private void MakeCounts()
        {
            if (blocks.Count < 4 || blocks[^4] is not Block.Paragraph article || !Starts(article, "Article URL:") || blocks[^3] is not Block.Paragraph comments || !Starts(comments, "Comments URL:")
                || blocks[^2] is not Block.Paragraph points || !Starts(points, "Points:") || blocks[^1] is not Block.Paragraph count || !Starts(count, "# Comments:"))
                return;
            Link ??= FirstLink(article.Spans, _ => true);
            Comments ??= FirstLink(comments.Spans, _ => true);
            var said = $"{Spans.Text(points.Spans)} · {Spans.Text(count.Spans)[2..]}";
            blocks.RemoveRange(blocks.Count - 4, 4);
            if (blocks is [.., Block.Rule])
                blocks.RemoveAt(blocks.Count - 1);
            blocks.Add(new Block.Paragraph([new Span.Text(said)]));
        }

        private static bool Starts(Block.Paragraph paragraph, string text) =>
            paragraph.Spans is [Span.Text first, ..] && first.Value.StartsWith(text, StringComparison.Ordinal);

        private static Uri? FirstLink(IReadOnlyList<Span> spans, Predicate<string> isLabel)
        {
            foreach (var span in spans)
            {
                var found = span switch
                {
                    Span.Link link when isLabel(Spans.Text(link.Spans).Trim()) => link.Url,
                    Span.Styled styled => FirstLink(styled.Spans, isLabel),
                    _ => null,
                };
                if (found is not null)
                    return found;
            }

            return null;
        }
    }
}
