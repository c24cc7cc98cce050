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

    /// <summary>Pairs of each kind of document that both have a text long enough to be judged.</summary>
    private const int LeastLong = 500;

    [Fact]
    public void No_two_entries_of_a_real_document_are_joined()
    {
        var (pairs, likely) = (0, 0);
        var wrong = new List<string>();
        foreach (var (path, _, entries) in Documents())
        {
            for (var i = 0; i < entries.Count; i++)
            {
                for (var j = i + 1; j < entries.Count; j++)
                {
                    var (one, other) = (entries[i], entries[j]);
                    var isOneTitle = IsSame(one.Telling.Title, other.Telling.Title);
                    if (isOneTitle && IsSame(one.Telling.Text, other.Telling.Text))
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

    /// <summary>As above, but under one title for all: so it is the texts alone that part them.</summary>
    [Fact]
    public void No_two_texts_of_a_real_document_are_taken_for_one()
    {
        var pairs = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var (path, kind, entries) in Documents())
        {
            var tellings = entries.ConvertAll(entry => Telling.Of("One title over all of them", entry.Entry.Content ?? entry.Entry.Summary));
            for (var i = 0; i < tellings.Count; i++)
            {
                for (var j = i + 1; j < tellings.Count; j++)
                {
                    var (one, other) = (tellings[i], tellings[j]);
                    if (Math.Min(one.Text.Length, other.Text.Length) < StoryMatch.LeastText || IsSame(one.Text, other.Text))
                        continue;
                    pairs[kind] = pairs.GetValueOrDefault(kind) + 1;
                    foreach (var tie in Enum.GetValues<StoryTie>().Where(tie => StoryMatch.IsOne(one, other, tie, TimeSpan.Zero)))
                        wrong.Add($"{tie} {path} {i},{j}: “{entries[i].Entry.Title}” “{entries[j].Entry.Title}”");
                }
            }
        }

        output.WriteLine(string.Join(", ", pairs));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(["realworld-atom", "realworld-json", "realworld-rdf", "realworld-rss"], pairs.Keys);
        Assert.All(pairs, kind => Assert.True(kind.Value >= LeastLong, $"{kind}"));
    }

    private static bool IsSame(Word[] one, Word[] other) => one.Select(word => word.Print).SequenceEqual(other.Select(word => word.Print));

    private static IEnumerable<(string Path, string Kind, List<(ParsedEntry Entry, Telling Telling)> Entries)> Documents()
    {
        var root = Repository.Shared("corpus", "open");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "manifest.json")));
        var parser = new FeedParser([new RssFormat(), new AtomFormat(), new JsonFeedFormat()]);
        foreach (var document in manifest.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("category").GetString()!.StartsWith("realworld-", StringComparison.Ordinal)))
        {
            var path = document.GetProperty("file").GetString()!;
            if (parser.Parse(File.ReadAllBytes(Path.Combine(root, path)), new Uri(document.GetProperty("url").GetString()!)) is ParseResult.Parsed parsed)
                yield return (path, document.GetProperty("category").GetString()!, parsed.Feed.Entries.Take(150).Select(entry => (entry, Telling.Of(entry.Title, entry.Content ?? entry.Summary))).ToList());
        }
    }
}
