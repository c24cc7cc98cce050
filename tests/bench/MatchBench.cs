using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Notifier.Bot;
using Notifier.Bot.Cli;
using Notifier.Chats;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Bench;

/// <summary>
/// What one new entry costs that ten thousand chats want, half on Telegram, half on Discord: matched and stored by the poll that finds it; composed and rendered for
/// each; delivered as the service does it, to platforms that take everything at once. <c>plain</c>: all want everything, at once. <c>mixed</c>: one in five has one of ten
/// filters, one in ten has quiet hours in one of five zones, one in twenty a schedule.
/// </summary>
internal static class MatchBench
{
    private static readonly Uri Url = new("https://news.example/feed");
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney"];
    private static readonly string[] Crons = ["0 9 * * *", "H 18 * * 1", "30 7,19 * * *"];

    private static readonly string[] Filters =
    [
        "harbour", "bridge or ferry", "-weather", "title:news", "category:local", "/num(ber)? [0-9]+/", "title:/^The .* of/", "market -library", "\"of the\"", "author:nobody",
    ];

    public static async Task<int> RunAsync(string[] typed)
    {
        var options = new Arguments(typed, "--subscriptions", "--rounds", "--json");
        var (subscriptions, rounds) = (options.Number("--subscriptions", 10_000), options.Number("--rounds", 5));
        var report = new Report("match", options.Text("--json"));
        foreach (var isMixed in (bool[])[false, true])
            await RunAsync(report, isMixed, subscriptions, rounds);
        report.Write();
        return 0;
    }

    private static async Task RunAsync(Report report, bool isMixed, int subscriptions, int rounds)
    {
        using var data = new TempFolder();
        await using var app = NotifierApp.Build(CommandArguments.Read(
            [$"--ConnectionStrings:Notifier={data.File("notifier.db")}", "--Logging:LogLevel:Default=Error"],
            Verbs.All));
        var (storage, time) = (app.Services.GetRequiredService<Storage>(), app.Services.GetRequiredService<TimeProvider>());
        var feed = await storage.Writer.RunAsync(db => Subscribe(db, isMixed, subscriptions, time.GetUtcNow()), default);
        await RecordAsync(app.Services, feed, newest: 20);

        var platforms = app.Services.GetServices<IChatPlatform>().Where(platform => platform.Name is "discord" or "telegram").Select(platform => new AnsweringPlatform(platform)).ToList();
        var leases = new List<SenderLease>();
        foreach (var platform in platforms)
            leases.Add(await SenderLease.TakeAsync(storage, platform.Name, time, default));
        var (stored, rendered, delivered, sent) = (new List<Cost>(), new List<Cost>(), new List<Cost>(), 0L);
        for (var round = 0; round <= rounds; round++)
        {
            var matching = await Cost.OfAsync(() => RecordAsync(app.Services, feed, newest: 21 + round));
            var composing = await Cost.OfAsync(() =>
            {
                Render(app.Services, storage, platforms);
                return Task.CompletedTask;
            });
            var before = platforms.Sum(platform => platform.Sent);
            var delivering = await Cost.OfAsync(async () =>
            {
                for (var i = 0; i < platforms.Count; i++)
                    await app.Services.GetRequiredService<Deliverer>().DeliverDueAsync(platforms[i], leases[i], default);
            });

            // The first round compiles.
            if (round == 0)
                continue;
            (stored, rendered, delivered) = ([.. stored, matching], [.. rendered, composing], [.. delivered, delivering]);
            sent = platforms.Sum(platform => platform.Sent) - before;
        }

        var name = isMixed ? "mixed" : "plain";
        var (match, render) = (Tell($"{name}, matched and stored", stored), Tell($"{name}, composed and rendered", rendered));
        report.Add($"{name}, matched, stored and rendered", match + render, "s of CPU", goal: 1, details: string.Create(CultureInfo.InvariantCulture, $"{subscriptions} chats"));
        var deliver = Tell($"{name}, delivered to {sent} chats", delivered);
        report.Add($"{name}, a delivery", deliver / sent * 1e6, "µs of CPU");

        double Tell(string what, List<Cost> costs)
        {
            var cpu = Report.Median(costs.Select(cost => cost.Cpu.TotalSeconds));
            var (wall, allocated) = (Report.Median(costs.Select(cost => cost.Wall.TotalSeconds)), Report.Median(costs.Select(cost => cost.Allocated / 1e6)));
            report.Add(what, cpu, "s of CPU", details: string.Create(CultureInfo.InvariantCulture, $"{wall:0.00} s on the wall, {allocated:0.0} MB allocated"));
            return cpu;
        }
    }

    private static long Subscribe(NotifierDb db, bool isMixed, int subscriptions, DateTimeOffset now)
    {
        var feed = Subscribing.FindOrAddFeed(db, Url, "News of the day", now);
        var chats = Enumerable.Range(0, subscriptions).Select(i => new Chat
        {
            Platform = i % 2 == 0 ? "telegram" : "discord",
            Address = string.Create(CultureInfo.InvariantCulture, $"{100_000 + i}"),
            Zone = isMixed ? Zones[i % Zones.Length] : "UTC",
            QuietFrom = isMixed && i % 10 == 1 ? 22 * 60 : null,
            QuietUntil = isMixed && i % 10 == 1 ? 7 * 60 : null,
            CreatedAt = now,
        }).ToList();
        db.Chats.AddRange(chats);
        db.SaveChanges();
        db.Subscriptions.AddRange(chats.Select((chat, i) => new Subscription
        {
            ChatId = chat.Id,
            FeedId = feed.Id,
            Number = 1,
            Since = now,
            Filter = isMixed && i % 5 == 0 ? Filters[i / 5 % Filters.Length] : null,
            Cron = isMixed && i % 20 == 2 ? Crons[i / 20 % Crons.Length] : null,
        }));
        db.SaveChanges();
        db.ChangeTracker.Clear();
        return feed.Id;
    }

    /// <summary>Takes a document as a poll of the feed, as a round does with what was fetched.</summary>
    private static Task RecordAsync(IServiceProvider services, long feed, int newest)
    {
        var body = NewsOfTheDay.Document(newest);
        var fetched = new FetchResult.Fetched(body, 0, Url, null, null, null, null, null);
        var document = ((ParseResult.Parsed)services.GetRequiredService<FeedParser>().Parse(body, Url)).Feed;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return services.GetRequiredService<Storage>().Writer.RunAsync(db => services.GetRequiredService<Poller>().Record(db, feed, fetched, document, now), default);
    }

    /// <summary>Composes and renders what each chat is owed.</summary>
    private static void Render(IServiceProvider services, Storage storage, List<AnsweringPlatform> platforms)
    {
        var composer = services.GetRequiredService<Composer>();
        foreach (var platform in platforms)
        {
            using var connection = storage.ReadConnection();
            foreach (var id in connection.Query(
                "SELECT d.Id FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId WHERE d.EndedAt IS NULL AND c.Platform=$platform",
                reader => reader.GetInt64(0),
                ("$platform", platform.Name)))
            {
                platform.Render(composer.Compose([id]).Message, 0);
            }
        }
    }
}
