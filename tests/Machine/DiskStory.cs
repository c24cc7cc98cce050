using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Machine;

/// <summary>The disk is full, or for reading only.</summary>
public sealed class DiskStory : IDisposable
{
    private static readonly string[] Settings = ["--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=*/1 * * * * *", "--Notifier:Polling:Floor=00:00:01"];

    private readonly TempFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task J03_A_full_disk_is_told_loses_nothing_and_is_forgotten_once_there_is_room()
    {
        await OwnDisk.RequireAsync(Stop);
        await using var web = await FeedServer.StartAsync(Stop);
        var url = web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        await using var service = NotifierProcess.Start(_data.Path, ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0", .. Settings], under: OwnDisk.Small(_data.Path, "6m"));
        await service.ReadyAsync(Stop);
        using var client = new HttpClient { BaseAddress = new Uri(Regex.Match(service.Output.Text, @"http://127\.0\.0\.1:\d+").Value) };
        await service.AskAsync($"/subscribe {url} none", Stop);
        Assert.True((await client.GetAsync("/health/ready", Stop)).IsSuccessStatusCode);

        var ballast = OwnDisk.SeenBy(service.Id, _data.File("ballast"));
        Fill(ballast);
        web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Two", "One"));
        await service.WaitForLogAsync($"The disk that holds {_data.File("notifier.db")} is full. Free some space and try again; nothing is lost.", Stop);
        using (var ready = await client.GetAsync("/health/ready", Stop))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Matches("\"reasons\":\\[.*broke off, and is begun again: The disk that holds [^\"]+ is full\\.", await ready.Content.ReadAsStringAsync(Stop));
        }

        Assert.Equal("ok", await client.GetStringAsync("/health/live", Stop));
        File.Delete(ballast);
        await service.WaitForAsync("│ Two", Stop);
        web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "Three", "Two", "One"));
        await service.WaitForAsync("│ Three", Stop);
        Assert.Equal("ok", await IntegrityAsync(service));
        await service.AskToEndAsync(Stop);
        Assert.Equal(0, await service.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal(["Two", "Three"], Regex.Matches(service.Output.Text, "│ (One|Two|Three) ").Select(told => told.Groups[1].Value));
    }

    /// <summary>Each flush takes half a second. Nothing spins meanwhile, and nothing is lost; what waits together is flushed together.</summary>
    [Fact]
    public async Task J16_A_disk_that_is_slow_to_flush_costs_time_alone()
    {
        DiskRecord.Require();
        await using var web = await FeedServer.StartAsync(Stop);
        string[] urls = [.. Enumerable.Range(0, 8).Select(n => web.Put($"/{n}.xml", SampleFeed.Rss($"Feed {n}", "Old")))];
        Storage.Open(_data.File("notifier.db")).Dispose();
        var log = _data.File("flushes");
        await using var service = NotifierProcess.Start(_data.Path, ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0", .. Settings], under: DiskRecord.SlowFlushes(log));
        await service.ReadyAsync(Stop);
        foreach (var url in urls)
            Assert.Contains("Subscribed to", await service.AskAsync($"/subscribe {url} none", Stop), StringComparison.Ordinal);

        var (began, worked, flushes) = (TimeProvider.System.GetTimestamp(), service.Worked, Flushes());
        for (var n = 0; n < urls.Length; n++)
            web.Put($"/{n}.xml", SampleFeed.Rss($"Feed {n}", $"Fresh {n}", "Old"));
        for (var n = 0; n < urls.Length; n++)
            await service.WaitForAsync($"│ Fresh {n}", Stop);
        Assert.True(service.Worked - worked < TimeProvider.System.GetElapsedTime(began) / 2, "It is busy while it waits for the disk.");
        var flushed = Flushes() - flushes;
        Assert.True(flushed > 0, "Nothing was slowed down.");
        await service.AskToEndAsync(Stop);
        Assert.Equal(0, await service.ExitCodeAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal(Enumerable.Range(0, urls.Length), Regex.Matches(service.Output.Text, "│ Fresh ([0-9]) ").Select(told => int.Parse(told.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.DoesNotContain("fail:", service.Errors.Text, StringComparison.Ordinal);

        int Flushes() => File.ReadAllLines(log).Count(line => line.Contains("sync(", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J05_I08_A_disk_for_reading_only_is_named_at_the_start(bool holdsDatabase)
    {
        await OwnDisk.RequireAsync(Stop);
        if (holdsDatabase)
            Storage.Open(_data.File("notifier.db")).Dispose();
        await using var service = NotifierProcess.Start(_data.Path, ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0"], under: OwnDisk.ReadOnly(_data.Path));

        Assert.Equal(78, await service.ExitCodeAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.Matches($@"^notifier: The data folder {_data.Path} is not writable by user \S+ \(Read-only file system[^\n]*\): give that user the folder \(chown\), or set NOTIFIER_DATA to a folder that is\.\n$", service.Errors.Text);

        await using var named = NotifierProcess.Start(null, ["poll", $"--ConnectionStrings:Notifier={_data.File("notifier.db")}"], under: OwnDisk.ReadOnly(_data.Path));
        Assert.Equal(78, await named.ExitCodeAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.StartsWith($"notifier: {_data.Path} is not writable by user ", named.Errors.Text, StringComparison.Ordinal);
    }

    /// <summary>Of the files as they are at one moment, since nobody else sees that disk in the end.</summary>
    private async Task<string?> IntegrityAsync(NotifierProcess service)
    {
        using var copy = new TempFolder();
        await service.FreezeAsync(Stop);
        foreach (var name in (string[])["notifier.db", "notifier.db-wal"])
            File.Copy(OwnDisk.SeenBy(service.Id, _data.File(name)), copy.File(name));
        await service.WakeAsync(Stop);
        await using var database = new SqliteConnection($"Data Source={copy.File("notifier.db")};Pooling=False");
        await database.OpenAsync(Stop);
        return database.Scalar<string>("PRAGMA integrity_check");
    }

    private static void Fill(string file)
    {
        using var ballast = File.Create(file, bufferSize: 0);
        try
        {
            while (true)
                ballast.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // It is full.
        }
    }
}
