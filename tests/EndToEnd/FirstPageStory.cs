using System.Net;
using System.Text.RegularExpressions;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>Somebody starts the program, opens the address that it shows, and lets a watchdog ask for its health.</summary>
public sealed class FirstPageStory : IDisposable
{
    /// <summary>Escaped once more than XML wants: markup that is meant to be read.</summary>
    private const string Title = "Harbour &lt;b&gt;news&lt;/b&gt;";

    private readonly TempFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_page_shows_what_was_subscribed_to_and_what_came_of_it()
    {
        await using var feeds = await FeedServer.StartAsync(Stop);
        var good = feeds.Put("/good.xml", SampleFeed.Rss(Title, "The ferry is late"));
        var bad = feeds.Put("/bad.xml", SampleFeed.Rss("Weather", "Rain"));
        await using var notifier = NotifierProcess.Serve(_data.Path, "--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01");
        await notifier.ReadyAsync(Stop);
        using var client = Client(notifier);
        await notifier.AskAsync($"/subscribe {good} none", Stop);
        await notifier.AskAsync($"/subscribe {bad} none", Stop);
        feeds.Put("/good.xml", SampleFeed.Rss(Title, "&lt;script&gt;alert(1)&lt;/script&gt; is here", "The ferry is late"));
        feeds.Refuse("/bad.xml", 404);
        await notifier.WaitForAsync("<script>alert(1)</script> is here", Stop);
        await notifier.WaitForLogAsync("bad.xml", Stop);
        await notifier.WaitForLogAsync("Sent", Stop);
        var page = await client.GetStringAsync("/", Stop);

        Assert.Contains("Harbour &lt;b&gt;news&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; is here", page, StringComparison.Ordinal);
        Assert.Contains("answered 404 Not Found: nothing is at that address.", page, StringComparison.Ordinal);
        Assert.Contains("DISCORD_TOKEN", page, StringComparison.Ordinal);
        Assert.Contains("TELEGRAM_TOKEN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Equal("ok", await client.GetStringAsync("/health/live", Stop));
        Assert.Contains("\"status\":\"ready\"", await client.GetStringAsync("/health/ready", Stop), StringComparison.Ordinal);
        Assert.Contains("<rss", await client.GetStringAsync("/demo/feed.xml", Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/telegram/webhook", null, Stop)).StatusCode);
    }

    /// <summary>A container that was given no token.</summary>
    [Fact]
    public async Task Without_a_terminal_and_a_token_it_lives_and_says_that_it_does_nothing_yet()
    {
        await using var notifier = NotifierProcess.Start(_data.Path, ["--Notifier:Web:Url=http://127.0.0.1:0"]);
        notifier.EndInput();
        await notifier.WaitForAsync("No platform is set up", Stop);
        using var client = Client(notifier);

        Assert.Equal("ok", await client.GetStringAsync("/health/live", Stop));
        using var ready = await client.GetAsync("/health/ready", Stop);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.StartsWith("{\"status\":\"degraded\",\"reasons\":[\"No platform is connected.\"]", await ready.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Contains("/setup telegram", await client.GetStringAsync("/", Stop), StringComparison.Ordinal);
    }

    private static HttpClient Client(NotifierProcess notifier) => new() { BaseAddress = new Uri(Regex.Match(notifier.Output.Text, @"http://127\.0\.0\.1:[1-9]\d*").Value) };
}
