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

    /// <summary>What is left of a feed's title where its maker had two parts in mind and one is empty.</summary>
    private static readonly char[] TitleEnds = [' ', '-', '–', '—', '|', '·', ':', '»'];

    /// <summary>Pixels of width below which an image is not worth the breadth of a message.</summary>
    private const int SmallImage = 300;

    /// <summary>What publishing software says of entries of which nothing was said.</summary>
    private static readonly HashSet<string> NoCategories = new(StringComparer.OrdinalIgnoreCase)
    {
        "uncategorized", "uncategorised", "allgemein", "unkategorisiert", "non_classé", "sin_categoría", "senza_categoria", "geen_categorie", "post", "posts", "article", "blog", "default",
    };

    /// <summary>The entry in the look's style; of a digest's or a template's the card, which is what they fall back to.</summary>
    public EntryCard Card(EntryContent entry, Look? look = null)
    {
        look ??= new Look();
        var link = WebLink.Read(entry.Link, WebLink.Read(entry.Base));
        var text = Text(entry, WebLink.Read(entry.Base, link) ?? link, look.Style);

        // The beginning of a hidden text is no title.
        var hasTitle = CleanText.Line(entry.Title).Length > 0;
        var title = look.IsSpoiler && !hasTitle ? link?.IdnHost ?? texts.Say("entry.untitled") : Title(entry.Title, link, text);
        var body = Body(text, title, look.Style);
        var isUntitled = body.Count > 0 && !hasTitle;
        var own = WebLink.Read(entry.Image, link);
        var image = text.Blocks.OfType<Block.Media>().FirstOrDefault(media => media.Kind == MediaKind.Image);
        var isInBody = look.Style == Style.Full && image is not null;
        return new EntryCard
        {
            Style = look.Style is Style.Digest or Style.Custom ? Style.Card : look.Style,
            IsSpoiler = look.IsSpoiler,
            HasNoImage = look.HasNoImage,
            Feed = CleanText.Cut(CleanText.Line(entry.Feed).TrimEnd(TitleEnds), TitleLength),
            Site = WebLink.Read(entry.Site),
            Icon = WebLink.Read(entry.Icon),
            Title = title,
            IsUntitled = isUntitled,
            Link = link,
            Body = look.Style is Style.Compact or Style.Link ? [] : [.. body, .. AlsoIn(entry.AlsoIn)],
            Author = CleanText.Line(entry.Author) is { Length: > 0 } author ? CleanText.Cut(author, NameLength) : null,
            Published = entry.Published,
            Tags = Tags(entry.Categories),
            Image = look.HasNoImage || isInBody ? null : own ?? text.Image(),
            IsImageSmall = (own is null || own == image?.Url) && image?.Width < SmallImage,
            Links = Links(entry, link, text, needsPage: isUntitled || look.Style == Style.Full, look.Style),
        };
    }

    /// <summary>The entry as a template made it.</summary>
    /// <param name="card">The same as a card.</param>
    /// <param name="html">What the template says; read like a feed's HTML.</param>
    public static EntryCard Custom(EntryContent entry, EntryCard card, string html) =>
        card with { Style = Style.Custom, Links = [], Body = HtmlReader.Read(html, WebLink.Read(entry.Base, card.Link) ?? card.Link) };

    /// <summary>A title as a list or a card shows it: never empty.</summary>
    internal string Title(string? title, Uri? link, EntryText? body = null)
    {
        if (CleanText.Line(title) is { Length: > 0 } given)
            return CleanText.Cut(given, TitleLength);
        if (CleanText.Line(Spans.Text(body?.Words() ?? [])) is { Length: > 0 } text)
            return Excerpt.CutText(text, DerivedTitleLength);
        return link is null ? texts.Say("entry.untitled") : CleanText.Cut(link.Host + link.AbsolutePath.TrimEnd('/'), TitleLength);
    }

    /// <summary>Where else the story stands, in words; empty for nowhere.</summary>
    internal string AlsoInWords(IReadOnlyList<string> feeds) =>
        feeds.Count == 0 ? "" : texts.Say("entry.alsoin", ("feeds", string.Join(", ", feeds.Take(MaxAlsoIn).Select(feed => CleanText.Cut(CleanText.Line(feed), NameLength)))));

    private IEnumerable<Block> AlsoIn(IReadOnlyList<string> feeds) => AlsoInWords(feeds) is { Length: > 0 } words ? [new Block.Paragraph([new Span.Text(words)])] : [];

    /// <summary>In full what the feed says at length; else what tells most in few words.</summary>
    private static EntryText Text(EntryContent entry, Uri? baseUri, Style style)
    {
        if (style != Style.Full)
            return EntryText.Of(entry.Content, entry.Summary, entry.Title, baseUri, entry.Author, ExcerptLength);
        var content = EntryText.Of(entry.Content, summary: null, entry.Title, baseUri, entry.Author);
        return content.Blocks.Count > 0 ? content : EntryText.Of(entry.Summary, summary: null, entry.Title, baseUri, entry.Author);
    }

    private static IReadOnlyList<Block> Body(EntryText text, string title, Style style) => style switch
    {
        Style.Compact or Style.Link => [],
        Style.Full when CleanText.Line(Spans.Text(text.Words())) != title => [.. text.Blocks.Select(block => block is Block.Media { Caption: { } caption } media && caption == title ? media with { Caption = null } : block)],
        _ => [.. Excerpt.Take(text.Words(), ExcerptLength, title).Select(AsLine)],
    };

    /// <summary>In an excerpt a heading is a line in bold: nothing may stand out more than the title.</summary>
    private static Block AsLine(Block block) => block is Block.Heading heading ? new Block.Paragraph([new Span.Styled(SpanStyle.Bold, heading.Spans)]) : block;

    /// <summary>What the entry offers to open, in a style that has room for it.</summary>
    /// <param name="needsPage">No title leads to the page, or one that may be far above. Else the page alone is no button.</param>
    private List<CardLink> Links(EntryContent entry, Uri? link, EntryText text, bool needsPage, Style style)
    {
        if (style is Style.Compact or Style.Link)
            return [];
        var links = new List<CardLink>();
        if ((text.Link ?? link) is { } page)
            links.Add(new CardLink(texts.Say("entry.read"), page));
        if (WebLink.Read(entry.Audio, link) is { } audio && audio != link)
            links.Add(new CardLink(texts.Say("entry.listen"), audio));
        if ((WebLink.Read(entry.Comments, link) ?? text.Comments) is { } comments && comments != link)
            links.Add(new CardLink(texts.Say("entry.comments"), comments));
        return needsPage || links.Exists(open => open.Url != link) ? links : [];
    }

    private static List<string> Tags(IReadOnlyList<string> categories) =>
        [.. categories.Select(Tag).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxTags)];

    /// <summary>A category as a hashtag: letters, digits and "_", not digits alone; null for what cannot be one.</summary>
    private static string? Tag(string category)
    {
        if (category.Contains("://", StringComparison.Ordinal))
            return null;
        var words = new string([.. CleanText.Line(category).Select(c => IsTagCharacter(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tag = string.Join('_', words);
        return tag.Length is >= 2 and <= TagLength && tag.Any(char.IsLetter) && !NoCategories.Contains(tag) ? tag : null;
    }

    private static bool IsTagCharacter(char c) =>
        char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
