using System.Globalization;
using System.Text;
using System.Text.Json;
using Notifier.Tests.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>
/// Feeds with new entries, followed by the real program through twenty kills: each new entry is told, in order, and told again only where
/// it stood in <c>sending</c> when the process died.
/// </summary>
public sealed class RealFeedsStory : IDisposable
{
    private static readonly string[] Settings =
    [
        "--Notifier:Polling:Schedule=*/1 * * * * *",
        "--Notifier:Polling:Floor=00:00:01",
        "--Notifier:Polling:AllowPrivateNetworks=true",
        "--Notifier:Polling:ConnectionsPerHost=16",
    ];

    private readonly TempFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Forty_real_feeds_and_the_seed_are_told_through_twenty_kills()
    {
        var seed = await File.ReadAllBytesAsync(Repository.Shared("seed", "django-community.rss"), Stop);
        var real = Choose(await PublishedFeed.ReadAsync(Candidates(Repository.Shared("corpus", "open", "manifest.json")), Now, Stop), 40);
        var page = await PublishedFeed.ReadAsync([Candidate.Cut("/django-community.rss", "rss", seed, all => all)!], Now, Stop);
        Assert.Equal(40, real.Count);

        // Of its 25 entries two repeat another word by word.
        Assert.Equal(23, Assert.Single(page).New.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{real.Count} feeds ({string.Join(", ", real.CountBy(f => f.Path.Split('/')[1]).Select(f => $"{f.Value} {f.Key}"))}), {real.Sum(f => f.New.Count)} new entries, {real.Count(f => f.New.Count > 10)} feeds with more than ten");

        await TellAsync([.. real, .. page], kills: 20);
    }

    [Fact]
    public async Task Sample_feeds_are_told_through_five_kills()
    {
        var samples = Enumerable.Range(1, 8).Select(n =>
        {
            var titles = Enumerable.Range(1, 30).Select(i => $"Sample {n}, entry {i} of them all").Reverse();
            return Candidate.Cut($"/sample-{n}.xml", "rss", Encoding.UTF8.GetBytes(SampleFeed.Rss($"Sample feed {n}", titles)), all => n * all / 10)!;
        });
        var feeds = await PublishedFeed.ReadAsync([.. samples], Now, Stop);
        Assert.Equal(8, feeds.Count);

        await TellAsync(feeds, kills: 5);
    }

    private async Task TellAsync(IReadOnlyList<PublishedFeed> feeds, int kills)
    {
        var seed = (int)(Now.Ticks & int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var server = await FeedServer.StartAsync(Stop);
        var told = new List<ToldMessage>();
        var doubts = new List<Doubt>();

        var notifier = NotifierProcess.Serve(_data.Path, Settings);
        try
        {
            await notifier.ReadyAsync(Stop);

            // Every entry is counted here, also what tells a story again; stories have their own tests.
            Assert.Contains("every entry comes", await notifier.AskAsync("/stories apart", Stop), StringComparison.Ordinal);
            foreach (var feed in feeds)
                Assert.Contains("Subscribed to", await notifier.AskAsync($"/subscribe {server.Put(feed.Path, feed.First, feed.ContentType)} none", Stop), StringComparison.Ordinal);
            Assert.Empty(TerminalMessages.Of(notifier.Output.Text));

            var unpublished = new Queue<PublishedFeed>(feeds);
            for (var kill = 1; kill <= kills; kill++)
            {
                var share = unpublished.Count / (kills + 1 - kill);
                for (var i = 0; i < share; i++)
                    Publish(server, unpublished.Dequeue());

                // Half of the kills come at any time, half right after one message of several.
                var (messages, pause) = random.Next(2) == 0 ? (random.Next(1, 8), TimeSpan.FromSeconds(3)) : (int.MaxValue, TimeSpan.FromMilliseconds(random.Next(1000)));
                var said = notifier.Output.Length;
                await notifier.Output.WaitAsync(text => Count(text.AsSpan(said), "\nbot> ") >= messages, pause, Stop);
                await notifier.KillAsync(Stop);
                told.AddRange(TerminalMessages.Of(notifier.Output.Text));
                doubts.AddRange(Doubt.In(_data.Path));
                await notifier.DisposeAsync();

                notifier = NotifierProcess.Serve(_data.Path, Settings);
                await notifier.ReadyAsync(Stop);
            }

            while (unpublished.TryDequeue(out var feed))
                Publish(server, feed);
            await WaitUntilAllToldAsync(notifier, feeds, told, doubts);
            await notifier.AskToEndAsync(Stop);
            Assert.Equal(0, await notifier.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
            told.AddRange(TerminalMessages.Of(notifier.Output.Text));
            Assert.DoesNotContain("fail:", notifier.Errors.Text, StringComparison.Ordinal);
        }
        finally
        {
            await notifier.DisposeAsync();
        }

        Assert.Equal(0, Doubt.Unfinished(_data.Path));
        var story = new ToldStory(feeds, told, doubts);
        Assert.Empty(story.Missing);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{feeds.Sum(feed => feed.New.Count)} entries in {told.Count} messages; {doubts.Count} of {kills} kills met a message in sending, {story.Repeats} messages came twice");
    }

    private static void Publish(FeedServer server, PublishedFeed feed) => server.Put(feed.Path, feed.Full, feed.ContentType);

    private static async Task WaitUntilAllToldAsync(NotifierProcess notifier, IReadOnlyList<PublishedFeed> feeds, List<ToldMessage> told, List<Doubt> doubts)
    {
        IReadOnlyList<string> missing = [];
        try
        {
            await notifier.WaitAsync(
                text => (missing = new ToldStory(feeds, [.. told, .. TerminalMessages.Of(text)], doubts).Missing).Count == 0,
                "all new entries",
                Stop);
        }
        catch (TimeoutException fault)
        {
            Assert.Fail($"Never told: {string.Join("; ", missing)}\n{fault.Message}");
        }
    }

    /// <summary>The corpus's real feeds, every sixth of them with more than ten entries missing.</summary>
    private static List<Candidate> Candidates(string manifest)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(manifest));
        var folder = Path.GetDirectoryName(manifest)!;
        return [.. json.RootElement.GetProperty("cases").EnumerateArray()
            .Where(item => item.GetProperty("category").GetString()!.StartsWith("realworld-", StringComparison.Ordinal) && item.GetProperty("parse").GetString() == "ok")
            .OrderBy(item => item.GetProperty("n").GetInt32())
            .Select((item, i) => Candidate.Cut(
                string.Create(CultureInfo.InvariantCulture, $"/{item.GetProperty("family").GetString()}/{item.GetProperty("n").GetInt32()}"),
                item.GetProperty("family").GetString()!,
                File.ReadAllBytes(Path.Combine(folder, item.GetProperty("file").GetString()!)),
                all => all < 6 ? 0 : all > 14 && i % 3 == 0 ? Math.Min(all - 1, 11 + (i % 30)) : Math.Min(all - 1, 2 + (i % 8))))
            .OfType<Candidate>()];
    }

    /// <summary>A fair mix of the formats, in the manifest's order; no two feeds or entries may be mistaken for each other.</summary>
    private static List<PublishedFeed> Choose(IReadOnlyList<PublishedFeed> feeds, int count)
    {
        var chosen = new List<PublishedFeed>();
        foreach (var feed in feeds.GroupBy(feed => feed.Path.Split('/')[1]).SelectMany(family => family.Select((feed, i) => (feed, i))).OrderBy(f => f.i).Select(f => f.feed))
        {
            var title = TerminalMessages.Key(feed.Title);
            if (chosen.Count < count && feed.New.Distinct().Count() == feed.New.Count && chosen.TrueForAll(other => TerminalMessages.Key(other.Title) is var key && !key.StartsWith(title, StringComparison.Ordinal) && !title.StartsWith(key, StringComparison.Ordinal)))
                chosen.Add(feed);
        }

        return chosen;
    }

    private static int Count(ReadOnlySpan<char> text, string part) => MemoryExtensions.Count(text, part);
}
