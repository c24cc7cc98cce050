using Microsoft.Data.Sqlite;
using Notifier.Model;
using Notifier.Tests.EndToEnd.OnDiscord;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.Machine;

/// <summary>
/// The program is killed at each point of a message's way, which are met from outside: Discord holds the request or the answer, and a lock on the
/// database holds what is to be recorded.
/// </summary>
public sealed class KilledStory
{
    private const string Send = "POST /channels/{channel_id}/messages";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task I02_Killed_at_any_point_nothing_is_lost_and_nothing_comes_twice_on_Discord()
    {
        await using var world = await PlatformWorld.StartAsync(DiscordWorld.Fast);
        await world.Discord.WaitUntilServingAsync(ct: Stop);
        var never = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        var towns = new Dictionary<string, Town>();
        foreach (var point in (string[])["owed", "stored", "taken", "recorded", "polled", "answered"])
        {
            var town = towns[point] = Town.Found(world, point);
            await town.SubscribeAsync(town.Publish(point, "One"));
        }

        // The one before it is on its way, so it is owed and not composed; its message is stored; the platform has taken it; all is recorded.
        Hold(towns["owed"], new DiscordFault.Hang(never.Task));
        Hold(towns["stored"], new DiscordFault.Hang(never.Task, Stores: false));
        Hold(towns["taken"], new DiscordFault.Hang(never.Task));
        foreach (var point in (string[])["owed", "stored", "taken", "recorded"])
            towns[point].Publish(point, "Two", "One");
        foreach (var point in (string[])["owed", "stored", "taken", "recorded"])
        {
            var town = towns[point];
            await world.Discord.WaitAsync(() => Sends(town).Any(), point, ct: Stop);
            await town.PolledAsync(point);
        }

        towns["owed"].Publish("owed", "Three", "Two", "One");
        await towns["owed"].PolledAsync("owed");
        Assert.Equal(1, await towns["owed"].OwedAsync(towns["owed"].Channel));
        Assert.Equal(3, await world.QueryAsync<long>("SELECT COUNT(*) FROM Deliveries WHERE State='Sending'"));
        Assert.Empty(towns["stored"].Channel.Messages);
        Assert.Equal(1, await world.QueryAsync<long>("SELECT COUNT(*) FROM Deliveries WHERE State='Sent' AND EntryId IS NOT NULL"));
        await world.KillAndRestartAsync();

        // What was found waits to be recorded; so does what Discord answered.
        Hold(towns["answered"], new DiscordFault.Hang(answer.Task));
        towns["answered"].Publish("answered", "Two", "One");
        await towns["answered"].Channel.WaitForMessagesAsync(1, ct: Stop);
        world.Web.Hold(towns["polled"].Path("polled"));
        await world.Web.RequestAsync(towns["polled"].Path("polled"), Stop);
        towns["polled"].Publish("polled", "Two", "One");
        await using (var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(world.Data, "notifier.db"), Pooling = false }.ToString()))
        {
            await other.OpenAsync(Stop);
            other.Execute("BEGIN IMMEDIATE");
            answer.SetResult();
            world.Web.Release(towns["polled"].Path("polled"));
            await world.Discord.WaitAsync(() => Sends(towns["answered"]).Any(request => request.Status is not null), "the answer", ct: Stop);
            await world.Notifier.KillAsync(Stop);
        }

        Assert.Equal(1, await world.QueryAsync<long>("SELECT COUNT(*) FROM Deliveries WHERE State='Sending'"));
        Assert.Equal(0, await towns["polled"].OwedAsync(towns["polled"].Channel));
        await world.KillAndRestartAsync();

        foreach (var (point, town) in towns)
        {
            string[] entries = point == "owed" ? ["Four", "Three", "Two", "One"] : ["Four", "Two", "One"];
            town.Publish(point, entries);
            Assert.Equal(entries.Reverse().Skip(1), Town.Titles(await town.Channel.WaitForMessagesAsync(entries.Length - 1, ct: Stop)));
        }

        Assert.All(towns.Values, town => Assert.Distinct(Town.Titles(town.Channel.Messages)));
        never.SetResult();

        void Hold(Town town, DiscordFault fault) => world.Discord.Next(Send, fault, where: request => request.Values["channel_id"] == town.Channel.Id);

        IEnumerable<DiscordRequest> Sends(Town town) => world.Discord.Requests.Where(request => request.Operation == Send && request.Values["channel_id"] == town.Channel.Id);
    }

    /// <summary>A copy that is cut off never has the name it was to get, and is in nobody's way.</summary>
    [Fact]
    public async Task I02_Killed_in_the_middle_of_a_backup_there_is_none_and_the_next_is_whole()
    {
        using var folder = new TempFolder();
        using var service = Storage.Open(folder.File("data/notifier.db"));
        await service.Writer.RunAsync(
            db =>
            {
                for (var n = 0; n < 4000; n++)
                    db.Chats.Add(new Chat { Platform = "fake", Address = $"{n}", Title = new string('x', 8000) });
            },
            Stop);
        Directory.CreateDirectory(folder.File("copies"));
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder.File("copies"));
        watcher.Created += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await using (var backup = NotifierProcess.Start(folder.File("data"), ["backup", folder.File("copies/copy.db")]))
        {
            await Task.WhenAny(begun.Task, backup.ExitCodeAsync(TimeSpan.FromSeconds(30), Stop));
            await backup.KillAsync(Stop);
        }

        // SQLite's own journal may lie beside it.
        Assert.All(Directory.GetFiles(folder.File("copies")), left => Assert.Matches(@"^copy\.db\.unfinished-\d+(-journal)?$", Path.GetFileName(left)));
        Assert.NotEmpty(Directory.GetFiles(folder.File("copies")));
        var ended = await NotifierProcess.RunAsync(folder.File("data"), ["backup", folder.File("copies/copy.db")], Stop);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        using var copy = Storage.OpenReadOnly(folder.File("copies/copy.db"));
        await using var read = copy.Read();
        Assert.Equal(4000, read.Chats.Count());
        Assert.Equal(4000, await service.Writer.RunAsync(db => db.Chats.Count(), Stop));
    }
}
