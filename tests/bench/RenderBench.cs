using System.Globalization;
using Notifier.Bot.Discord.Messages;
using Notifier.Bot.Telegram.Messages;
using Notifier.Bot.Terminal;
using Notifier.Messages;
using Notifier.Texts;

namespace Notifier.Bench;

/// <summary>How many messages about an entry of 3 KB of HTML one core composes and renders a second, each anew, for each platform.</summary>
internal static class RenderBench
{
    private const int Entries = 200;

    public static int Run(string[] typed)
    {
        var options = new Arguments(typed, "--rounds", "--json");
        var report = new Report("render", options.Text("--json"));
        var texts = Catalogue.Load("en");
        var formatter = new EntryFormatter(texts);
        var contents = Enumerable.Range(1, Entries).Select(n => new EntryContent
        {
            Feed = "News of the day",
            Title = NewsOfTheDay.Title(n),
            Link = string.Create(CultureInfo.InvariantCulture, $"https://news.example/{n}"),
            Base = "https://news.example/",
            Content = NewsOfTheDay.Content(n),
            Categories = ["Local", "Harbour"],
        }).ToList();
        var telegram = new TelegramMessages(new HashSet<string>(StringComparer.Ordinal) { "list", "help", "subscribe" });
        var terminal = new TerminalWriter(TimeProvider.System, texts, colour: true);
        (string Name, Func<Message, object?> Render)[] forms =
        [
            ("composed alone", message => message),
            ("discord", message => DiscordMessages.Render(message, 0)),
            ("telegram", message => telegram.Render(message, 0)),
            ("terminal", message => terminal.Write(message, 100)),
        ];
        // What is measured first must not pay for what all of it shares: compiling it as well as it can be takes its second.
        for (var (start, pass) = (Environment.TickCount64, 0); Environment.TickCount64 - start < 2000; pass++)
            contents.ForEach(content => forms[pass % forms.Length].Render(new Message { Card = formatter.Card(content) }));
        foreach (var (name, render) in forms)
        {
            var rounds = new List<(double Rate, double Allocated)>();
            for (var round = 0; round <= options.Number("--rounds", 5); round++)
            {
                var (cpu, before) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
                for (var pass = 0; pass < 10; pass++)
                    contents.ForEach(content => render(new Message { Card = formatter.Card(content) }));

                // By processor time, since others may use the machine; what the collector's own threads did is in it.
                var seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
                if (round > 0)
                    rounds.Add((10 * Entries / seconds, (GC.GetAllocatedBytesForCurrentThread() - before) / (10.0 * Entries)));
            }

            report.Add(
                name,
                Report.Median(rounds.Select(round => round.Rate)),
                "messages/s a core",
                goal: 5000,
                details: string.Create(CultureInfo.InvariantCulture, $"{Report.Median(rounds.Select(round => round.Allocated)) / 1000:0.0} KB allocated a message"));
        }

        report.Write();
        return 0;
    }
}
