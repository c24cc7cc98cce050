using Notifier.Messages.Html;

namespace Notifier.Messages;

/// <summary>The text of an entry that is worth showing: its content or its summary, without what publishing software puts around it.</summary>
/// <param name="Blocks">Images among them stand where the text has them.</param>
/// <param name="Link">What the text itself says it is about (Reddit's <c>[link]</c>, Hacker News' article); null where it does not say.</param>
/// <param name="Comments">Where the text says it is discussed.</param>
public sealed record EntryText(IReadOnlyList<Block> Blocks, Uri? Link = null, Uri? Comments = null)
{
    /// <summary>The content, else the summary; but the summary where the content only goes on from it, at length: it is the publisher's own excerpt.</summary>
    /// <param name="content">HTML.</param>
    /// <param name="summary">HTML.</param>
    /// <param name="title">The entry's title, which a text need not repeat.</param>
    /// <param name="baseUri">What relative links are resolved against; without it they are text.</param>
    /// <param name="author">The entry's author, whom a text need not name again.</param>
    /// <param name="most">About as many characters as will be shown: reading ends after a whole block once there are enough, but an image is looked for to the end.</param>
    public static EntryText Of(string? content, string? summary, string? title, Uri? baseUri, string? author = null, int most = int.MaxValue)
    {
        _ = author;
        _ = most;
        var whole = HtmlReader.Read(content, baseUri);
        if (whole.Count > 0 && string.IsNullOrWhiteSpace(summary))
            return new EntryText(Boilerplate.Without(whole, title));
        var brief = HtmlReader.Read(summary, baseUri);
        if (whole.Count == 0)
            return new EntryText(Boilerplate.Without(brief, title));
        var (shorter, longer) = (Boilerplate.Without(brief, title), Boilerplate.Without(whole, title));
        var shortText = CleanText.Line(Spans.Text(shorter)).TrimEnd('…', '.');
        var longText = CleanText.Line(Spans.Text(longer));
        var isExcerpt = shortText.Length > 0 && longText.Length > 3 * shortText.Length && longText.StartsWith(shortText, StringComparison.Ordinal);
        return new EntryText(isExcerpt ? shorter : longer);
    }
}
