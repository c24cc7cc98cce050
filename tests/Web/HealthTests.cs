using System.Net;
using System.Text.Json;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Tests.Web;

/// <summary>What the health endpoints say of which trouble.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_answers_is_alive_whatever_is_wrong()
    {
        await using var site = await PageSite.StartAsync(new StillPlatform("Telegram", new PlatformState.Closed("Unauthorized")));
        await site.ExecuteAsync("ALTER TABLE Feeds RENAME TO Lost");

        Assert.Equal("ok", await site.Client.GetStringAsync("/health/live", Token));
    }

    [Fact]
    public async Task With_a_platform_connected_it_is_ready()
    {
        await using var site = await PageSite.StartAsync(new StillPlatform("Telegram", new PlatformState.NotSetUp()), new StillPlatform("Discord", new PlatformState.Ready("Notifier#1")));

        var (status, json) = await ReadyAsync(site);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"status":"ready","reasons":[],"database":"ready","platforms":{"discord":{"state":"ready"},"telegram":{"state":"not set up"}},"lag":{"oldestDuePollSeconds":0,"oldestDueDeliverySeconds":0}}""",
            json.RootElement.GetRawText());
    }

    [Fact]
    public async Task Without_any_token_it_is_degraded_and_a_container_is_let_live()
    {
        await using var site = await PageSite.StartAsync(new StillPlatform("Telegram", new PlatformState.NotSetUp()), new StillPlatform("Discord", new PlatformState.NotSetUp()));

        Assert.Equal((HttpStatusCode.OK, "degraded", "No platform is connected."), await SaidAsync(site));
    }

    [Fact]
    public async Task A_platform_that_cannot_be_reached_degrades_it()
    {
        await using var site = await PageSite.StartAsync(PageSite.Terminal, new StillPlatform("Telegram", new PlatformState.Troubled("no route")));

        Assert.Equal((HttpStatusCode.OK, "degraded", "Telegram cannot be reached for now."), await SaidAsync(site));
        using var json = (await ReadyAsync(site)).Json;
        Assert.Equal("""{"state":"troubled","reason":"no route"}""", json.RootElement.GetProperty("platforms").GetProperty("telegram").GetRawText());
    }

    [Fact]
    public async Task A_refused_token_is_a_failure_until_there_is_another()
    {
        var telegram = new StillPlatform("Telegram", new PlatformState.Closed("Unauthorized"));
        await using var site = await PageSite.StartAsync(PageSite.Terminal, telegram);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "failed", "Telegram refuses the token."), await SaidAsync(site));
        telegram.State = new PlatformState.Ready("notifier_bot");
        Assert.Equal((HttpStatusCode.OK, "ready", ""), await SaidAsync(site));
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_is_a_failure()
    {
        await using var site = await PageSite.StartAsync();
        await site.ExecuteAsync("ALTER TABLE Feeds RENAME TO Lost");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "failed", "The database cannot be read."), await SaidAsync(site));
        using var json = (await ReadyAsync(site)).Json;
        Assert.Equal("failed", json.RootElement.GetProperty("database").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("lag").ValueKind);
    }

    [Theory]
    [InlineData(3600, HttpStatusCode.OK, "ready", "")]
    [InlineData(3601, HttpStatusCode.ServiceUnavailable, "failed", "Polls are more than an hour late.")]
    public async Task Polls_that_are_an_hour_late_are_a_failure(int seconds, HttpStatusCode code, string status, string reason)
    {
        await using var site = await PageSite.StartAsync();
        await site.FeedAsync("News", "https://n.example/f", feed => feed.NextPoll = site.Now);
        site.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal((code, status, reason), await SaidAsync(site));
        using var json = (await ReadyAsync(site)).Json;
        Assert.Equal(seconds, json.RootElement.GetProperty("lag").GetProperty("oldestDuePollSeconds").GetInt64());
    }

    [Theory]
    [InlineData(3600, HttpStatusCode.OK, "ready", "")]
    [InlineData(3601, HttpStatusCode.ServiceUnavailable, "failed", "Deliveries are more than an hour late.")]
    public async Task Deliveries_that_are_an_hour_late_are_a_failure(int seconds, HttpStatusCode code, string status, string reason)
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f", feed => feed.NextPoll = null);
        await site.DeliveryAsync(feed, "Late");
        site.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal((code, status, reason), await SaidAsync(site));
    }

    [Fact]
    public async Task What_became_due_while_no_process_ran_is_not_late_yet()
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f", feed => feed.NextPoll = site.Now - TimeSpan.FromDays(3));
        await site.DeliveryAsync(feed, "Old", d => d.DueAt = site.Now - TimeSpan.FromDays(3));

        Assert.Equal((HttpStatusCode.OK, "ready", ""), await SaidAsync(site));
    }

    /// <summary>One chat's trouble is its own, and no reason to restart a process.</summary>
    [Fact]
    public async Task A_chat_that_waits_is_no_failure()
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f", feed => feed.NextPoll = null);
        await site.DeliveryAsync(feed, "Waits with its chat");
        await site.ExecuteAsync($"UPDATE Chats SET NotBefore={site.Now.AddDays(1).UtcTicks}, NoAccessSince={site.Now.UtcTicks}");
        site.Time.Advance(TimeSpan.FromHours(12));

        Assert.Equal((HttpStatusCode.OK, "ready", ""), await SaidAsync(site));
    }

    /// <summary>What is sent or held ahead of it is not what a delivery waits for too long.</summary>
    [Fact]
    public async Task A_delivery_behind_one_that_waits_for_its_time_is_no_failure()
    {
        await using var site = await PageSite.StartAsync();
        var feed = await site.FeedAsync("News", "https://n.example/f", feed => feed.NextPoll = null);
        await site.DeliveryAsync(feed, "Doubtful", d => (d.State, d.DueAt) = (DeliveryState.Unknown, site.Now.AddDays(1)));
        await site.DeliveryAsync(feed, "Behind it");
        site.Time.Advance(TimeSpan.FromHours(12));

        Assert.Equal((HttpStatusCode.OK, "ready", ""), await SaidAsync(site));
    }

    private static async Task<(HttpStatusCode Code, string Status, string Reasons)> SaidAsync(PageSite site)
    {
        var (code, json) = await ReadyAsync(site);
        using (json)
            return (code, json.RootElement.GetProperty("status").GetString()!, string.Join(' ', json.RootElement.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString())));
    }

    private static async Task<(HttpStatusCode Code, JsonDocument Json)> ReadyAsync(PageSite site)
    {
        using var answer = await site.Client.GetAsync("/health/ready", Token);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)));
    }
}
