using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>A feed that is served first without its newest entries and then with them, and what a subscriber is to be told.</summary>
/// <param name="New">The entries that are new in the second document, oldest first.</param>
internal sealed record PublishedFeed(string Path, string ContentType, string Title, byte[] First, byte[] Full, IReadOnlyList<string> New)
{
    /// <summary>
    /// Of the candidates those whose documents allow to tell for sure what is new, as the program's own <c>parse</c> reads both documents.
    /// </summary>
    public static async Task<IReadOnlyList<PublishedFeed>> ReadAsync(IReadOnlyList<Candidate> candidates, DateTimeOffset now, CancellationToken ct)
    {
        using var folder = new TempFolder();
        var cases = new List<object>();
        for (var i = 0; i < candidates.Count; i++)
        {
            await File.WriteAllBytesAsync(folder.File($"{i}-first"), candidates[i].First, ct);
            await File.WriteAllBytesAsync(folder.File($"{i}-full"), candidates[i].Full, ct);
            cases.Add(new { file = $"{i}-first", n = 2 * i, url = "http://127.0.0.1/" });
            cases.Add(new { file = $"{i}-full", n = (2 * i) + 1, url = "http://127.0.0.1/" });
        }

        var manifest = folder.Write("manifest.json", JsonSerializer.Serialize(new { cases }));
        var parsed = await NotifierProcess.RunAsync(folder.File("data"), ["parse", "--manifest", manifest], ct);
        Assert.Equal((0, ""), (parsed.ExitCode, parsed.Errors));
        var documents = parsed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Document.Read).ToList();
        Assert.Equal(cases.Count, documents.Count);
        return [.. candidates.Select((candidate, i) => Of(candidate, documents[2 * i], documents[(2 * i) + 1], now)).OfType<PublishedFeed>()];
    }

    private static PublishedFeed? Of(Candidate candidate, Document? first, Document? full, DateTimeOffset now)
    {
        if (first is null || full is null || TerminalMessages.Key(full.Title).Length < 2 || first.Title != full.Title)
            return null;
        var known = first.Entries.Select(e => e.Identity).ToHashSet();

        // What has no identity but its words and says the same words twice is one entry.
        var listed = full.Entries.DistinctBy(e => e.Identity).ToList();
        var fresh = listed.FindAll(e => !known.Contains(e.Identity));
        var certain = first.Entries.Count + candidate.Missing == full.Entries.Count
            && (listed.Count == full.Entries.Count || full.Entries.All(e => e.Id is null && e.Link is null))
            && (listed.TrueForAll(e => e.Id is not null) || listed.TrueForAll(e => e.Link is null) || listed.DistinctBy(e => e.Link).Count() == listed.Count)
            && known.Count + fresh.Count == listed.Count
            && fresh.TrueForAll(e => e.Key.Length >= 3 && e.Title.Length <= 150)
            && !fresh.Exists(e => fresh.Exists(other => other.Key.Length > e.Key.Length && other.Key.StartsWith(e.Key, StringComparison.Ordinal)));
        return certain && InOrder(fresh, now) is { } ordered
            ? new PublishedFeed(candidate.Path, candidate.ContentType, full.Title, candidate.First, candidate.Full, [.. ordered.Select(e => e.Title)])
            : null;
    }

    /// <summary>By date where all have one of their own, else the document's order reversed; null where whole seconds do not tell which.</summary>
    private static IEnumerable<Entry>? InOrder(List<Entry> fresh, DateTimeOffset now)
    {
        var sane = fresh.TrueForAll(e => e.Date is { Year: >= 1990 } date && date < now.AddDays(1));
        if (!sane)
            return Enumerable.Reverse(fresh);
        return fresh.Select(e => e.Date).Distinct().Count() == fresh.Count ? fresh.OrderBy(e => e.Date) : null;
    }

    private sealed record Document(string Title, IReadOnlyList<Entry> Entries)
    {
        public static Document? Read(string line)
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.GetProperty("ok").GetBoolean())
                return null;
            return new Document(Value(json.RootElement.GetProperty("feed"), "title") ?? "", [.. json.RootElement.GetProperty("entries").EnumerateArray().Select(Entry.Read)]);
        }
    }

    private sealed record Entry(string? Id, string? Link, string Title, string? Text, DateTimeOffset? Date)
    {
        public string Key { get; } = TerminalMessages.Key(Title);

        public string Identity => Id ?? Link ?? $"{Title}: {Text}";

        public static Entry Read(JsonElement json) => new(
            Value(json, "id"),
            Value(json, "link"),
            Value(json, "title") ?? "",
            Value(json, "content") ?? Value(json, "summary"),
            json.TryGetProperty("published", out var date) || json.TryGetProperty("updated", out date) ? date.GetDateTimeOffset() : null);
    }

    private static string? Value(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>A document, and the same without its first entries: the rest is the same bytes.</summary>
internal sealed partial record Candidate(string Path, string ContentType, byte[] First, byte[] Full, int Missing)
{
    /// <param name="missing">How many are to be cut out of how many there are.</param>
    /// <returns>Null where the entries do not stand beside each other in plain sight.</returns>
    public static Candidate? Cut(string path, string family, byte[] full, Func<int, int> missing)
    {
        var spans = family == "json" ? JsonItems(full) : MarkupItems(full);
        var cut = missing(spans.Count);
        if (cut <= 0 || cut > spans.Count)
            return null;
        byte[] first = [.. full[..spans[0].Start.Value], .. full[spans[cut - 1].End.Value..]];
        return new Candidate(path, family == "json" ? "application/feed+json" : "application/xml", first, full, cut);
    }

    /// <summary>Where item and entry elements stand, found in the bytes as they are.</summary>
    private static List<Range> MarkupItems(byte[] document) =>
        [.. Item().Matches(Encoding.Latin1.GetString(document)).Select(m => m.Index..(m.Index + m.Length))];

    /// <summary>Where the objects of the top-level <c>items</c> stand, each with the comma after it.</summary>
    private static List<Range> JsonItems(byte[] document)
    {
        var spans = new List<Range>();
        var reader = new Utf8JsonReader(document);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("items"))
                continue;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var end = (int)reader.BytesConsumed;
                var comma = document.AsSpan(end).IndexOfAnyExcept(" \t\r\n"u8);
                spans.Add(start..(comma >= 0 && document[end + comma] == ',' ? end + comma + 1 : end));
            }

            break;
        }

        return spans;
    }

    [GeneratedRegex(@"<(?<name>item|entry)(\s[^>]*)?>.*?</\k<name>\s*>", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Item();
}
