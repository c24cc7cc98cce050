using Microsoft.AspNetCore.Http;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>From what people type to a feed, or to why there is none, each answer in full.</summary>
public sealed class SubscribeStory(RunningNotifier running) : IClassFixture<RunningNotifier>
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
    public async Task A_page_that_says_nothing_is_searched_at_the_usual_addresses_but_one_that_failed_is_not()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        web.Put("/rss.xml", SampleFeed.Rss("Hidden", "News"));

        await SaysAsync($"/subscribe {web.Refuse("/broken.html", StatusCodes.Status500InternalServerError)}", "bot> 127.0.0.1 answered 500 Internal Server Error: the trouble is on its side.");
        Assert.Equal(0, web.Requests("/rss.xml"));
        await SaysAsync($"/add {web.Put("/silent.html", Page(), "text/html")} none", "bot> Subscribed to “Hidden”, polled every hour.");
        Assert.Equal(0, web.Requests("/blog/feed"));
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
        await SaysAsync("/subscribe", "bot> The url is missing: the address of a feed or of a page that has one, or “demo”. Usage: /subscribe url [backfill] [schedule] [style] [filter]");
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
    public async Task An_address_that_is_not_public_is_refused_where_nobody_opened_it()
    {
        using var data = new TempFolder();
        await using var guarded = NotifierProcess.Serve(data.Path);
        await guarded.ReadyAsync(Stop);
        var url = Web.Put("/private.xml", SampleFeed.Rss("Private", "News"));

        foreach (var address in new[] { url, "http://[::1]/feed", "http://169.254.169.254/latest", "http://10.1.2.3/feed", "http://0x7f000001/feed" })
        {
            Assert.Equal(
                "bot> That address is not public, so I do not fetch from it. The operator can open a network with the setting Notifier:Polling:AllowedNetworks.",
                RunningNotifier.OneLine(await guarded.AskAsync($"/subscribe {address}", Stop)));
        }

        Assert.Equal(0, Web.Requests("/private.xml"));
    }

    private static string Page(params IEnumerable<(string Url, string Title)> feeds) =>
        $"<!doctype html><html><head><title>A page</title>{string.Concat(feeds.Select(f => $"<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{f.Url}\" title=\"{f.Title}\">"))}</head><body>Welcome.</body></html>";

    private Task<string> AskAsync(string line) => running.AskAsync(line, Stop);

    private Task SaysAsync(string line, string answer) => running.SaysAsync(line, answer, Stop);
}
