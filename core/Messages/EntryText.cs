using Notifier.Messages.Html;

namespace Notifier.Messages;

/// <summary>The text of an entry that is worth showing: its content or its summary, without what publishing software puts around it.</summary>
/// <param name="Blocks">Images among them stand where the text has them.</param>
/// <param name="Link">What the text itself says it is about (Reddit's <c>[link]</c>, Hacker News' article); null where it does not say.</param>
/// <param name="Comments">Where the text says it is discussed.</param>
public sealed record EntryText(IReadOnlyList<Block> Blocks, Uri? Link = null, Uri? Comments = null)
{
    /// <summary>So much more than is shown is read: what is dropped from the beginning may be as long.</summary>
    private const int Margin = 800;

    /// <summary>The content, else the summary; but the summary where the content only goes on from it, at length: it is the publisher's own excerpt.</summary>
    /// <param name="content">HTML.</param>
    /// <param name="summary">HTML.</param>
    /// <param name="title">The entry's title, which a text need not repeat.</param>
    /// <param name="baseUri">What relative links are resolved against; without it they are text.</param>
    /// <param name="author">The entry's author, whom a text need not name again.</param>
    /// <param name="most">About as many characters as will be shown: reading ends after a whole block once there are enough, but an image is looked for to the end.</param>
    public static EntryText Of(string? content, string? summary, string? title, Uri? baseUri, string? author = null, int most = int.MaxValue)
    {
        var enough = most < int.MaxValue - Margin ? most + Margin : int.MaxValue;
        if (string.IsNullOrWhiteSpace(summary) || string.Equals(content, summary, StringComparison.Ordinal))
            return Read(content, enough, out _);
        var brief = Read(summary, enough, out var isBrief);
        if (string.IsNullOrWhiteSpace(content))
            return brief;
        var said = Said(brief).TrimEnd('…', '.');
        var isGiven = isBrief && said.Length > 0;
        var whole = Read(content, isGiven ? Math.Max(enough, (3 * said.Length) + Margin) : enough, out _);
        if (whole.Blocks.Count == 0)
            return brief;
        return isGiven && Said(whole) is var told && told.Length > 3 * said.Length && told.StartsWith(said, StringComparison.Ordinal) ? brief : whole;

        EntryText Read(string? html, int until, out bool isWhole)
        {
            var blocks = HtmlReader.Read(html, baseUri, until, out isWhole);
            return Boilerplate.Trim(blocks, title, author, isWhole);
        }
    }

    /// <summary>The blocks without the images, and without the captions under them, unless there is nothing else to read.</summary>
    public IReadOnlyList<Block> Words()
    {
        List<Block> words = [.. Blocks.Where(block => block is not Block.Media { Kind: MediaKind.Image })];
        var isMore = words.Exists(block => block is not Block.Paragraph { IsCaption: true });
        return isMore ? words.FindAll(block => block is not Block.Paragraph { IsCaption: true }) : words;
    }

    /// <summary>The first image, else the picture that stands for the first film.</summary>
    public Uri? Image() =>
        Blocks.OfType<Block.Media>().FirstOrDefault(media => media.Kind == MediaKind.Image)?.Url ?? Blocks.OfType<Block.Media>().FirstOrDefault(media => media.Poster is not null)?.Poster;

    private static string Said(EntryText text) => CleanText.Line(Spans.Text(text.Blocks));
}
