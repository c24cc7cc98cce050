using Notifier.Messages.Html;

namespace Notifier.Messages;

/// <summary>The text of an entry that is worth showing: its content or its summary, as blocks.</summary>
public static class EntryText
{
    /// <summary>The content, else the summary; but the summary where the content only goes on from it, at length: it is the publisher's own excerpt.</summary>
    /// <param name="content">HTML.</param>
    /// <param name="summary">HTML.</param>
    /// <param name="title">The entry's title, which a text may begin with.</param>
    /// <param name="baseUri">What relative links are resolved against; without it they are text.</param>
    public static IReadOnlyList<Block> Of(string? content, string? summary, string? title, Uri? baseUri)
    {
        var whole = HtmlReader.Read(content, baseUri);
        if (whole.Count > 0 && string.IsNullOrWhiteSpace(summary))
            return whole;
        var brief = HtmlReader.Read(summary, baseUri);
        if (whole.Count == 0)
            return brief;
        var shortText = CleanText.Line(Spans.Text(Boilerplate.Without(brief, title))).TrimEnd('…', '.');
        var longText = CleanText.Line(Spans.Text(Boilerplate.Without(whole, title)));
        var isExcerpt = shortText.Length > 0 && longText.Length > 3 * shortText.Length && longText.StartsWith(shortText, StringComparison.Ordinal);
        return isExcerpt ? brief : whole;
    }
}
