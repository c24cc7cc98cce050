using System.Globalization;
using Notifier.Messages.Html;
using Notifier.Texts;

namespace Notifier.Messages;

/// <summary>Makes an entry's card: its title, an excerpt of its text, an image, up to three tags.</summary>
public sealed class EntryFormatter(Catalogue texts)
{
    private const int ExcerptLength = 350;
    private const int TitleLength = 256;
    private const int DerivedTitleLength = 80;
    private const int NameLength = 100;
    private const int TagLength = 32;
    private const int MaxTags = 3;
    private const int MaxAlsoIn = 3;

    public EntryCard Card(EntryContent entry)
    {
        var link = WebLink.Read(entry.Link, WebLink.Read(entry.Base));
        var body = Body(entry, WebLink.Read(entry.Base, link) ?? link);
        var title = Title(entry.Title, link, body);
        return new EntryCard
        {
            Feed = CleanText.Cut(CleanText.Line(entry.Feed), TitleLength),
            Title = title,
            Link = link,
            Body = [.. Excerpt.Take([.. body.Where(block => !IsImage(block))], ExcerptLength, title), .. AlsoIn(entry.AlsoIn)],
            Author = CleanText.Line(entry.Author) is { Length: > 0 } author ? CleanText.Cut(author, NameLength) : null,
            Published = entry.Published,
            Tags = Tags(entry.Categories),
            Image = WebLink.Read(entry.Image, link) ?? body.OfType<Block.Media>().FirstOrDefault(IsImage)?.Url,
        };
    }

    /// <summary>A title as a list or a card shows it: never empty.</summary>
    internal string Title(string? title, Uri? link, IReadOnlyList<Block> body)
    {
        if (CleanText.Line(title) is { Length: > 0 } given)
            return CleanText.Cut(given, TitleLength);
        if (CleanText.Line(Spans.Text(Boilerplate.Without(body, title: null))) is { Length: > 0 } text)
            return Excerpt.CutText(text, DerivedTitleLength);
        return link is null ? texts.Say("entry.untitled") : CleanText.Cut(link.Host + link.AbsolutePath.TrimEnd('/'), TitleLength);
    }

    /// <summary>Where else the story stands, in words; empty for nowhere.</summary>
    internal string AlsoInWords(IReadOnlyList<string> feeds) =>
        feeds.Count == 0 ? "" : texts.Say("entry.alsoin", ("feeds", string.Join(", ", feeds.Take(MaxAlsoIn).Select(feed => CleanText.Cut(CleanText.Line(feed), NameLength)))));

    private IEnumerable<Block> AlsoIn(IReadOnlyList<string> feeds) => AlsoInWords(feeds) is { Length: > 0 } words ? [new Block.Paragraph([new Span.Text(words)])] : [];

    /// <summary>The content, else the summary; but the summary where the content only goes on from it, at length: it is the publisher's own excerpt.</summary>
    private static IReadOnlyList<Block> Body(EntryContent entry, Uri? baseUri)
    {
        var content = HtmlReader.Read(entry.Content, baseUri);
        if (content.Count > 0 && string.IsNullOrWhiteSpace(entry.Summary))
            return content;
        var summary = HtmlReader.Read(entry.Summary, baseUri);
        if (content.Count == 0)
            return summary;
        var shortText = CleanText.Line(Spans.Text(Boilerplate.Without(summary, entry.Title))).TrimEnd('…', '.');
        var longText = CleanText.Line(Spans.Text(Boilerplate.Without(content, entry.Title)));
        var isExcerpt = shortText.Length > 0 && longText.Length > 3 * shortText.Length && longText.StartsWith(shortText, StringComparison.Ordinal);
        return isExcerpt ? summary : content;
    }

    private static bool IsImage(Block block) => block is Block.Media { Kind: MediaKind.Image };

    private static List<string> Tags(IReadOnlyList<string> categories) =>
        [.. categories.Select(Tag).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxTags)];

    /// <summary>A category as a hashtag: letters, digits and "_", not digits alone; null for what cannot be one.</summary>
    private static string? Tag(string category)
    {
        if (category.Contains("://", StringComparison.Ordinal))
            return null;
        var words = new string([.. CleanText.Line(category).Select(c => IsTagCharacter(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tag = string.Join('_', words);
        return tag.Length is >= 2 and <= TagLength && tag.Any(char.IsLetter) ? tag : null;
    }

    private static bool IsTagCharacter(char c) =>
        char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
