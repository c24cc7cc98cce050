using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>
/// Feeds with new entries, followed by the real program through twenty kills: each new entry is told, in order, and told again only where
/// it stood in <c>sending</c> when the process died.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RealFeedsStory : IDisposable
{
    private static readonly string[] Settings =
    [
        "--Notifier:Polling:Schedule=*/1 * * * * *",
        "--Notifier:Polling:Floor=00:00:01",
        "--Notifier:Polling:AllowPrivateNetworks=true",
        "--Notifier:Polling:ConnectionsPerHost=16",
    ];

    private readonly ScratchFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Forty_real_feeds_and_the_seed_are_told_through_twenty_kills()
    {
        var seed = await File.ReadAllBytesAsync(Shared.Find("seed", "django-community.rss"), Stop);
        var real = Choose(await PublishedFeed.ReadAsync(Candidates(Shared.Find("corpus", "open", "manifest.json")), Now, Stop), 40);
        var page = await PublishedFeed.ReadAsync([Candidate.Cut("/django-community.rss", "rss", seed, all => all)!], Now, Stop);
        Assert.Equal(40, real.Count);
        Assert.Equal(25, Assert.Single(page).New.Count);
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
        var sending = new List<IReadOnlyList<SendingRow>>();

        var notifier = NotifierProcess.Serve(_data.Path, Settings);
        try
        {
            await notifier.ReadyAsync(Stop);
            foreach (var feed in feeds)
                Assert.Contains("Subscribed to", await notifier.AskAsync($"/subscribe {server.Put(feed.Path, feed.First, feed.ContentType)} none", Stop), StringComparison.Ordinal);
            Assert.Empty(TerminalMessages.Of(notifier.Output.Text));

            var unpublished = new Queue<PublishedFeed>(feeds);
            for (var kill = 1; kill <= kills; kill++)
            {
                var share = unpublished.Count / (kills + 1 - kill);
                for (var i = 0; i < share; i++)
                    Publish(server, unpublished.Dequeue());

                // Half of the kills come at any time, half in the middle of a burst of messages.
                var (messages, pause) = (random.Next(2) == 0 ? random.Next(1, 8) : int.MaxValue, TimeSpan.FromMilliseconds(random.Next(0, 1500)));
                await notifier.Output.WaitAsync(text => Count(text, "\nbot> ") > messages, pause, Stop);
                await notifier.KillAsync(Stop);
                told.AddRange(TerminalMessages.Of(notifier.Output.Text));
                sending.Add(SendingRow.In(_data.Path));
                await notifier.DisposeAsync();

                notifier = NotifierProcess.Serve(_data.Path, Settings);
                await notifier.ReadyAsync(Stop);
            }

            while (unpublished.TryDequeue(out var feed))
                Publish(server, feed);
            var before = told.Sum(message => message.Items.Count);
            var owed = feeds.Sum(feed => feed.New.Count);
            await WaitUntilAllToldAsync(notifier, feeds, told);
            await notifier.AskToEndAsync(Stop);
            Assert.Equal(0, await notifier.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
            told.AddRange(TerminalMessages.Of(notifier.Output.Text));
            Assert.DoesNotContain("fail:", notifier.Errors.Text, StringComparison.Ordinal);
            Assert.True(told.Sum(message => message.Items.Count) >= owed, $"{before} told before the last start, {owed} owed");
        }
        finally
        {
            await notifier.DisposeAsync();
        }

        Assert.Equal(0, SendingRow.Unfinished(_data.Path));
        Judge(feeds, told, sending);
    }

    private static void Publish(FeedServer server, PublishedFeed feed) => server.Put(feed.Path, feed.Full, feed.ContentType);

    private static async Task WaitUntilAllToldAsync(NotifierProcess notifier, IReadOnlyList<PublishedFeed> feeds, List<ToldMessage> told)
    {
        var missing = new HashSet<(string, string)>(feeds.SelectMany(feed => feed.New.Select(title => (feed.Title, title))));
        missing.ExceptWith(Entries(feeds, told).Select(e => (e.Feed.Title, e.Title)));
        try
        {
            await notifier.WaitAsync(
                text =>
                {
                    var found = new HashSet<(string, string)>(Entries(feeds, TerminalMessages.Of(text)).Select(e => (e.Feed.Title, e.Title)));
                    return missing.IsSubsetOf(found);
                },
                "all new entries",
                Stop);
        }
        catch (TimeoutException fault)
        {
            missing.ExceptWith(Entries(feeds, TerminalMessages.Of(notifier.Output.Text)).Select(e => (e.Feed.Title, e.Title)));
            Assert.Fail($"Never told: {string.Join("; ", missing)}\n{fault.Message}");
        }
    }

    /// <summary>None missing, none twice but what stood in sending, each feed's in order.</summary>
    private static void Judge(IReadOnlyList<PublishedFeed> feeds, List<ToldMessage> told, List<IReadOnlyList<SendingRow>> sending)
    {
        // A chat has one message on its way at a time, so a kill leaves one in doubt at most.
        Assert.All(sending, rows => Assert.InRange(rows.Select(row => row.Message).Distinct().Count(), 0, 1));
        var doubtful = sending.SelectMany(rows => rows).CountBy(row => (row.Feed, row.Title)).ToDictionary();
        var entries = Entries(feeds, told).ToList();
        var repeats = 0;
        foreach (var feed in feeds)
        {
            var titles = entries.FindAll(e => e.Feed == feed).ConvertAll(e => e.Title);
            Assert.Equal(feed.New, titles.Distinct());
            foreach (var (title, count) in titles.CountBy(title => title))
            {
                Assert.InRange(count, 1, 1 + doubtful.GetValueOrDefault((feed.Title, title)));
                repeats += count - 1;
            }

            // Also with the repeats nothing older follows something newer, but for a repeated list, which begins anew.
            var singles = titles.Select(title => feed.New.ToList().IndexOf(title)).ToList();
            for (var i = 1; i < singles.Count; i++)
                Assert.True(singles[i] >= singles[i - 1] || doubtful.ContainsKey((feed.Title, titles[i])), $"“{titles[i]}” of “{feed.Title}” comes after “{titles[i - 1]}”.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{entries.Count} entries in {told.Count} messages; {sending.Count(rows => rows.Count > 0)} of {sending.Count} kills met a message in sending, {repeats} entries came twice");
    }

    /// <summary>The entries that the messages tell, in order. A message that a kill cut off tells what is there of it.</summary>
    private static IEnumerable<(PublishedFeed Feed, string Title)> Entries(IReadOnlyList<PublishedFeed> feeds, IEnumerable<ToldMessage> told)
    {
        var known = feeds.Select(feed => (Feed: feed, Key: TerminalMessages.Key(feed.Title), Entries: feed.New.Select(title => (Title: title, Key: TerminalMessages.Key(title))).ToList())).ToList();
        foreach (var message in told)
        {
            foreach (var item in message.Items)
            {
                var fitting = known
                    .Where(feed => message.Heading is { } heading ? Names(heading, feed.Key) : item.StartsWith(feed.Key, StringComparison.Ordinal))
                    .SelectMany(feed => feed.Entries
                        .Where(entry => item.AsSpan(message.Heading is null ? feed.Key.Length : 0).StartsWith(entry.Key, StringComparison.Ordinal))
                        .Select(entry => (feed.Feed, entry.Title, feed.Key.Length)))
                    .OrderByDescending(found => found.Length)
                    .ToList();
                if (fitting.Count > 0)
                    yield return (fitting[0].Feed, fitting[0].Title);
                else if (message.Heading is not null || item.Length > 200)
                    Assert.Fail($"This was told, but nobody published it: {item}");
            }
        }

        // “12newentriesinFEED”, perhaps with the part’s number.
        static bool Names(string heading, string feed) => heading.IndexOf("newentriesin" + feed, StringComparison.Ordinal) is > 0 and < 5;
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
                all => all < 6 ? 0 : all > 14 && i % 3 == 0 ? Math.Min(all - 1, 11 + (i % 30)) : 1 + (i % 4)))
            .OfType<Candidate>()];
    }

    /// <summary>A fair mix of the formats, in the manifest's order; no two feeds or entries may be mistaken for each other.</summary>
    private static List<PublishedFeed> Choose(IReadOnlyList<PublishedFeed> feeds, int count)
    {
        var chosen = new List<PublishedFeed>();
        foreach (var feed in feeds.GroupBy(feed => feed.Path.Split('/')[1]).SelectMany(family => family.Select((feed, i) => (feed, i))).OrderBy(f => f.i).Select(f => f.feed))
        {
            var title = TerminalMessages.Key(feed.Title);
            if (chosen.Count < count && chosen.TrueForAll(other => TerminalMessages.Key(other.Title) is var key && !key.StartsWith(title, StringComparison.Ordinal) && !title.StartsWith(key, StringComparison.Ordinal)))
                chosen.Add(feed);
        }

        return chosen;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    /// <summary>A delivery that stood in sending when the process died.</summary>
    private sealed record SendingRow(long Message, string Feed, string Title)
    {
        /// <summary>Looks at a copy, so that the next start finds what the kill left.</summary>
        public static List<SendingRow> In(string data)
        {
            using var copy = new ScratchFolder();
            foreach (var file in Directory.EnumerateFiles(data, "notifier.db*").Where(file => file.EndsWith(".db", StringComparison.Ordinal) || file.EndsWith("-wal", StringComparison.Ordinal)))
                File.Copy(file, copy[Path.GetFileName(file)]);
            using var connection = Open(copy.Path);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT d.SendingId, f.Title, e.Title FROM Deliveries d JOIN Entries e ON e.Id=d.EntryId JOIN Feeds f ON f.Id=d.FeedId WHERE d.State='Sending'";
            using var reader = command.ExecuteReader();
            var rows = new List<SendingRow>();
            while (reader.Read())
                rows.Add(new SendingRow(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
            return rows;
        }

        public static long Unfinished(string data)
        {
            using var connection = Open(data);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM Deliveries WHERE State<>'Sent'";
            return (long)command.ExecuteScalar()!;
        }

        private static SqliteConnection Open(string folder)
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "notifier.db"), Pooling = false }.ToString());
            connection.Open();
            return connection;
        }
    }
}
