using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Notifier.Feeds.Dates;

namespace Notifier.Feeds.Formats;

/// <summary>JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). Members of a wrong type count as absent.</summary>
public sealed class JsonFeedFormat : IFeedFormat
{
    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Names, values, beginnings and ends; an entry has about thirty.</summary>
    private const int MaxTokens = 600_000;

    public bool Recognises(FeedDocument document) => document.IsJson;

    public ParsedFeed? Parse(FeedDocument document)
    {
        var memory = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(document.Characters));
        try
        {
            var bytes = memory.AsMemory(0, Encoding.UTF8.GetBytes(document.Characters, memory));
            if (!IsReadable(bytes.Span)) return null;
            using var json = JsonDocument.Parse(bytes, Tolerant);
            return Feed(document, json.RootElement, document.Url);
        }
        catch (JsonException)
        {
            // Broken JSON has no meaning to rescue: the caller says so.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    /// <summary>Of a size that may be held in memory: a megabyte can name a hundred thousand things, and each costs more than its letters.</summary>
    private static bool IsReadable(ReadOnlySpan<byte> json)
    {
        if (json.Length <= MaxTokens) return true;
        var tokens = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var count = 0;
        while (count <= MaxTokens && tokens.Read()) count++;
        return count <= MaxTokens;
    }

    private static ParsedFeed? Feed(FeedDocument document, JsonElement root, Uri url)
    {
        var version = Text(root, "version") ?? "";
        var isJsonFeed = version.Contains("jsonfeed.org/version/", StringComparison.OrdinalIgnoreCase);
        if (!isJsonFeed && Member(root, "items") is not { ValueKind: JsonValueKind.Array }) return null;

        var feedAuthor = Author(root);
        return new ParsedFeed
        {
            Family = FeedFamily.Json,
            Version = isJsonFeed ? "json" + version[(version.LastIndexOf('/') + 1)..].Replace(".", "", StringComparison.Ordinal) : "",
            Title = Collapsed(Text(root, "title")),
            Link = WebAddress.Resolve(Text(root, "home_page_url"), url),
            Description = Text(root, "description"),
            Language = Text(root, "language"),
            Image = WebAddress.Resolve(Text(root, "icon") ?? Text(root, "favicon"), url),
            Hub = Items(root, "hubs").Select(hub => WebAddress.Resolve(Text(hub, "url"), url)).FirstOrDefault(),
            Self = WebAddress.Resolve(Text(root, "feed_url"), url),
            Entries = EntryLimit.Newest(document, [.. Items(root, "items").Where(item => item.ValueKind == JsonValueKind.Object)], item => Published(item) ?? Updated(item)).ConvertAll(item => Entry(item, feedAuthor, url)),
        };
    }

    private static ParsedEntry Entry(JsonElement item, string? feedAuthor, Uri url)
    {
        var link = WebAddress.Resolve(Text(item, "url") ?? Text(item, "external_url"), url);
        return new ParsedEntry
        {
            Id = Text(item, "id"),
            Link = link,
            Title = Collapsed(Text(item, "title")),
            Published = Published(item),
            Updated = Updated(item),
            Author = Author(item) ?? feedAuthor,
            Summary = Text(item, "summary") is { } summary ? PlainText.ToHtml(summary) : null,
            Content = Text(item, "content_html") ?? (Text(item, "content_text") is { } text ? PlainText.ToHtml(text) : null),
            Base = WebAddress.IsWeb(link) ? link : url.AbsoluteUri,
            Categories = [.. Items(item, "tags").Select(Value).OfType<string>()],
            Enclosures = [.. Items(item, "attachments").Select(attachment => Attachment(attachment, url)).OfType<Enclosure>()],
            Media = [.. new[] { Text(item, "image"), Text(item, "banner_image") }.Select(image => WebAddress.Resolve(image, url)).OfType<string>().Distinct().Select(image => new Enclosure(image))],
        };
    }

    private static DateTimeOffset? Published(JsonElement item) => FeedDates.Parse(Text(item, "date_published"));

    private static DateTimeOffset? Updated(JsonElement item) => FeedDates.Parse(Text(item, "date_modified"));

    private static Enclosure? Attachment(JsonElement attachment, Uri url) =>
        WebAddress.Resolve(Text(attachment, "url"), url) is not { } address
            ? null
            : new Enclosure(address, Text(attachment, "mime_type"), long.TryParse(Text(attachment, "size_in_bytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null);

    /// <summary>The first of 1.1's authors, or 1.0's author.</summary>
    private static string? Author(JsonElement parent) =>
        Items(parent, "authors").Select(author => Text(author, "name")).FirstOrDefault(name => name is not null)
        ?? (Member(parent, "author") is { } single ? Text(single, "name") ?? Value(single) : null);

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    private static string? Text(JsonElement parent, string name) => Member(parent, name) is { } member ? Value(member) : null;

    /// <summary>A string or a number as text; null when blank or of another type.</summary>
    private static string? Value(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number) return element.GetRawText();
        if (element.ValueKind != JsonValueKind.String) return null;
        try
        {
            return element.GetString()?.Trim() is { Length: > 0 } text ? Markup.MarkupText.WithoutForbidden(text) : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: valid JSON, but no text.
            return null;
        }
    }

    private static string? Collapsed(string? text) => text is null ? null : PlainText.Collapse(text);
}
