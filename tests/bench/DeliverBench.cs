using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Notifier.Model;
using Notifier.Subscriptions;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Bench;

/// <summary>
/// How fast the real program delivers what waits, beside what the platforms permit: the fakes enforce their limits and count what they refuse.
/// <c>ceiling</c>: 3,000 to 300 Telegram chats and 3,000 to 60 Discord channels. <c>trouble</c>: three to each of 1,000 Telegram chats, of which one answers 403,
/// one 400, one asks to wait twelve hours and one never answers; <c>alone</c>: the same 996 others without those four.
/// </summary>
internal static class DeliverBench
{
    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<int> RunAsync(string[] options)
    {
        var given = new Arguments(options, "--json");
        var scene = given.Words is [var name, ..] ? name : "ceiling";
        var report = new Report($"deliver {scene}", given.Text("--json"));
        using var data = new TempFolder();
        await using var discord = await FakeDiscord.StartAsync();
        await using var telegram = await FakeTelegram.StartAsync();
        var chats = Enumerable.Range(0, scene == "ceiling" ? 300 : 1000).Select(i => telegram.AddUser($"Person {i}").Start()).ToList();
        await ConfirmAsync(telegram);
        var channels = new List<FakeChannel>();
        if (scene == "ceiling")
        {
            var guild = discord.AddGuild("Harbour");
            channels.AddRange(Enumerable.Range(0, 60).Select(i => guild.AddChannel($"c{i}")));
        }

        var troubled = scene == "trouble" ? Trouble(telegram, chats) : [];
        var served = scene == "alone" ? chats.Skip(4).ToList() : chats;
        var each = scene == "ceiling" ? 10 : 3;
        var start = Time.GetUtcNow();
        using (var storage = Storage.Open(Path.Combine(data.Path, "notifier.db")))
        {
            await storage.Writer.RunAsync(db => Owe(db, [.. served.Select(chat => new ChatAddress("telegram", chat.Id.ToString(CultureInfo.InvariantCulture)))], 1, each, start), default);
            await storage.Writer.RunAsync(db => Owe(db, [.. channels.Select(channel => new ChatAddress("discord", channel.Id))], 5, 10, start), default);
        }

        var wanted = (Telegram: (served.Count - troubled.Count) * each, Discord: channels.Count * 50);
        string[] settings =
        [
            $"--Notifier:Discord:ApiUrl={discord.ApiUrl}", .. scene == "ceiling" ? [$"--Notifier:Discord:Token={discord.Token}"] : Array.Empty<string>(),
            $"--Notifier:Telegram:ApiUrl={telegram.Url}", $"--Notifier:Telegram:Token={telegram.Token}", "--Notifier:Web:Url=http://127.0.0.1:0",
        ];
        await using var program = NotifierProcess.Start(data.Path, settings);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(5) && !program.HasEnded && !(Arrived(telegram, troubled).Count >= wanted.Telegram && channels.Sum(channel => channel.Messages.Count) >= wanted.Discord))
            await Task.Delay(TimeSpan.FromMilliseconds(200), Time);
        await program.AskToEndAsync(default);

        Tell(report, "telegram", Arrived(telegram, troubled), wanted.Telegram, perSecond: 30, atOnce: 30, telegram.Limits.Exceeded);
        if (wanted.Discord > 0)
        {
            var posts = discord.Requests.Where(request => request.Operation == "POST /channels/{channel_id}/messages" && request.Status == 200).Select(request => request.At).ToList();
            Tell(report, "discord", posts, wanted.Discord, perSecond: 50, atOnce: 50, discord.Limits.Refused);
        }

        foreach (var wrong in discord.Violations.Concat(discord.Unexpected).Concat(telegram.Violations).Concat(telegram.Unexpected).Distinct().Take(10))
            Console.WriteLine($"wrong: {wrong}");
        report.Write();
        return 0;
    }

    /// <summary>From the first message to the last, beside what the limits permit: so many at once, then so many a second.</summary>
    private static void Tell(Report report, string platform, List<DateTimeOffset> times, int wanted, int perSecond, int atOnce, int refused)
    {
        var seconds = times.Count == 0 ? 0 : (times.Max() - times.Min()).TotalSeconds;
        var least = (times.Count - atOnce) / (double)perSecond;
        report.Add(platform, times.Count / Math.Max(seconds, 0.001), "messages/s", times.Count / least, 0.97, string.Create(CultureInfo.InvariantCulture, $"{times.Count} of {wanted} in {seconds:0.0} s, permitted in {least:0.0} s; {refused} × 429"));
    }

    /// <summary>When the messages came that arrived, leaving out the chats in trouble.</summary>
    private static List<DateTimeOffset> Arrived(FakeTelegram telegram, HashSet<long> troubled) =>
        [.. telegram.Requests.Where(request => request.Method == "sendMessage" && request.Status == 200 && !troubled.Contains((long)request.Parameters["chat_id"]!)).Select(request => request.At)];

    private static HashSet<long> Trouble(FakeTelegram telegram, List<FakeTelegramChat> chats)
    {
        chats[0].Partner!.Block();
        (int Index, Fault Fault)[] faults =
        [
            (1, new Fault.Refuse(400, "Bad Request: message is too long")),
            (2, new Fault.TooManyRequests(12 * 3600)),
            (3, new Fault.Hang(Task.Delay(Timeout.InfiniteTimeSpan, Time))),
        ];
        foreach (var (index, fault) in faults)
        {
            var id = chats[index].Id;
            telegram.Next("sendMessage", fault, int.MaxValue, request => (long?)request.Parameters["chat_id"] == id);
        }

        return [.. chats.Take(4).Select(chat => chat.Id)];
    }

    /// <summary>Nobody's greeting is to be answered: it would count.</summary>
    private static async Task ConfirmAsync(FakeTelegram telegram)
    {
        using var http = new HttpClient();
        for (var next = 0L; ;)
        {
            using var answer = await http.PostAsJsonAsync(new Uri(telegram.Url, $"/bot{telegram.Token}/getUpdates"), new { offset = next, timeout = 0, limit = 100 });
            var updates = (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("result");
            if (updates.GetArrayLength() == 0)
                return;
            next = updates.EnumerateArray().Max(update => update.GetProperty("update_id").GetInt64()) + 1;
        }
    }

    private static void Owe(NotifierDb db, IReadOnlyList<ChatAddress> chats, int feeds, int entries, DateTimeOffset now)
    {
        var ids = chats.Select(chat => db.FindOrAddChat(chat, now).Id).ToList();
        for (var f = 0; f < feeds; f++)
        {
            var feed = Subscribing.FindOrAddFeed(db, new Uri($"http://feed-{f}.example/"), $"Feed {f}", now);
            for (var e = 0; e < entries; e++)
            {
                var entry = new Entry { FeedId = feed.Id, Title = $"Entry {e} of feed {f}", Link = $"http://feed-{f}.example/{e}", Content = $"<p>The text of entry {e}, a few words long.</p>", FirstSeen = now };
                db.Entries.Add(entry);
                db.SaveChanges();
                db.Deliveries.AddRange(ids.Select(chat => new Delivery { ChatId = chat, FeedId = feed.Id, EntryId = entry.Id, Key = $"e:{entry.Id}", DueAt = now, CreatedAt = now }));
            }
        }

        db.SaveChanges();
        db.ChangeTracker.Clear();
    }
}
