using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>What people ask and what they are told, each answer in full: one process for all of it, with the guard open for loopback.</summary>
public sealed class CommandsStory(CommandsStory.Running running) : IClassFixture<CommandsStory.Running>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FeedServer Web => running.Web;

    [Fact]
    public async Task A_feed_is_subscribed_to_with_its_newest_entry_shown()
    {
        var url = Web.Put("/plain.xml", SampleFeed.Rss("Plain", "Second", "First"));

        await SaysAsync(
            $"/subscribe {url}",
            """
            bot> Subscribed to “Plain”, polled every hour. Latest entry, as it would look here:
                 ┌ Plain
                 │ Second                                                             https://example.org/Second
                 │ What Second is about.
                 └
                 [1] Only new entries from now on   [2] Send this one too
            """);
        await SaysAsync("1", "bot> Fine: only new entries of “Plain” from now on.");
        await SaysAsync("1", "bot> There is no such choice to make now: a number chooses from the last answer.");
        await SaysAsync($"/subscribe {url}", "bot> This chat has “Plain” already. /list shows all its feeds.");
    }

    [Fact]
    public async Task A_page_with_one_feed_is_followed_to_it()
    {
        var feed = Web.Put("/only.xml", SampleFeed.Rss("Only one", "News"));
        var page = Web.Put("/one.html", Page(("/only.xml", "Feed")), "text/html");

        await SaysAsync($"/add {page} none", "bot> Subscribed to “Only one”, polled every hour.");
        await SaysAsync($"/sub {feed}", "bot> This chat has “Only one” already. /list shows all its feeds.");
    }

    [Fact]
    public async Task A_page_with_several_feeds_offers_them_by_number()
    {
        var (first, second) = (Web.Put("/posts.xml", SampleFeed.Rss("Posts", "News")), Web.Put("/talk.xml", SampleFeed.Rss("Talk", "Gossip")));
        var page = Web.Put("/two.html", Page(("/posts.xml", "All posts"), ("/talk.xml", "Comments")), "text/html");

        await SaysAsync(
            $"/subscribe {page}",
            $"bot> That is a web page. I found 2 feeds on it: [1] All posts ({first}) [2] Comments ({second})");
        Assert.StartsWith("bot> Subscribed to “Talk”", await AskAsync("2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_feed_is_said_in_words()
    {
        await SaysAsync(
            $"/subscribe {Web.Put("/none.html", Page(), "text/html")}",
            "bot> That is a web page, and 127.0.0.1 announces no feed on it. Look for a link called RSS, Atom or feed there, and give me that address.");
        await SaysAsync($"/subscribe {Web.Put("/page-to-nothing.html", Page(("/not-there.xml", "Feed")), "text/html")}", "bot> 127.0.0.1 answered 404 Not Found: nothing is at that address.");
        await SaysAsync($"/subscribe {Web.Put("/text.txt", "Just some text.", "text/plain")}", "bot> 127.0.0.1 sent a document without a feed in it.");
        await SaysAsync($"/subscribe {Web.Put("/other.xml", "<note><to>you</to></note>")}", "bot> 127.0.0.1 sent an XML document, but not a feed: it begins with <note>.");
        await SaysAsync($"/subscribe {Web.Put("/empty.xml", "")}", "bot> 127.0.0.1 sent an empty document.");
        await SaysAsync($"/subscribe {Web.Put("/data.json", "{}", "application/json")}", "bot> 127.0.0.1 sent JSON, but not a JSON Feed.");
        await SaysAsync($"/subscribe {Web.Url("/missing.xml")}", "bot> 127.0.0.1 answered 404 Not Found: nothing is at that address.");
        await SaysAsync($"/subscribe {Web.Refuse("/gone.xml", StatusCodes.Status410Gone)}", "bot> 127.0.0.1 says that this feed is gone for good.");
        await SaysAsync($"/subscribe {Web.Refuse("/ill.xml", StatusCodes.Status500InternalServerError)}", "bot> 127.0.0.1 answered 500 Internal Server Error: the trouble is on its side.");
        await SaysAsync($"/subscribe {Web.Refuse("/busy.xml", StatusCodes.Status429TooManyRequests)}", "bot> 127.0.0.1 asks for fewer requests. Try again in a while.");
        await SaysAsync("/subscribe http://127.0.0.1:1/feed", "bot> 127.0.0.1 refuses connections on port 1. Is the address right?");
        await SaysAsync("/subscribe harbour", "bot> That is not a web address. It should look like https://example.org/feed.xml");
        await SaysAsync("/subscribe ftp://example.org/feed", "bot> Only addresses that begin with http:// or https:// can be read.");
        await SaysAsync(
            "/subscribe https://ann:secret@example.org/feed",
            "bot> That address has a name and password in it. Leave them out: feeds that need a login are set up by the operator.");
        await SaysAsync("/subscribe 4711", "bot> There is no feed number 4711 here. Give its address instead.");
        await SaysAsync("/subscribe", "bot> The url is missing: the address of a feed or of a page that has one, or “demo”. Usage: /subscribe url [backfill]");
    }

    [Fact]
    public async Task A_cut_off_document_is_read_as_far_as_it_goes()
    {
        var whole = SampleFeed.Rss("Cut off", "Second", "First");
        var url = Web.Put("/cut.xml", whole[..whole.IndexOf("<title>First", StringComparison.Ordinal)]);

        Assert.StartsWith("bot> Subscribed to “Cut off”", await AskAsync($"/subscribe {url}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_spelling_of_an_address_is_the_same_feed()
    {
        var url = Web.Put("/spelling.xml", SampleFeed.Rss("Spelling", "News"));
        await AskAsync($"/subscribe {url} none");

        foreach (var spelling in new[] { url.Replace("http:", "HTTP:", StringComparison.Ordinal), url + "#top", $"<{url}>", url.Replace("/spelling", "/./spelling", StringComparison.Ordinal), "feed:" + url })
            await SaysAsync($"/subscribe {spelling}", "bot> This chat has “Spelling” already. /list shows all its feeds.");
    }

    [Fact]
    public async Task A_redirect_leads_to_one_and_the_same_feed()
    {
        var url = Web.Put("/new-home.xml", SampleFeed.Rss("Moved", "News"));

        await SaysAsync($"/subscribe {Web.Redirect("/old-home.xml", url, StatusCodes.Status301MovedPermanently)} none", "bot> Subscribed to “Moved”, polled every hour.");
        await SaysAsync($"/subscribe {url}", "bot> This chat has “Moved” already. /list shows all its feeds.");
        await SaysAsync($"/subscribe {Web.Url("/old-home.xml")}", "bot> This chat has “Moved” already. /list shows all its feeds.");
        await SaysAsync($"/subscribe {Web.Redirect("/circle.xml", Web.Url("/circle.xml"))}", "bot> 127.0.0.1 redirects more than 5 times.");
    }

    [Fact]
    public async Task A_bare_address_means_subscribe_and_other_words_are_met_by_help()
    {
        var url = Web.Put("/bare.xml", SampleFeed.Rss("Bare", "News"));

        Assert.StartsWith("bot> Subscribed to “Bare”", await AskAsync(url), StringComparison.Ordinal);
        await SaysAsync("hello", "bot> Commands begin with a slash. Try /subscribe with the address of a feed or a page, or /help.");
    }

    [Fact]
    public async Task Backfill_sends_as_many_as_asked_for_and_nothing_twice()
    {
        var url = Web.Put("/backfill.xml", SampleFeed.Rss("Backfill", "Fourth", "Third", "Second", "First"));
        var from = running.Notifier.Output.Length;

        await SaysAsync($"/subscribe {url} none", "bot> Subscribed to “Backfill”, polled every hour.");
        Assert.Contains("Sending the newest entry of “Backfill”.", await AskAsync($"/subscribe {url} last"), StringComparison.Ordinal);
        await running.Notifier.WaitForAsync("│ Fourth ", Stop, from);
        Assert.Contains("Sending the newest 2 entries of “Backfill”.", await AskAsync($"/subscribe {url} 3"), StringComparison.Ordinal);
        await running.Notifier.WaitForAsync("│ Third", Stop, from);
        await SaysAsync($"/subscribe {url} last", "bot> This chat has had that entry of “Backfill” already.");
        await SaysAsync($"/subscribe {url} backfill:3", "bot> This chat has had those entries of “Backfill” already.");
        await SaysAsync($"/subscribe {url} 21", "bot> “21” is no backfill: write none, last, or a number up to 20.");
        await SaysAsync($"/subscribe {url} some", "bot> “some” is no backfill: write none, last, or a number up to 20.");

        // Also a new subscription has had them.
        await AskAsync("/unsubscribe backfill");
        await SaysAsync($"/subscribe {url} 4", "bot> Subscribed to “Backfill”, polled every hour.");
        await running.Notifier.WaitForAsync("│ First", Stop, from);
        var told = TerminalMessages.Of(running.Notifier.Output.Text[from..]).SelectMany(m => m.Items).Where(item => item.StartsWith("backfill", StringComparison.Ordinal)).ToList();
        Assert.Equal(["backfillfourth", "backfillsecond", "backfillthird", "backfillfirst"], told.Select(item => item[..item.IndexOf("https", StringComparison.Ordinal)]));
    }

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
        await SaysAsync("/undo", "bot> That can no longer be taken back. /subscribe begins anew.");
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
        Assert.Contains("failing since just now: 127.0.0.1 answered 404 Not Found: nothing is at that address.", OneLine(await AskAsync("/list")), StringComparison.Ordinal);
        Web.Refuse("/list-2.xml", StatusCodes.Status410Gone);
        await CheckAsync("Listed 2", "bot> “Listed 2” could not be polled. The publisher has taken it away for good (410).");
        Assert.Contains("gone: the publisher took it away for good", OneLine(await AskAsync("/list")), StringComparison.Ordinal);
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

        Assert.Equal(["check", "help", "latest", "list", "start", "subscribe", "undo", "unsubscribe", "whoami"], commands);
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

    [Fact]
    public async Task Whatever_is_typed_gets_one_answer_or_none_and_meets_no_bug()
    {
        await SaysAsync("/subscribe " + new string('x', 10_240), "bot> That line is too long: 4096 characters is the most.");
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var n = 0; n < 1000; n++)
        {
            var line = RandomLine(random);
            var answers = Regex.Count(await AskAsync(line), "^bot> ", RegexOptions.Multiline);
            Assert.True(answers <= 1, $"{answers} answers to {line}");
        }

        Assert.DoesNotContain("fail:", running.Notifier.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", running.Notifier.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("went wrong on my side", running.Notifier.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_public_is_refused_where_nobody_opened_it()
    {
        using var data = new ScratchFolder();
        await using var guarded = NotifierProcess.Serve(data.Path);
        await guarded.ReadyAsync(Stop);
        var url = Web.Put("/private.xml", SampleFeed.Rss("Private", "News"));

        foreach (var address in new[] { url, "http://[::1]/feed", "http://169.254.169.254/latest", "http://10.1.2.3/feed", "http://0x7f000001/feed" })
        {
            Assert.Equal(
                "bot> That address is not public, so I do not fetch from it. The operator can open a network with the setting Notifier:Polling:AllowedNetworks.",
                OneLine(await guarded.AskAsync($"/subscribe {address}", Stop)));
        }

        Assert.Equal(0, Web.Requests("/private.xml"));
    }

    private static string Page(params IEnumerable<(string Url, string Title)> feeds) =>
        $"<!doctype html><html><head><title>A page</title>{string.Concat(feeds.Select(f => $"<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{f.Url}\" title=\"{f.Title}\">"))}</head><body>Welcome.</body></html>";

    /// <summary>Commands, true and mistyped, with arguments that reach no host, and plain noise.</summary>
    private static string RandomLine(Random random)
    {
        string[] words =
        [
            "/subscribe", "/unsubscribe", "/list", "/latest", "/check", "/undo", "/help", "/start", "/whoami", "/", "//", "/x", "all", "yes", "1", "2", "-1", "99999999999999999999",
            "none", "last", "backfill:3", "feed:", "page:2", "n:", "\"", "“", "”", "#1", "@", "<b>", "%", "{0}", "{count}", "'; DROP TABLE Feeds; --", "\0", "\t", "\x1b[2J", "\u202e", "👨‍👩‍👧", "é", "ß", "\ud800", "http://", "https://[", "http:///", "feed://",
        ];
        var line = new StringBuilder();
        for (var n = random.Next(6); n >= 0; n--)
        {
            if (random.Next(4) > 0)
                line.Append(words[random.Next(words.Length)]);
            else
                line.Append([.. Enumerable.Range(0, random.Next(30)).Select(_ => Noise(random))]);
            line.Append(random.Next(5) > 0 ? " " : "");
        }

        return line.ToString();
    }

    /// <summary>Any character, but none that ends a line, and no dot, so that no noise is a host's name.</summary>
    private static char Noise(Random random)
    {
        var c = (char)(random.Next(2) == 0 ? random.Next(1, 128) : random.Next(1, 0x3000));
        return c is '\n' or '\r' or '.' or ':' or '\u3002' or '\u2024' ? '_' : c;
    }

    private Task<string> AskAsync(string line) => running.AskAsync(line, Stop);

    /// <summary>The whole answer, its line breaks aside where it is expected in one line.</summary>
    private async Task SaysAsync(string line, string answer)
    {
        var said = await AskAsync(line);
        if (answer.Contains('\n', StringComparison.Ordinal))
            Assert.Equal(answer, said);
        else
            Assert.Equal(answer, OneLine(said));
    }

    private async Task SaysAsync(string line, Regex answer) => Assert.Matches(answer, OneLine(await AskAsync(line)));

    private static string OneLine(string said) => Regex.Replace(said.Trim(), @"\s*\n\s*", " ");

    private async Task<int> NumberOfAsync(string title)
    {
        var listed = Regex.Match(await AskAsync("/list"), $@"(\d+)\. {Regex.Escape(title)} ");
        Assert.True(listed.Success, $"“{title}” is not listed.");
        return int.Parse(listed.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Checks as if the last poll were longer ago than a minute.</summary>
    private async Task CheckAsync(string title, string answer)
    {
        await running.AgeAsync(title, Stop);
        var number = await NumberOfAsync(title);
        Assert.StartsWith(answer, OneLine(await AskAsync($"/check {number}")), StringComparison.Ordinal);
    }

    /// <summary>The program and the web, for all tests of the class.</summary>
    public sealed class Running : IAsyncLifetime
    {
        private readonly ScratchFolder _data = new();

        internal NotifierProcess Notifier { get; private set; } = null!;

        internal FeedServer Web { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Web = await FeedServer.StartAsync(Stop);
            Notifier = NotifierProcess.Serve(_data.Path, "--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=0 * * * *");
            await Notifier.ReadyAsync(Stop);
        }

        public async ValueTask DisposeAsync()
        {
            await Notifier.DisposeAsync();
            await Web.DisposeAsync();
            _data.Dispose();
        }

        /// <summary>The answer, trimmed; deliveries of other tests may stand around it.</summary>
        internal async Task<string> AskAsync(string line, CancellationToken ct) => (await Notifier.AskAsync(line, ct)).Trim('\n');

        /// <summary>Lets the last poll of a feed be an hour ago.</summary>
        internal async Task AgeAsync(string title, CancellationToken ct)
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _data["notifier.db"], Pooling = false }.ToString());
            await connection.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE Feeds SET LastPoll=LastPoll-$hour WHERE Title=$title";
            command.Parameters.AddWithValue("$hour", TimeSpan.FromHours(1).Ticks);
            command.Parameters.AddWithValue("$title", title);
            Assert.Equal(1, await command.ExecuteNonQueryAsync(ct));
        }
    }
}
