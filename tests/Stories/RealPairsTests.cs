using System.Text.Json;
using Notifier.Feeds;
using Notifier.Feeds.Formats;
using Notifier.Stories;
using Notifier.Tests.Feeds;

namespace Notifier.Tests.Stories;

/// <summary>Entries of real feeds, as their publishers wrote them: any two of one document are two stories, unless one repeats the other word for word.</summary>
public sealed class RealPairsTests(ITestOutputHelper output)
{
    /// <summary>Pairs that share much of their text: numbered episodes and releases, fragments of one changelog, feeds of one link, boilerplate.</summary>
    private const int LeastLikely = 500;

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
                    var isOneTitle = one.Telling.Title.SequenceEqual(other.Telling.Title);
                    if (isOneTitle && one.Telling.Text.SequenceEqual(other.Telling.Text))
                        continue;
                    pairs++;
                    if (one.Telling.Text.Length >= StoryMatch.LeastTextOfOneLink && StoryMatch.Likeness(one.Telling.Text, other.Telling.Text) > 0.3)
                        likely++;

                    // Also as if two feeds had them, and even as if these linked to one page; but one title over one page is one story.
                    foreach (var tie in isOneTitle ? [StoryTie.OneFeed, StoryTie.TwoFeeds] : Enum.GetValues<StoryTie>())
                    {
                        if (StoryMatch.IsOne(one.Telling, other.Telling, tie, TimeSpan.Zero))
                            wrong.Add($"{tie} {path} {i},{j}: “{one.Entry.Title}” “{other.Entry.Title}”");
                    }
                }
            }
        }

        output.WriteLine($"{pairs} pairs, {likely} likely");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(likely >= LeastLikely, $"{likely}");
    }
}
