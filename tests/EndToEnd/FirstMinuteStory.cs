using System.Diagnostics;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>What a newcomer meets: the first screen, the demo, a feed of their own, and the end.</summary>
public sealed class FirstMinuteStory : IDisposable
{
    private readonly TempFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_first_screen_says_where_the_data_and_the_page_are_and_what_to_try()
    {
        await using var notifier = NotifierProcess.Serve(_data.Path, "--demo-interval", "90s");
        await notifier.ReadyAsync(Stop);

        var screen = notifier.Output.Text;
        Assert.Matches(@"^Notifier \d+\.\d+\.\d+", screen);
        Assert.Contains($"data: {_data.Path}", screen, StringComparison.Ordinal);
        Assert.Matches(@"http://127\.0\.0\.1:[1-9]\d*", screen);
        Assert.Contains("/subscribe demo", screen, StringComparison.Ordinal);
        Assert.Contains("/subscribe https://…", screen, StringComparison.Ordinal);
        Assert.True(File.Exists(_data.File("notifier.db")));
    }

    [Fact]
    public async Task The_demo_posts_within_seconds()
    {
        await using var notifier = NotifierProcess.Serve(_data.Path, "--demo-interval", "1s");
        await notifier.ReadyAsync(Stop);

        var reply = await notifier.AskAsync("/subscribe demo", Stop);
        var posted = Stopwatch.StartNew();
        await notifier.WaitForAsync("Bold, italic, struck out", Stop);

        Assert.Contains("Subscribed to “Notifier demo feed”, polled every second. Latest entry, as it would look here:", reply, StringComparison.Ordinal);
        Assert.Contains("Hello from your first feed", reply, StringComparison.Ordinal);
        Assert.Contains("[2] Send this one too", reply, StringComparison.Ordinal);
        Assert.InRange(posted.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal("", notifier.Errors.Text.Split('\n').FirstOrDefault(line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("warn:", StringComparison.Ordinal)) ?? "");
    }

    [Fact]
    public async Task A_feed_is_subscribed_to_listed_unsubscribed_and_taken_back_by_number()
    {
        await using var feeds = await FeedServer.StartAsync(Stop);
        var url = feeds.Put("/feed.xml", SampleFeed.Rss("Harbour news", "The ferry is late"));
        await using var notifier = NotifierProcess.Serve(
            _data.Path, "--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01");
        await notifier.ReadyAsync(Stop);

        Assert.Contains("This chat has no feeds yet.", await notifier.AskAsync("/list", Stop), StringComparison.Ordinal);
        Assert.Contains("The ferry is late", await notifier.AskAsync($"/subscribe {url}", Stop), StringComparison.Ordinal);
        Assert.Contains("only new entries of “Harbour news” from now on", await notifier.AskAsync("1", Stop), StringComparison.Ordinal);
        Assert.Contains($"1. Harbour news ({url}) · polled every second", await notifier.AskAsync("/list", Stop), StringComparison.Ordinal);

        feeds.Put("/feed.xml", SampleFeed.Rss("Harbour news", "The ferry is here", "The ferry is late"));
        await notifier.WaitForAsync("│ The ferry is here", Stop);

        var ended = await notifier.AskAsync("/unsubscribe 1", Stop);
        Assert.Contains("Unsubscribed from “Harbour news”.", ended, StringComparison.Ordinal);
        Assert.Contains("[1] Undo", ended, StringComparison.Ordinal);
        Assert.Contains("This chat has no feeds yet.", await notifier.AskAsync("/list", Stop), StringComparison.Ordinal);
        Assert.Contains("There is no such choice", await notifier.AskAsync("1", Stop), StringComparison.Ordinal);

        await notifier.AskAsync("/subscribe " + url + " none", Stop);
        await notifier.AskAsync("/unsubscribe harbour", Stop);
        Assert.Contains("Taken back: the subscription goes on, and nothing was missed.", await notifier.AskAsync("1", Stop), StringComparison.Ordinal);
        Assert.Contains("1. Harbour news", await notifier.AskAsync("/list", Stop), StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', notifier.Output.Text);
    }

    [Fact]
    public async Task What_came_between_unsubscribe_and_undo_is_delivered_after_all()
    {
        await using var feeds = await FeedServer.StartAsync(Stop);
        var url = feeds.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        await using var notifier = NotifierProcess.Serve(
            _data.Path, "--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01");
        await notifier.ReadyAsync(Stop);
        await notifier.AskAsync($"/subscribe {url} none", Stop);
        await notifier.AskAsync("/unsubscribe 1", Stop);

        feeds.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Two", "One"));
        await notifier.WaitForLogAsync("Polled", Stop);
        Assert.DoesNotContain("Two", notifier.Output.Text, StringComparison.Ordinal);
        await notifier.AskAsync("/undo", Stop);

        await notifier.WaitForAsync("│ Two", Stop);
    }

    [Fact]
    public async Task The_end_of_the_input_does_not_end_the_service_and_a_request_to_end_does()
    {
        await using var feeds = await FeedServer.StartAsync(Stop);
        var url = feeds.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        await using var notifier = NotifierProcess.Serve(
            _data.Path, "--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01");
        await notifier.ReadyAsync(Stop);
        await notifier.AskAsync($"/subscribe {url} none", Stop);

        notifier.EndInput();
        feeds.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Two", "One"));
        await notifier.WaitForAsync("│ Two", Stop);
        Assert.False(notifier.HasEnded);

        await notifier.AskToEndAsync(Stop);
        Assert.Equal(0, await notifier.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
    }

    [Fact]
    public async Task A_request_to_end_is_followed_while_a_feed_does_not_answer()
    {
        await using var feeds = await FeedServer.StartAsync(Stop);
        var url = feeds.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        await using var notifier = NotifierProcess.Serve(
            _data.Path, "--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01");
        await notifier.ReadyAsync(Stop);
        await notifier.AskAsync($"/subscribe {url} none", Stop);

        feeds.Hold("/feed.xml");
        await feeds.RequestAsync("/feed.xml", Stop);
        await notifier.AskToEndAsync(Stop);

        Assert.Equal(0, await notifier.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
    }
}
