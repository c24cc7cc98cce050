using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Notifier.Bot.Web;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Tests.Web;

/// <summary>What stands on the first page.</summary>
public sealed class FirstPageTests
{
    [Fact]
    public async Task Of_an_empty_database_it_says_what_to_do()
    {
        await using var site = await PageSite.StartAsync();
        var page = await site.PageAsync();

        Assert.Equal("Notifier", Text(page.QuerySelector("h1")));
        Assert.Matches(@"^Version \d+\.\d+\.\d+ · started just now$", Text(page.QuerySelector("header p")));
        Assert.Contains("There are no feeds yet. Ask for one in a chat: /subscribe https://…", Text(page.Body), StringComparison.Ordinal);
        Assert.Contains("Nothing has been delivered yet.", Text(page.Body), StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("table"));
        Assert.All(page.QuerySelectorAll("dd"), number => Assert.Contains(Text(number), new[] { "0", "on time" }));
    }

    [Fact]
    public async Task A_platform_is_shown_in_words_and_one_without_a_token_with_what_to_do()
    {
        await using var site = await PageSite.StartAsync(
            new StillPlatform("Discord", new PlatformState.NotSetUp(), "Open the portal"),
            new StillPlatform("Telegram", new PlatformState.Closed("Unauthorized"), "Open BotFather"),
            new StillPlatform("Slack", new PlatformState.Troubled("no route"), "Never shown"),
            new StillPlatform("Matrix", new PlatformState.Ready("@notifier"), "Never shown"),
            PageSite.Terminal);
        var shown = (await site.PageAsync()).QuerySelectorAll(".platforms > li").Select(Text);

        Assert.Equal(
            [
                "Discord not set up Open the portal Start Notifier with the token in the variable DISCORD_TOKEN, or type /setup discord at its Terminal.",
                "Matrix ready as @notifier",
                "Slack cannot be reached for now; I keep trying: no route",
                "Telegram closed: Unauthorized Open BotFather Start Notifier with the token in the variable TELEGRAM_TOKEN, or type /setup telegram at its Terminal.",
                "Terminal ready",
            ],
            shown);
    }

    [Fact]
    public async Task Feeds_stand_with_those_in_trouble_first_and_are_counted_by_how_they_are()
    {
        await using var site = await PageSite.StartAsync();
        await site.FeedAsync("beta", "https://b.example/f");
        await site.FeedAsync("Alpha", "https://a.example/f", subscribers: 3);
        await site.FeedAsync("New", "https://n.example/f", feed => (feed.LastPoll, feed.LastSuccess) = (null, null));
        await site.FeedAsync("Paused", "https://p.example/f", feed => (feed.PausedSince, feed.NextPoll) = (site.Now, null));
        await site.FeedAsync("Gone", "https://g.example/f", feed => (feed.State, feed.NextPoll) = (FeedState.Gone, null));
        await site.FeedAsync("Failing", "https://f.example/f", feed => (feed.State, feed.FirstFailure, feed.LastError) = (FeedState.Broken, site.Now - TimeSpan.FromHours(3), "f.example answered 404."));
        await site.FeedAsync("Unwanted", "https://u.example/f", feed => feed.NextPoll = null, subscribers: 0);
        var page = await site.PageAsync();

        Assert.Equal(
            [
                "Failing https://f.example/f | failing since 3 hours ago: f.example answered 404. | just now | in 15 minutes | 1 | 0",
                "Gone https://g.example/f | gone The publisher took it away for good. | just now | – | 1 | 0",
                "Paused https://p.example/f | paused by the operator | just now | – | 1 | 0",
                "New https://n.example/f | not polled yet | – | in 15 minutes | 1 | 0",
                "Alpha https://a.example/f | polled fine | just now | in 15 minutes | 3 | 0",
                "beta https://b.example/f | polled fine | just now | in 15 minutes | 1 | 0",
            ],
            Rows(page, "feeds"));
        Assert.Equal("6 feeds, those with trouble first", Text(page.QuerySelector(".feeds caption")));
        Assert.Equal(
            ["polled fine 2", "failing 1", "gone 1", "paused 1", "not polled yet 1", "without subscribers 1", "chats 3", "without access 0", "subscriptions 8"],
            page.QuerySelectorAll(".figure").Select(figure => $"{Text(figure.QuerySelector("dt"))} {Text(figure.QuerySelector("dd"))}").Take(9));
        Assert.Equal(("2026-11-24T12:15:00Z", "2026-11-24 12:15:00 UTC"), Exact(page.QuerySelector(".feeds td:nth-of-type(3) time")));
    }

    [Fact]
    public async Task Deliveries_are_counted_and_the_last_ones_listed_with_what_became_of_them()
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f");
        await site.DeliveryAsync(feed, "Waits");
        await site.DeliveryAsync(feed, "Held", d => (d.State, d.DueAt) = (DeliveryState.Held, null));
        await site.DeliveryAsync(feed, "Doubtful", d => (d.State, d.Reason, d.CreatedAt) = (DeliveryState.Unknown, "The connection broke.", site.Now - TimeSpan.FromMinutes(2)));
        await site.DeliveryAsync(feed, "Arrived", d => (d.State, d.EndedAt) = (DeliveryState.Sent, site.Now - TimeSpan.FromMinutes(1)), chat: "telegram:-100123/45");
        await site.DeliveryAsync(feed, "Refused", d => (d.State, d.Reason, d.EndedAt) = (DeliveryState.Quarantined, "Bad Request", site.Now - TimeSpan.FromHours(5)));
        await site.DeliveryAsync(feed, "Long ago", d => (d.State, d.EndedAt) = (DeliveryState.Quarantined, site.Now - TimeSpan.FromDays(31)));
        await site.NoticeAsync("A feed moved.\nMore of it.", d => (d.State, d.EndedAt) = (DeliveryState.Sent, site.Now - TimeSpan.FromDays(2)));
        var page = await site.PageAsync();

        Assert.Equal(["waiting 1", "held 1", "unknown 1", "failed in 30 days 1"], page.QuerySelectorAll(".figure").Select(f => $"{Text(f.QuerySelector("dt"))} {Text(f.QuerySelector("dd"))}").Skip(9).Take(4));
        Assert.EndsWith("| 1 | 3", Assert.Single(Rows(page, "feeds")), StringComparison.Ordinal);
        Assert.Equal(
            [
                "Arrived | News | telegram:-100123/45 | sent | 1 minute ago",
                "Refused | News | terminal:1 | failed Bad Request | 5 hours ago",
                "A feed moved. More of it. | – | terminal:1 | sent | 2 days ago",
                "Long ago | News | terminal:1 | failed | 31 days ago",
            ],
            Rows(page, "recent"));
        Assert.Equal(
            [
                "Doubtful | News | terminal:1 | unknown The connection broke. | 2 minutes ago",
                "Refused | News | terminal:1 | failed Bad Request | 5 hours ago",
            ],
            Rows(page, "failures"));
    }

    [Fact]
    public async Task What_was_sent_again_after_a_lost_answer_is_listed_with_that()
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f");
        await site.DeliveryAsync(feed, "Once", d => (d.State, d.EndedAt) = (DeliveryState.Sent, site.Now));
        await site.DeliveryAsync(feed, "Twice", d => (d.State, d.EndedAt, d.SendingId) = (DeliveryState.Sent, site.Now.AddMinutes(-1), 7));
        await site.Storage.Writer.RunAsync(
            db => db.Sendings.Add(new Sending { Id = 7, ChatId = db.Chats.Single().Id, Body = [], Nonce = "n", MessageId = "m", LostAnswers = 1, FirstAttempt = site.Now }),
            PageSite.Token);
        var page = await site.PageAsync();

        const string twice = "Twice | News | terminal:1 | sent The answer to an earlier attempt was lost; where the platform cannot tell, it may be there twice. | 1 minute ago";
        Assert.Equal([twice], Rows(page, "failures"));
        Assert.Equal(["Once | News | terminal:1 | sent | just now", twice], Rows(page, "recent"));
    }

    [Fact]
    public async Task The_last_twenty_deliveries_are_listed()
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f");
        for (var n = 1; n <= 22; n++)
            await site.DeliveryAsync(feed, $"No. {n}", d => (d.State, d.EndedAt) = (DeliveryState.Quarantined, site.Now.AddMinutes(n - 30)));
        var page = await site.PageAsync();

        var expected = Enumerable.Range(3, 20).Reverse().Select(n => $"No. {n}").ToList();
        Assert.Equal(expected, Rows(page, "recent").Select(row => row.Split(" | ")[0]));
        Assert.Equal(expected, Rows(page, "failures").Select(row => row.Split(" | ")[0]));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("</title></style><svg onload=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("&lt;b&gt; &amp;amp; @Html.Raw {{7*7}}")]
    [InlineData("Ünïcødé 日本語 🛥️")]
    public async Task What_comes_from_outside_is_text_wherever_it_stands(string hostile)
    {
        await using var site = await PageSite.StartAsync(new StillPlatform("Telegram", new PlatformState.Troubled(hostile)));
        var feed = await site.FeedAsync(hostile, "https://h.example/f", feed => (feed.Site, feed.LastError, feed.State, feed.FirstFailure) = (hostile, hostile, FeedState.Broken, site.Now));
        await site.DeliveryAsync(feed, hostile, d => (d.State, d.Reason, d.EndedAt) = (DeliveryState.Quarantined, hostile, site.Now));
        var page = await site.PageAsync();

        Assert.Equal(hostile, page.QuerySelector(".feeds th bdi")!.TextContent);
        Assert.Equal(hostile, page.QuerySelector(".feeds td small bdi")!.TextContent);
        Assert.Equal([hostile, hostile, "terminal:1", hostile], page.QuerySelectorAll("section[aria-labelledby=recent] bdi").Select(text => text.TextContent));
        Assert.EndsWith(hostile, page.QuerySelector(".platforms bdi")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("script, img, svg, iframe, object, form, [style], style"));
        Assert.DoesNotContain(page.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("evil\u202Egnp.exe", "evilgnp.exe")]
    [InlineData("\u2066a\u2069\u0000\u001b[31mb", "a[31mb")]
    [InlineData("two\n lines", "two lines")]
    public async Task Text_that_turns_its_surroundings_around_does_not(string title, string shown)
    {
        await using var site = await PageSite.StartAsync();
        await site.FeedAsync(title, "https://h.example/f");

        Assert.Equal(shown, (await site.PageAsync()).QuerySelector(".feeds th bdi")!.TextContent);
    }

    [Theory]
    [InlineData("https://site.example/", "https://site.example/")]
    [InlineData("http://user:secret@site.example/path", "http://site.example/path")]
    [InlineData("https://site.example/?id=3", "https://site.example/?id=3")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData(" JaVaScRiPt:alert(1)", null)]
    [InlineData("data:text/html,<script>alert(1)</script>", null)]
    [InlineData("ftp://site.example/", null)]
    [InlineData("//site.example/", null)]
    [InlineData(null, null)]
    public async Task A_feed_links_to_its_site_if_that_is_on_the_web(string? given, string? linked)
    {
        await using var site = await PageSite.StartAsync();
        await site.FeedAsync("News", "https://n.example/f", feed => feed.Site = given);
        var link = (IHtmlAnchorElement?)(await site.PageAsync()).QuerySelector(".feeds a");

        Assert.Equal(linked, link?.GetAttribute("href"));
        if (link is not null)
            Assert.Equal("noopener noreferrer nofollow", link.GetAttribute("rel"));
    }

    [Fact]
    public async Task What_may_be_a_key_in_an_address_is_not_shown()
    {
        await using var site = await PageSite.StartAsync();
        await site.FeedAsync("Keyed", "https://k.example/f?token=sesame", feed => feed.Site = "https://k.example/?token=sesame");
        await site.FeedAsync("Private", "https://private.example/sesame", feed => (feed.Credential, feed.Site) = ("key", "https://private.example/sesame"));
        await site.FeedAsync(null!, "https://unnamed.example/sesame", feed => feed.Credential = "key");
        var html = await site.Client.GetStringAsync("/", PageSite.Token);

        Assert.DoesNotContain("sesame", html, StringComparison.Ordinal);
        Assert.DoesNotContain("private.example", html, StringComparison.Ordinal);
        Assert.Equal(
            ["(a feed with a login)", "Keyed https://k.example/f?…", "Private"],
            Rows(await site.PageAsync(), "feeds").Select(row => row.Split(" | ")[0]));
    }

    [Fact]
    public async Task A_platforms_secret_is_not_shown()
    {
        await using var site = await PageSite.StartAsync(new StillPlatform("Telegram", new PlatformState.Troubled("https://api.example/bot1:test-token/getMe")));
        site.Secrets.Add("1:test-token");

        Assert.DoesNotContain("test-token", await site.Client.GetStringAsync("/", PageSite.Token), StringComparison.Ordinal);
        Assert.DoesNotContain("test-token", await site.Client.GetStringAsync("/health/ready", PageSite.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feeds_come_two_hundred_a_page()
    {
        await using var site = await PageSite.StartAsync();
        await site.ManyFeedsAsync(450);

        var first = await site.PageAsync();
        Assert.Equal(OverviewReader.FeedsPerPage, Rows(first, "feeds").Count);
        Assert.Equal("450 feeds, those with trouble first; page 1 of 3", Text(first.QuerySelector(".feeds caption")));
        Assert.Equal(["250 more → ?page=2#feeds"], Links(first));

        var second = await site.PageAsync("/?page=2");
        Assert.Equal(["Previous page → ?page=1#feeds", "50 more → ?page=3#feeds"], Links(second));

        var third = await site.PageAsync("/?page=3");
        Assert.Equal(50, Rows(third, "feeds").Count);
        Assert.Equal(["Previous page → ?page=2#feeds"], Links(third));

        Assert.Equal(450, new[] { first, second, third }.SelectMany(page => Rows(page, "feeds")).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("/?page=0", "page 1 of 3")]
    [InlineData("/?page=-1", "page 1 of 3")]
    [InlineData("/?page=99", "page 3 of 3")]
    [InlineData("/?page=2147483647", "page 3 of 3")]
    [InlineData("/?page=99999999999999", "page 1 of 3")]
    [InlineData("/?page=%3Cscript%3E", "page 1 of 3")]
    [InlineData("/?page=2&page=3", "page 1 of 3")]
    public async Task A_page_that_there_is_not_is_the_nearest_that_there_is(string path, string shown)
    {
        await using var site = await PageSite.StartAsync();
        await site.ManyFeedsAsync(450);

        Assert.EndsWith(shown, Text((await site.PageAsync(path)).QuerySelector(".feeds caption")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_late_is_said_and_who_waits_for_a_reason_is_not_late()
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f", feed => feed.NextPoll = site.Now - TimeSpan.FromMinutes(12));
        await site.FeedAsync("Paused", "https://p.example/f", feed => (feed.PausedSince, feed.NextPoll) = (site.Now, site.Now - TimeSpan.FromHours(9)));
        await site.DeliveryAsync(feed, "On another platform", d => d.DueAt = site.Now - TimeSpan.FromHours(8), chat: "telegram:1");
        await site.DeliveryAsync(feed, "In a chat that waits", d => d.DueAt = site.Now - TimeSpan.FromHours(7), chat: "terminal:flooded");
        await site.DeliveryAsync(feed, "In a chat that has waited", d => d.DueAt = site.Now - TimeSpan.FromHours(6), chat: "terminal:patient");
        await site.DeliveryAsync(feed, "Not due", d => d.DueAt = null);
        await site.DeliveryAsync(feed, "Behind it", d => d.DueAt = site.Now - TimeSpan.FromHours(5));
        await site.ExecuteAsync($"UPDATE Chats SET NotBefore={site.Now.AddHours(1).UtcTicks} WHERE Address='flooded'");
        await site.ExecuteAsync($"UPDATE Chats SET NotBefore={site.Now.AddMinutes(-3).UtcTicks} WHERE Address='patient'");

        var pace = (await site.PageAsync()).QuerySelectorAll(".figure").TakeLast(2).Select(f => $"{Text(f.QuerySelector("dt"))}: {Text(f.QuerySelector("dd"))}");
        Assert.Equal(["polls: 12 minutes late", "deliveries: 3 minutes late"], pace);
    }

    /// <summary>The cells of a table's rows, as people read them.</summary>
    private static List<string> Rows(IHtmlDocument page, string section) =>
        [.. page.QuerySelectorAll($"section[aria-labelledby={section}] tbody tr").Select(row => string.Join(" | ", row.Children.Select(Text)))];

    private static IEnumerable<string> Links(IHtmlDocument page) => page.QuerySelectorAll("nav a").Select(link => $"{Text(link)} → {link.GetAttribute("href")}");

    private static (string?, string?) Exact(IElement? time) => (time?.GetAttribute("datetime"), time?.GetAttribute("title"));

    /// <summary>What stands on lines of its own is apart.</summary>
    private static string Text(IElement? element)
    {
        var read = (IElement)element!.Clone();
        foreach (var line in read.QuerySelectorAll("small, p, ol, li"))
            line.Before(read.Owner!.CreateTextNode(" "));
        return string.Join(' ', read.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
