using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Notifier.Feeds.Fetching;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Tests.Support;

namespace Notifier.Bench;

/// <summary>
/// Polls a second, as the service polls: claimed from a real database, fetched, parsed, compared, matched and recorded. The first poll of each feed, polls of what is unchanged, and of what
/// has one new entry of twenty; each beside the bare requests, in the same minutes, with the same number at once.
/// </summary>
internal static class PollBench
{
    public static async Task<int> RunAsync(string[] options)
    {
        var given = new Arguments(options, "--feeds", "--concurrency", "--rounds", "--chats", "--url", "--only", "--json");
        var (feeds, concurrency, rounds, chats) = (given.Number("--feeds", 2000), given.Number("--concurrency", 64), given.Number("--rounds", 5), given.Number("--chats", 1));
        var only = given.Text("--only");
        var report = new Report("poll", given.Text("--json"));
        await using var farm = given.Text("--url") is null ? await FeedFarm.StartAsync(feeds) : null;
        var root = farm?.Url ?? new Uri(given.Text("--url")!);
        using var bare = new BareLimit(root, feeds, concurrency);
        await bare.GetAsync();

        var (first, unchanged, changed) = (new Series(), new Series(), new Series());
        for (var round = 0; round <= rounds; round++)
        {
            using var folder = new TempFolder();
            await using var world = Open(folder, concurrency);
            await SubscribeAsync(world, root, feeds, chats);
            first.Add(await PollAllAsync(world, feeds, counts => counts.Changed), await bare.GetAndReadAsync());
            for (var i = 0; i < (only == "unchanged" ? 30 : only is null ? 5 : 0); i++)
                unchanged.Add(await PollAllAsync(world, feeds, counts => counts.Unchanged), await bare.ConditionalAsync());
            for (var i = 0; i < (farm is null ? 0 : only == "changed" ? 10 : only is null ? 1 : 0); i++)
            {
                await farm!.AdvanceAsync();
                changed.Add(await PollAllAsync(world, feeds, counts => counts.Deliveries), await bare.GetAndReadAsync());
            }

            // The first round only warms up.
            if (round == 0)
                (first, unchanged, changed) = (new Series(), new Series(), new Series());
        }

        first.Tell(report, "first", 0.5);
        unchanged.Tell(report, "unchanged", 0.5);
        changed.Tell(report, "changed", 0.4);
        report.Write();
        return 0;
    }

    private static ServiceProvider Open(TempFolder folder, int concurrency) => new ServiceCollection()
        .AddLogging()
        .AddNotifierCore()
        .AddSingleton(_ => Storage.Open(folder.File("notifier.db")))
        .AddSingleton(new PollOptions { Concurrency = concurrency })
        .AddSingleton(new FetchOptions { AllowPrivateNetworks = true, ConnectionsPerHost = concurrency })
        .BuildServiceProvider();

    private static Task SubscribeAsync(ServiceProvider world, Uri root, int feeds, int chats) => world.GetRequiredService<Storage>().Writer.RunAsync(
        db =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var ids = Enumerable.Range(0, chats).Select(i => db.FindOrAddChat(new ChatAddress("terminal", i.ToString(CultureInfo.InvariantCulture)), now).Id).ToList();
            var list = Enumerable.Range(0, feeds).Select(i => new Feed { Url = new Uri(root, $"{i}.xml").AbsoluteUri, Partition = Partition.Of(root.IdnHost), CreatedAt = now, NextPoll = now }).ToList();
            db.Feeds.AddRange(list);
            db.SaveChanges();
            db.Subscriptions.AddRange(list.Select((feed, i) => new Subscription { ChatId = ids[i % chats], FeedId = feed.Id, Number = i + 1, Since = now }));
        },
        default);

    /// <exception cref="InvalidOperationException">Not every poll came to what it should have.</exception>
    private static async Task<Measure> PollAllAsync(ServiceProvider world, int feeds, Func<PollCounts, int> expected)
    {
        var poller = world.GetRequiredService<Poller>();
        await poller.MakeAllDueAsync(default);
        var watch = Watch.Start();
        var counts = await poller.PollDueAsync(PartitionRange.All, default);
        var measure = watch.Of(feeds);
        if (expected(counts) != feeds)
            throw new InvalidOperationException($"Of {feeds} polls only {expected(counts)} came to what they should; {counts.Failed} failed.");
        return measure;
    }

    private sealed class Series
    {
        private readonly List<(Measure Ours, Measure Bare)> _rounds = [];

        public void Add(Measure ours, Measure bare) => _rounds.Add((ours, bare));

        public void Tell(Report report, string name, double goal)
        {
            if (_rounds.Count == 0)
                return;
            report.Add(
                name,
                Median(m => m.Ours.Rate),
                "feeds/s",
                Median(m => m.Bare.Rate),
                goal,
                string.Create(CultureInfo.InvariantCulture, $"CPU a feed {Median(m => m.Ours.Cpu):0} µs, bare {Median(m => m.Bare.Cpu):0}; allocated a feed {Median(m => m.Ours.Bytes):0} bytes, bare {Median(m => m.Bare.Bytes):0}"));
        }

        private double Median(Func<(Measure Ours, Measure Bare), double> of) => Report.Median(_rounds.Select(of));
    }
}
