using System.Diagnostics;
using Notifier.Tests.Support;

namespace Notifier.Tests.Web;

/// <summary>A hundred thousand feeds, and an outbox to match.</summary>
[Collection(nameof(Alone))]
public sealed class ManyFeedsTests
{
    [Fact]
    public async Task The_page_and_the_health_are_there_at_once_with_a_hundred_thousand_feeds()
    {
        await using var site = await PageSite.StartAsync();
        await site.ManyFeedsAsync(100_000);
        await site.ExecuteAsync($"INSERT INTO Entries (FeedId, IdPrint, Title, Categories, FirstSeen) SELECT Id, Id, 'Entry of '||Title, '[]', {site.Now.UtcTicks} FROM Feeds");
        await site.ExecuteAsync(
            $"""
            INSERT INTO Deliveries (ChatId, FeedId, SubscriptionId, EntryId, Key, State, DueAt, Attempts, Fallback, CreatedAt, EndedAt)
            SELECT 1, FeedId, FeedId, Id, 'e:'||Id, CASE WHEN Id%4=0 THEN 'Waiting' WHEN Id%1000=1 THEN 'Quarantined' ELSE 'Sent' END, {site.Now.UtcTicks}, 1, 0, {site.Now.UtcTicks},
              IIF(Id%4=0, NULL, {site.Now.UtcTicks}-Id) FROM Entries
            """);
        await site.Client.GetStringAsync("/?page=3", PageSite.Token);

        foreach (var path in new[] { "/", "/?page=500", "/health/ready" })
        {
            var watch = Stopwatch.StartNew();
            var said = await site.Client.GetStringAsync(path, PageSite.Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {watch.ElapsedMilliseconds} ms, {said.Length} characters");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }

        var page = await site.PageAsync("/?page=500");
        Assert.Equal(200, page.QuerySelectorAll(".feeds tbody tr").Length);
        Assert.Contains("failed of the last 50,000", page.Body!.TextContent, StringComparison.Ordinal);
    }
}
