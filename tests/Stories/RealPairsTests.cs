using System.Text.Json;
using Notifier.Feeds;
using Notifier.Feeds.Formats;
using Notifier.Stories;
using Notifier.Tests.Feeds;

namespace Notifier.Tests.Stories;

/// <summary>Entries of real feeds, as their publishers wrote them: any two of one document are two stories.</summary>
public sealed class RealPairsTests(ITestOutputHelper output)
{
    /// <summary>As likely pairs as these documents have; each is judged as if of one feed, of two, and of two that link to one page.</summary>
    private const int Wanted = 500;

    [Fact]
    public void No_two_entries_of_a_real_document_are_joined()
    {
        var root = Repository.Shared("corpus", "open");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "manifest.json")));
        var parser = new FeedParser([new RssFormat(), new AtomFormat(), new JsonFeedFormat()]);
        var (pairs, likely) = (0, 0);
        var wrong = new List<string>();
        foreach (var document in manifest.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("category").GetString()!.StartsWith("realworld-", StringComparison.Ordinal)))
        {
            var path = document.GetProperty("file").GetString()!;
            if (parser.Parse(File.ReadAllBytes(Path.Combine(root, path)), new Uri(document.GetProperty("url").GetString()!)) is not ParseResult.Parsed parsed)
                continue;
            var entries = parsed.Feed.Entries.Take(150).Select(entry => (Entry: entry, Telling: Telling.Of(entry.Title, entry.Content ?? entry.Summary))).ToList();
            for (var i = 0; i < entries.Count; i++)
            {
                for (var j = i + 1; j < entries.Count; j++)
                {
                    var (one, other) = (entries[i], entries[j]);
                    pairs++;
                    if (StoryMatch.Likeness(one.Telling.Text, other.Telling.Text) > 0.3)
                        likely++;
                    foreach (var tie in Enum.GetValues<StoryTie>())
                    {
                        if (StoryMatch.IsOne(one.Telling, other.Telling, tie, TimeSpan.Zero))
                            wrong.Add($"{tie} {path} {i},{j}: “{one.Entry.Title}” “{other.Entry.Title}” {one.Entry.Id} {other.Entry.Id} {one.Entry.Link} {other.Entry.Link}");
                    }
                }
            }
        }

        output.WriteLine($"{pairs} pairs, {likely} likely");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(likely >= Wanted, $"{likely}");
    }
}
