using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Tests.Web;

/// <summary>The first page in a real browser: for whoever sees little or nothing, on a desk and on a phone, by day and by night.</summary>
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>
{
    private const int Phone = 360;
    private const int Desk = 1280;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int, ColorScheme> Views { get; } = new()
    {
        { Desk, ColorScheme.Light },
        { Desk, ColorScheme.Dark },
        { Phone, ColorScheme.Light },
        { Phone, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Nothing_keeps_anybody_out_and_nothing_leaves_the_machine(int width, ColorScheme scheme)
    {
        await using var site = await FilledAsync();
        await using var window = await browser.OpenAsync(site.Root, width, scheme);
        await window.Page.GotoAsync("/");
        await PictureAsync(window, $"page-{width}-{scheme}");

        Assert.Equal(1, await window.Page.EvaluateAsync<int>("document.styleSheets.length"));
        Assert.InRange(await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
        var found = await window.Page.RunAxe();
        Assert.NotEmpty(found.Passes);
        Assert.Empty(found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(Say));
        Assert.Empty(window.Strangers);
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task An_empty_page_is_as_good(int width, ColorScheme scheme)
    {
        await using var site = await PageSite.StartAsync(new StillPlatform("Telegram", new PlatformState.NotSetUp(), "Open https://t.me/BotFather in Telegram", "Send it /newbot", "Copy the token it gives you"));
        await using var window = await browser.OpenAsync(site.Root, width, scheme);
        await window.Page.GotoAsync("/");
        await PictureAsync(window, $"empty-{width}-{scheme}");

        Assert.InRange(await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
        Assert.Empty((await window.Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").Select(Say));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task The_pages_of_feeds_are_turned_with_links()
    {
        await using var site = await PageSite.StartAsync();
        await site.ManyFeedsAsync(450);
        await using var window = await browser.OpenAsync(site.Root, Desk, ColorScheme.Light);
        await window.Page.GotoAsync("/");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "250 more" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "50 more" }).ClickAsync();

        Assert.Equal(50, await window.Page.Locator(".feeds tbody tr").CountAsync());
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Previous page" }).ClickAsync();
        Assert.Equal(200, await window.Page.Locator(".feeds tbody tr").CountAsync());
    }

    /// <summary>The controls: what the tests above look for is found where it is.</summary>
    [Fact]
    public async Task What_is_wrong_with_a_page_is_found()
    {
        await using var site = await PageSite.StartAsync();
        await using var window = await browser.OpenAsync(site.Root, Phone, ColorScheme.Light);
        await window.Page.GotoAsync("/");
        await window.Page.EvaluateAsync(
            """
            () => {
              document.body.insertAdjacentHTML('beforeend', '<img src="http://192.0.2.1/x.png"><p style="width:900px">wide</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">');
              const table = document.createElement('div'); table.setAttribute('role', 'nonsense'); table.style.width = '900px'; table.textContent = 'wide'; document.body.append(table);
            }
            """);

        Assert.True(await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") > Phone);
        Assert.Contains((await window.Page.RunAxe()).Violations, violation => violation.Impact is "serious" or "critical");
        Assert.Contains(window.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.Empty(window.Strangers);
        await Assert.ThrowsAsync<PlaywrightException>(() => window.Page.GotoAsync("http://192.0.2.1/"));
        Assert.Equal(["http://192.0.2.1/"], window.Strangers);
    }

    private static string Say(AxeResultItem violation) => $"{violation.Id}: {violation.Help} {string.Join("; ", violation.Nodes.Select(node => node.Html))}";

    /// <summary>For people to look at, where <c>NOTIFIER_PICTURES</c> names a folder.</summary>
    private static async Task PictureAsync(Browser.Window window, string name)
    {
        if (Environment.GetEnvironmentVariable("NOTIFIER_PICTURES") is { Length: > 0 } folder)
            await window.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    /// <summary>A site that has some of everything, long words too.</summary>
    private static async Task<PageSite> FilledAsync()
    {
        var site = await PageSite.StartAsync(
            new StillPlatform("Discord", new PlatformState.Ready("Harbour Herald#4242")),
            new StillPlatform("Telegram", new PlatformState.NotSetUp(), "Open https://t.me/BotFather in Telegram", "Send it /newbot and answer its two questions", "Copy the token it gives you"),
            PageSite.Terminal);
        var news = await site.FeedAsync("Harbour news", "https://harbour.example/feed.xml", feed => feed.Site = "https://harbour.example/", subscribers: 12);
        await site.FeedAsync("Ein Verzeichnis aller Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrikanten", "https://long.example/" + string.Concat(Enumerable.Repeat("abcdefghijklmnop", 8)) + "?key=1");
        await site.FeedAsync("أخبار الميناء", "https://ar.example/rss", feed => feed.Site = "https://ar.example/");
        await site.FeedAsync("Release notes", "https://git.example/releases.atom", feed => (feed.State, feed.FirstFailure, feed.LastError, feed.LastPoll) = (FeedState.Broken, site.Now - TimeSpan.FromHours(30), "git.example answered 503 Service Unavailable: the trouble is on its side.", site.Now - TimeSpan.FromMinutes(48)));
        await site.FeedAsync("Old weblog", "https://old.example/rss", feed => (feed.State, feed.NextPoll, feed.LastError) = (FeedState.Gone, null, "gone"));
        await site.FeedAsync("Weather", "https://weather.example/rss", feed => (feed.PausedSince, feed.NextPoll, feed.LastPoll) = (site.Now, null, site.Now - TimeSpan.FromDays(3)));
        await site.FeedAsync("Members only", "https://members.example/rss", feed => feed.Credential = "key");
        await site.FeedAsync("Just added", "https://new.example/rss", feed => (feed.LastPoll, feed.LastSuccess, feed.NextPoll) = (null, null, site.Now));
        foreach (var (title, minutes) in new[] { ("The ferry is late", 3), ("<script>alert(1)</script>", 20), ("A headline that goes on and on, as headlines of a certain kind of weblog do, until nobody knows any more how it began or why", 65), (new string('w', 150), 200) })
            await site.DeliveryAsync(news, title, d => (d.State, d.EndedAt) = (DeliveryState.Sent, site.Now.AddMinutes(-minutes)), chat: "telegram:-1001234567890/45");
        await site.DeliveryAsync(news, "Refused everywhere", d => (d.State, d.Reason, d.EndedAt) = (DeliveryState.Quarantined, "Bad Request: message text is empty", site.Now.AddHours(-4)), chat: "discord:81384788765712384");
        await site.DeliveryAsync(news, "Perhaps twice", d => (d.State, d.Reason, d.DueAt) = (DeliveryState.Unknown, "The connection broke before an answer came.", site.Now.AddMinutes(1)));
        await site.DeliveryAsync(news, "On its way");
        await site.NoticeAsync("I cannot post in discord:81384788765712384 any more.", d => (d.State, d.EndedAt) = (DeliveryState.Sent, site.Now.AddDays(-1)));
        return site;
    }
}
