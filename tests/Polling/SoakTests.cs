using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>Three days in a few seconds.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task L07_Three_days_of_polls_with_restarts_and_faults_lose_nothing_and_repeat_nothing()
    {
        await using var desk = new Desk();
        await using var site = await FeedSite.StartAsync();
        string[] chats = ["a", "b", "quiet", "digest"];
        foreach (var chat in chats)
            desk.Platform.Open(chat);
        site.Publish("/feed", "e0");
        var feed = await desk.SubscribeAsync(site.Url("/feed"), chats);
        await desk.ChangeChatAsync("quiet", chat => (chat.Zone, chat.QuietFrom, chat.QuietUntil) = ("Europe/Berlin", 22 * 60, 7 * 60));
        await desk.ExecuteAsync("UPDATE Subscriptions SET Cron='0 9,18 * * *' WHERE ChatId=(SELECT Id FROM Chats WHERE Address='digest')");
        await desk.PollAsync();

        var published = new List<string>();
        for (var quarter = 1; quarter <= 72 * 4; quarter++)
        {
            if (quarter % 3 == 0)
                published.Add($"e{quarter}");
            if (quarter % 7 == 0)
                site.Answer("/feed", 503);
            else
                site.Publish("/feed", [.. published.TakeLast(20).Reverse(), "e0"]);
            if (quarter % 40 == 0)
                desk.Restart();
            desk.Time.Advance(TimeSpan.FromMinutes(15));
            await desk.PollAsync();
            await desk.DeliverAsync();
            if (quarter % 100 == 0)
                await desk.ExecuteAsync("UPDATE Feeds SET NextPoll=0");
        }

        // The last ones of the digest and of the quiet hours.
        site.Publish("/feed", [.. published.TakeLast(20).Reverse(), "e0"]);
        desk.Time.Advance(TimeSpan.FromDays(1));
        await desk.PollAsync();
        await desk.DeliverAsync();
        desk.Time.Advance(TimeSpan.FromDays(1));
        await desk.DeliverAsync();
        foreach (var chat in chats)
            Assert.Equal(published, desk.Platform.Named(chat).SelectMany(named => named));
        Assert.InRange(desk.Platform.Named("digest").Count, 6, 12);
        Assert.Equal(0, (await desk.FeedAsync(feed)).FailuresInARow);
    }
}
