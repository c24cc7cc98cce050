using System.Text.Json;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Polling.Identity;
using Notifier.Polling.Pages;

namespace Notifier.Polling;

/// <summary>From an entry as its document lists it to the entry as it is remembered, and as filters see it.</summary>
internal static class FeedEntries
{
    /// <summary>HTML beyond this is cut: no message shows as much, and one hostile entry must not fill the database.</summary>
    private const int LongestHtml = 256 * 1024;

    public static Entry Of(ParsedEntry parsed, long key, long feedId, DateTimeOffset at) => new()
    {
        FeedId = feedId,
        RawId = parsed.Id,
        IdPrint = key,
        Link = parsed.Link,
        Title = parsed.Title,
        Author = parsed.Author,
        Summary = Cut(parsed.Summary),
        Content = Cut(parsed.Content),
        Base = parsed.Base,
        Categories = parsed.Categories,
        Image = parsed.Media.Concat(parsed.Enclosures).FirstOrDefault(file => file.Type?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true)?.Url,
        Comments = parsed.Comments,
        Enclosures = parsed.Enclosures.Count == 0 ? null : JsonSerializer.Serialize(parsed.Enclosures),
        Published = parsed.Published,
        Updated = parsed.Updated,
        FirstSeen = at,
    };

    /// <summary>The same of what a poll found, with what its page says: that is its content then, and gives it a picture or a summary where the feed has none.</summary>
    public static Entry Of(DiffEntry found, long feedId, DateTimeOffset at)
    {
        var entry = Of(found.Entry, found.Key, feedId, at);
        if (found.Article is not { } article)
            return entry;
        if (string.IsNullOrEmpty(entry.Summary) && string.IsNullOrEmpty(entry.Content))
            entry.Summary = article.Description;
        if (article.Html is not null)
            Read(entry, Cut(article.Html), article.Url.AbsoluteUri);
        entry.Image ??= article.Image;
        return entry;
    }

    /// <summary>Makes what was read from its page the entry's content; the feed's own text, whichever it gave, is its summary then.</summary>
    public static void Read(Entry entry, string? article, string? from)
    {
        if (!string.IsNullOrEmpty(entry.Content))
            entry.Summary = entry.Content;
        (entry.Content, entry.Base) = (article, from);
    }

    /// <summary>The entry as filters see it: what was read from its page does not hide what the feed says.</summary>
    /// <param name="isPart">Its words are not all that it says.</param>
    public static FilterSubject SubjectOf(Entry entry, bool isPart = false)
    {
        var (content, summary) = (PlainText.OfHtml(entry.Content, apart: true), PlainText.OfHtml(entry.Summary, apart: true));
        return new FilterSubject(entry.Title, entry.Author, entry.Link, entry.Categories, content ?? summary, Article.IsIn(entry.Content) ? summary : null, isPart);
    }

    private static string? Cut(string? html) => html is { Length: > LongestHtml } ? html[..LongestHtml] : html;
}
