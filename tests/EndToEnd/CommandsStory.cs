using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>What people ask about the feeds they have, each answer in full.</summary>
public sealed class CommandsStory(RunningNotifier running) : IClassFixture<RunningNotifier>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FeedServer Web => running.Web;

    [Fact]
    public async Task A_feed_is_named_by_number_address_or_a_piece_of_its_title()
    {
        var urls = new[] { "Garden diary", "Kitchen diary", "Weather" }.Select((title, i) => Web.Put($"/named-{i}.xml", SampleFeed.Rss(title, "News"))).ToList();
        foreach (var url in urls)
            await AskAsync($"/subscribe {url} none");
        var number = await NumberOfAsync("Weather");

        await SaysAsync($"/unsubscribe {number}", "bot> Unsubscribed from “Weather”. [1] Undo");
        await SaysAsync("1", "bot> Taken back: the subscription goes on, and nothing was missed.");
        await SaysAsync($"/unsub {urls[2]}", "bot> Unsubscribed from “Weather”. [1] Undo");
        await SaysAsync("/undo", "bot> Taken back: the subscription goes on, and nothing was missed.");
        await SaysAsync("/undo", "bot> That was taken back already. /history shows what was changed.");
        await SaysAsync("/rm wEaTh", "bot> Unsubscribed from “Weather”. [1] Undo");
        await SaysAsync("/remove weather", "bot> No feed here is called “weather”. /list shows them all.");

        var (garden, kitchen) = (await NumberOfAsync("Garden diary"), await NumberOfAsync("Kitchen diary"));
        await SaysAsync("/unsubscribe diary", $"bot> “diary” fits 2 feeds. Which one? [1] Garden diary (#{garden})   [2] Kitchen diary (#{kitchen})");
        await SaysAsync("2", "bot> Unsubscribed from “Kitchen diary”. [1] Undo");
        await SaysAsync("/unsubscribe gadren", $"bot> No feed here is called “gadren”. Did you mean this one? [1] Garden diary (#{garden})");
        await SaysAsync("1", "bot> Unsubscribed from “Garden diary”. [1] Undo");
        await SaysAsync("/unsubscribe 4711", new Regex(@"^bot> There is no feed number 4711 here; /list shows them, up to \d+\.$|^bot> This chat has no feeds yet\."));
    }

    [Fact]
    public async Task All_feeds_are_ended_only_once_that_is_confirmed()
    {
        foreach (var n in new[] { 1, 2 })
            await AskAsync($"/subscribe {Web.Put($"/all-{n}.xml", SampleFeed.Rss($"All {n}", "News"))} none");
        var count = Regex.Count(await AskAsync("/list"), "polled");

        await SaysAsync("/unsubscribe all", $"bot> This ends all {count} subscriptions of this chat. Are you sure? [1] Yes, end them all");
        await SaysAsync("/list", new Regex($"^bot> {count} feeds in this chat:"));
        await AskAsync("/unsubscribe all");
        await SaysAsync("1", $"bot> Unsubscribed from all {count} feeds. [1] Undo");
        await SaysAsync("/ls", "bot> This chat has no feeds yet. Add one: /subscribe with the address of a feed or a page, or /subscribe demo.");
        await SaysAsync("/unsubscribe all", "bot> This chat has no feeds yet. Add one: /subscribe with the address of a feed or a page.");
        await AskAsync("/undo");
        await SaysAsync("/list", new Regex($"^bot> {count} feeds in this chat:"));
    }

    [Fact]
    public async Task The_list_says_how_each_feed_does_a_page_at_a_time()
    {
        await AskAsync("/unsubscribe all yes");
        for (var n = 1; n <= 16; n++)
            await AskAsync($"/subscribe {Web.Put($"/list-{n}.xml", SampleFeed.Rss($"Listed {n}", "News"))} none");
        var lines = (await AskAsync("/list")).Split('\n');

        Assert.Equal("bot> 16 feeds in this chat:", lines[0]);
        Assert.Equal(15, lines.Count(line => line.Contains("Listed", StringComparison.Ordinal)));
        Assert.Matches($@"^     \d+\. Listed 1 \({Regex.Escape(Web.Url("/list-1.xml"))}\) · polled every hour$", lines[2]);
        Assert.Equal("     [1] Page 2 of 2", lines[^1]);
        Assert.Contains("Listed 16", await AskAsync("1"), StringComparison.Ordinal);
        Assert.DoesNotContain("[1]", await AskAsync("/list 2"), StringComparison.Ordinal);
        await SaysAsync("/list two", "bot> “two” is not the number of a page.");

        Web.Refuse("/list-1.xml", StatusCodes.Status404NotFound);
        await CheckAsync("Listed 1", "bot> “Listed 1” could not be polled. 127.0.0.1 answered 404 Not Found: nothing is at that address.");
        Assert.Contains("failing since just now: 127.0.0.1 answered 404 Not Found: nothing is at that address.", RunningNotifier.OneLine(await AskAsync("/list")), StringComparison.Ordinal);
        Web.Refuse("/list-2.xml", StatusCodes.Status410Gone);
        await CheckAsync("Listed 2", "bot> “Listed 2” could not be polled. The publisher has taken it away for good (410).");
        await running.Notifier.WaitForAsync("bot> The publisher of “Listed 2” has taken it away for good", Stop);
        await running.Notifier.WaitAsync(all => Regex.IsMatch(all, @"Undo: /undo \d+\n"), "the way to take it back", Stop);
        Assert.DoesNotContain("Listed 2 ", await AskAsync("/list"), StringComparison.Ordinal);
        await SaysAsync(Regex.Match(running.Notifier.Output.Text, @"Undo: (/undo \d+)\n").Groups[1].Value, "bot> Taken back: the subscription goes on, and nothing was missed.");
        Assert.Contains("gone: the publisher took it away for good", RunningNotifier.OneLine(await AskAsync("/list")), StringComparison.Ordinal);
        await AskAsync("/unsubscribe all yes");
    }

    [Fact]
    public async Task The_latest_entries_are_shown_without_being_delivered()
    {
        await AskAsync($"/subscribe {Web.Put("/latest.xml", SampleFeed.Rss("Latest", [.. Enumerable.Range(1, 7).Select(n => $"Entry {n}")]))} none");
        var number = await NumberOfAsync("Latest");

        await SaysAsync(
            $"/latest {number} 2",
            """
            bot> The newest 2 entries of “Latest”:

                 • Entry 1 (https://example.org/Entry%201)
                 • Entry 2 (https://example.org/Entry%202)
            """);
        Assert.Equal(5, Regex.Count(await AskAsync("/latest latest"), "•"));
        await SaysAsync("/latest latest 1", "bot> The newest entry of “Latest”: • Entry 1 (https://example.org/Entry%201)");
        await SaysAsync("/latest latest 50", "bot> “50” is no count: write a number from 1 to 20.");
        await SaysAsync("/latest", "bot> The feed is missing: its number in /list, its address, or a piece of its title. Usage: /latest feed [n]");
        Web.Put("/latest.xml", SampleFeed.Rss("Latest"));
        await SaysAsync("/latest latest", "bot> “Latest” has no entries at the moment.");
    }

    [Fact]
    public async Task A_check_says_what_it_found_at_most_once_a_minute()
    {
        await AskAsync($"/subscribe {Web.Put("/checked.xml", SampleFeed.Rss("Checked", "First"))} none");

        await SaysAsync("/check checked", new Regex(@"^bot> “Checked” was polled just now\. Ask again in \d+ seconds\.$"));
        await CheckAsync("Checked", "bot> Polled “Checked”: nothing new.");
        Web.Put("/checked.xml", SampleFeed.Rss("Checked", "Second", "First"));
        await CheckAsync("Checked", "bot> Polled “Checked”: one new entry, on the way.");
        await running.Notifier.WaitForAsync("│ Second ", Stop);
        Web.Put("/checked.xml", SampleFeed.Rss("Checked", "Second", "First").Replace("What First is about", "What First was about", StringComparison.Ordinal));
        await CheckAsync("Checked", "bot> Polled “Checked”: nothing new, one entry was edited.");
        Web.Put("/checked.xml", SampleFeed.Rss("Checked", "Fourth", "Third", "Second", "First"));
        await CheckAsync("Checked", "bot> Polled “Checked”: 2 new entries, on the way.");
        await running.Notifier.WaitForAsync("│ Fourth ", Stop);
    }

    [Fact]
    public async Task Help_names_every_command_and_explains_each()
    {
        var help = await AskAsync("/help");
        var commands = Regex.Matches(help, "• /([a-z]+)").Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(["admins", "check", "claim", "doubt", "export", "feed", "filter", "held", "help", "history", "import", "language", "latest", "list", "pause", "preview", "quiet", "resume", "schedule", "setup", "start", "status", "stories", "style", "subscribe", "template", "timezone", "undo", "unsubscribe", "whoami", "why", "withdrawn"], commands);
        foreach (var command in commands)
            Assert.StartsWith($"bot> /{command}", await AskAsync($"/help {command}"), StringComparison.Ordinal);
        await SaysAsync(
            "/help /ls",
            """
            bot> /list [page] – The feeds of this chat, with their numbers

                 • page (optional): which page

                 Also: /ls
            """);
        await SaysAsync("/help dance", "bot> There is no /dance. /help lists what you can ask.");
        await SaysAsync("/start", new Regex("^bot> I watch feeds .* and tell this chat about new entries"));
        await SaysAsync("/whoami", $"bot> You are {Environment.UserName} (terminal:local) in terminal:local. You may: anything (operator).");
    }

    [Fact]
    public async Task A_mistyped_command_is_guessed()
    {
        await SaysAsync("/lst", "bot> There is no /lst. Did you mean /list? [1] /list");
        await SaysAsync("/unsubscrbie all", "bot> There is no /unsubscrbie. Did you mean /unsubscribe? [1] /unsubscribe all");
        await SaysAsync("/dance", "bot> There is no /dance. /help lists what you can ask.");
        await SaysAsync("/LIST@notifier_bot two", "bot> “two” is not the number of a page.");
        await SaysAsync("/whoami now", "bot> That is more than the command takes. Usage: /whoami");
        await SaysAsync("/undo it", "bot> “it” is not the number of a change.");
        await SaysAsync("/undo 4711", "bot> There is nothing to take back.");
        await SaysAsync("   ", "");
    }

    private Task<string> AskAsync(string line) => running.AskAsync(line, Stop);

    private Task SaysAsync(string line, string answer) => running.SaysAsync(line, answer, Stop);

    private Task SaysAsync(string line, Regex answer) => running.SaysAsync(line, answer, Stop);

    private Task<int> NumberOfAsync(string title) => running.NumberOfAsync(title, Stop);

    /// <summary>Checks as if the last poll were longer ago than a minute.</summary>
    private async Task CheckAsync(string title, string answer)
    {
        await running.AgeAsync(title, Stop);
        Assert.StartsWith(answer, RunningNotifier.OneLine(await AskAsync($"/check {await NumberOfAsync(title)}")), StringComparison.Ordinal);
    }
}
