using System.Globalization;
using System.Text.Json;
using Notifier.Feeds;
using Notifier.Texts;

namespace Notifier.Bot.Cli;

/// <summary>A parsed feed as the line of JSON that <c>parse</c> prints. What the document does not say is left out.</summary>
internal static class ParsedFeedJson
{
    /// <param name="number">The document's number in its manifest.</param>
    public static void Write(Utf8JsonWriter json, int? number, ParseResult result, Catalogue texts)
    {
        json.WriteStartObject();
        if (number is { } n) json.WriteNumber("n", n);
        json.WriteBoolean("ok", result is ParseResult.Parsed);
        switch (result)
        {
            case ParseResult.Parsed parsed:
                Write(json, parsed.Feed);
                break;
            case ParseResult.WebPage:
                json.WriteString("error", "a web page");
                break;
            case ParseResult.NotAFeed other:
                json.WriteString("error", texts.Say(other.Reason));
                break;
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ParsedFeed feed)
    {
        json.WriteStartObject("feed");
        json.WriteString("family", feed.Family.ToString().ToLowerInvariant());
        if (feed.Version.Length > 0) json.WriteString("version", feed.Version);
        Text(json, "title", feed.Title);
        Text(json, "link", feed.Link);
        Text(json, "description", feed.Description);
        Text(json, "language", feed.Language);
        json.WriteEndObject();

        json.WriteStartArray("entries");
        foreach (var entry in feed.Entries) Write(json, entry);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ParsedEntry entry)
    {
        json.WriteStartObject();
        Text(json, "id", entry.Id);
        Text(json, "link", entry.Link);
        Text(json, "title", entry.Title);
        Time(json, "published", entry.Published);
        Time(json, "updated", entry.Updated);
        Text(json, "author", entry.Author);
        Text(json, "summary", entry.Summary);
        Text(json, "content", entry.Content);
        if (entry.Categories.Count > 0)
        {
            json.WriteStartArray("categories");
            foreach (var category in entry.Categories) json.WriteStringValue(category);
            json.WriteEndArray();
        }

        Files(json, "enclosures", entry.Enclosures);
        Files(json, "media", entry.Media);
        Text(json, "comments", entry.Comments);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } time) json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    private static void Files(Utf8JsonWriter json, string name, IReadOnlyList<Enclosure> files)
    {
        if (files.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("url", file.Url);
            Text(json, "type", file.Type);
            if (file.Length is { } length) json.WriteNumber("length", length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
