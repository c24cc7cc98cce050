using System.Text.RegularExpressions;
using Notifier.Tests.Support;

namespace Notifier.Tests.Machine;

/// <summary>The process gets no more memory. The kernel's way to say so is a kill like any other; the runtime's own is an exception somewhere, or an end of its own.</summary>
public sealed class MemoryStory : IDisposable
{
    private static readonly string[] Settings = ["--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01"];

    private readonly TempFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task I05_Out_of_memory_nothing_is_lost()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        var url = web.Put("/feed.xml", SampleFeed.Rss("Heavy news", "Old"));
        await using (var service = NotifierProcess.Start(_data.Path, ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0", .. Settings], new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x2000000" }))
        {
            await service.ReadyAsync(Stop);
            await service.AskAsync($"/subscribe {url} none", Stop);
            web.Put("/feed.xml", SampleFeed.Rss("Heavy news", "Fresh 3", "Fresh 2", "Fresh 1", "Old") + $"<!-- {new string('x', 7 << 20)} -->");
            await Task.WhenAny(service.ExitCodeAsync(TimeSpan.FromSeconds(30), Stop), service.WaitForLogAsync("Could not poll", Stop));
            await service.KillAsync(Stop);
            Assert.DoesNotContain("│ Fresh", service.Output.Text, StringComparison.Ordinal);
        }

        await using var again = NotifierProcess.Serve(_data.Path, Settings);
        await again.ReadyAsync(Stop);
        await again.WaitForAsync("│ Fresh 3", Stop);
        Assert.Equal(["1", "2", "3"], Regex.Matches(again.Output.Text, "│ Fresh ([0-9]) ").Select(fresh => fresh.Groups[1].Value));
    }
}
