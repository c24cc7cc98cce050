using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Notifier.Feeds;
using Notifier.Feeds.Charsets;
using Notifier.Feeds.Discovery;
using Notifier.Feeds.Fetching;
using SmartReader;

namespace Notifier.Polling.Pages;

/// <summary>
/// Finds the article in a web page, by SmartReader. It asks the network for nothing, and takes half a second at most: the reader's time grows with the square of
/// a page's size, so that what is too large for it is counted first, and not read.
/// </summary>
internal static class ArticleReader
{
    /// <summary>Elements and texts of a page.</summary>
    private const int MostNodes = 6000;

    /// <summary>The sum, over all elements, of the square of how many children they have: to look for the next one takes as long as there are.</summary>
    private const long MostSteps = 5_000_000;

    /// <summary>The sum, over all texts, of their lengths times how deep they stand: each element's text is read for itself.</summary>
    private const long MostText = 6_000_000;

    /// <summary>Characters of a title, and of a heading or a word of the page's about itself: each heading is compared with the title, word by word.</summary>
    private const int MostTitle = 300;

    /// <summary>How much of a page is searched for its charset, in bytes (HTML § 13.2.3.2).</summary>
    private const int CharsetWithin = 1024;

    /// <summary>Of shorter paragraphs the reader does not believe that they belong to an article; a sign of a script without spaces says as much as three letters.</summary>
    private const int LeastParagraph = 80;
    private const int LeastDenseParagraph = 27;

    /// <summary>What the page says; with a <paramref name="reason"/> of why, where there is no article in it.</summary>
    public static Article? Read(FetchResult.Fetched page, out string? reason)
    {
        if (!IsHtml(page.ContentType))
            return None("It is no web page.", out reason);
        if (PageMarkup.Reduce(DocumentText.Read(page.Body.Span, CharsetOf(page))) is not { } markup)
            return None("The page is too large, or nests too deep.", out reason);
        using var document = new HtmlParser().ParseDocument(markup);
        if (!IsReadable(document))
            return None("The page has too many parts.", out reason);

        var article = new Article(page.Url) { Description = Meta(document, "og:description", "description") is { } words ? PlainText.ToHtml(words) : null };
        Shorten(document);
        // What addresses in it are relative to, which the reader does not look for.
        var from = Absolute(document.QuerySelector("base")?.GetAttribute("href"), page.Url) ?? page.Url.AbsoluteUri;
        using var reader = new Reader(from, document) { DisableJSONLD = true, MinContentLengthReadearable = new() { ["Default"] = IsDense(document.Body?.TextContent ?? "") ? LeastDenseParagraph : LeastParagraph } };
        var found = reader.GetArticle();
        if (!found.IsReadable || string.IsNullOrWhiteSpace(found.TextContent))
        {
            reason = found.Errors.FirstOrDefault()?.Message ?? "No article was found in the page.";
            return article;
        }

        reason = null;
        return (article with { Image = Absolute(found.FeaturedImage, new Uri(from)) }).With(found.Content, found.TextContent);
    }

    private static Article? None(string why, out string? reason)
    {
        reason = why;
        return null;
    }

    private static bool IsHtml(string? contentType) =>
        contentType is null || contentType.AsSpan().Trim() is var type && (type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/xhtml+xml", StringComparison.OrdinalIgnoreCase));

    /// <summary>A content type with the charset: the server's word before the page's.</summary>
    private static string? CharsetOf(FetchResult.Fetched page)
    {
        if (page.ContentType?.Contains("charset", StringComparison.OrdinalIgnoreCase) == true)
            return page.ContentType;
        var tags = new HtmlTags(Encoding.Latin1.GetString(page.Body.Span[..Math.Min(page.Body.Length, CharsetWithin)]));
        while (tags.Next())
        {
            if (!tags.Is("meta"))
                continue;
            if (tags.Attribute("charset") is { } charset)
                return "charset=" + charset;
            if (tags.Attribute("content") is { } content && content.Contains("charset", StringComparison.OrdinalIgnoreCase))
                return content;
        }

        return page.ContentType;
    }

    /// <summary>Whether the reader is done with it soon.</summary>
    private static bool IsReadable(IHtmlDocument document)
    {
        var (nodes, steps, text) = (0, 0L, 0L);
        var left = new Stack<(INode Node, int Depth)>();
        left.Push((document, 0));
        while (left.TryPop(out var next))
        {
            var children = next.Node.ChildNodes;
            steps += (long)children.Length * children.Length;
            text += next.Node is IText { Data.Length: var length } ? (long)length * next.Depth : 0;
            if (++nodes > MostNodes || steps > MostSteps || text > MostText)
                return false;
            for (var i = 0; i < children.Length; i++)
                left.Push((children[i], next.Depth + 1));
        }

        return true;
    }

    /// <summary>A longer heading is none: mostly one that was never closed, with the article in it.</summary>
    private static void Shorten(IHtmlDocument document)
    {
        foreach (var title in document.QuerySelectorAll("title"))
            title.TextContent = Cut(title.TextContent);
        foreach (var meta in document.QuerySelectorAll("meta[content]"))
        {
            if (meta.GetAttribute("content") is { Length: > MostTitle } content && !(Uri.TryCreate(content, UriKind.Absolute, out var address) && FeedUrl.IsHttp(address)))
                meta.SetAttribute("content", Cut(content));
        }

        foreach (var heading in document.QuerySelectorAll("h1, h2, h3").Where(heading => heading.TextContent.Length > MostTitle).ToList())
        {
            var plain = document.CreateElement("div");
            while (heading.FirstChild is { } child)
                plain.AppendChild(child);
            heading.Replace(plain);
        }
    }

    private static string Cut(string text) => text.Length > MostTitle ? text[..MostTitle] : text;

    private static string? Meta(IHtmlDocument document, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (document.QuerySelector($"meta[property='{name}'], meta[name='{name}']")?.GetAttribute("content") is { } content && PlainText.Collapse(content) is { } said)
                return said;
        }

        return null;
    }

    /// <summary>Whether a good part of it is in Chinese, Japanese or Korean.</summary>
    private static bool IsDense(string text)
    {
        var dense = 0;
        foreach (var c in text)
        {
            if (c is (>= '\u3040' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7AF'))
                dense++;
        }

        return dense * 4 > text.Length;
    }

    private static string? Absolute(string? address, Uri page) =>
        !string.IsNullOrWhiteSpace(address) && Uri.TryCreate(page, address, out var absolute) && FeedUrl.IsHttp(absolute) ? absolute.AbsoluteUri : null;
}
