using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>A machine without ICU: the runtime knows no languages there, and everything works all the same.</summary>
public sealed class WithoutIcuStory
{
    [Fact]
    public async Task L08_Zones_schedules_filters_and_messages_work_without_ICU()
    {
        var stop = TestContext.Current.CancellationToken;
        using var data = new TempFolder();
        await using var web = await FeedServer.StartAsync(stop);
        await using var notifier = NotifierProcess.Start(
            data.Path,
            ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0", "--Notifier:Polling:AllowPrivateNetworks=true"],
            new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" });
        await notifier.ReadyAsync(stop);
        var url = web.Put("/straße.xml", SampleFeed.Rss("Straßenbau", ["Ångström grüßt", "Other"]));

        Assert.Contains("Europe/Berlin now: ", await notifier.AskAsync("/timezone berlin", stop), StringComparison.Ordinal);
        Assert.Contains("Straßenbau", await notifier.AskAsync($"/subscribe {url} last", stop), StringComparison.Ordinal);
        await notifier.WaitForAsync("│ Ångström grüßt", stop);
        Assert.Contains("on Monday at 09:00", await notifier.AskAsync("/schedule 1 mon 9:00", stop), StringComparison.Ordinal);
        Assert.Contains("✓ Ångström grüßt", await notifier.AskAsync("/filter 1 ångström -straße", stop), StringComparison.Ordinal);
        Assert.Contains("Did you mean Europe/Berlin?", await notifier.AskAsync("/timezone Europe/Berlinn", stop), StringComparison.Ordinal);
        Assert.DoesNotContain("met a bug", notifier.Errors.Text, StringComparison.Ordinal);
    }
}
