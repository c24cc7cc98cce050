using System.Collections.Frozen;

namespace Notifier.Messages.Wording;

/// <summary>Tells bars of links that share a text with others.</summary>
internal static class ShareWords
{
    private const int MaxLinks = 20;
    private const int LongestLabel = 80;

    private static readonly FrozenSet<string> Acts = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "share", "tweet", "toot", "pin", "facebook", "twitter", "pinterest", "linkedin", "whatsapp", "reddit", "telegram", "bluesky", "mastodon", "threads", "pocket", "tumblr", "flipboard", "xing", "email", "mail", "print",
        "teilen", "twittern", "drucken", "merken", "partager", "imprimer", "compartir", "imprimir", "condividi", "stampa", "compartilhar", "delen");

    private static readonly FrozenSet<string> Others = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "x", "e", "on", "to", "via", "this", "it", "by", "a", "link", "copy", "friend", "save", "post", "click", "opens", "in", "new", "window", "auf", "per", "bei", "mit", "sur", "par", "en", "por", "su", "op");

    /// <summary>Whether a block is made of such links alone, two at least.</summary>
    public static bool IsBar(Block block)
    {
        var links = 0;
        return block switch
        {
            Block.Paragraph paragraph => AreAll(paragraph.Spans, ref links) && links > 1,
            Block.List { Items.Count: <= MaxLinks } list => list.Items.All(item => item.Blocks is [Block.Paragraph line] && AreAll(line.Spans, ref links)) && links > 1,
            _ => false,
        };
    }

    private static bool AreAll(IReadOnlyList<Span> spans, ref int links)
    {
        foreach (var span in spans)
        {
            var isOne = span switch
            {
                Span.Link link => ++links <= MaxLinks && Spans.Length(link.Spans) <= LongestLabel && IsLabel(Spans.Text(link.Spans)),
                Span.Styled styled => AreAll(styled.Spans, ref links),
                Span.Text text => text.Value.Length <= LongestLabel && !text.Value.Any(char.IsLetterOrDigit),
                Span.Break => true,
                _ => false,
            };
            if (!isOne)
                return false;
        }

        return true;
    }

    private static bool IsLabel(string label)
    {
        var (words, isAct) = (Others.GetAlternateLookup<ReadOnlySpan<char>>(), label == "X");
        var acts = Acts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var part in label.AsSpan().SplitAny(" -\u00A0()|/:!"))
        {
            var word = label.AsSpan()[part];
            if (acts.Contains(word))
                isAct = true;
            else if (word.Length > 0 && !words.Contains(word))
                return false;
        }

        return isAct;
    }
}
