using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Notifier.Bot.Workers;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Tests.Support;

namespace Notifier.Tests.Workers;

/// <summary>A loop that breaks off is begun again, and health says so meanwhile: the worst case is a dead loop in a process that lives on.</summary>
public sealed class WorkerTests : IAsyncDisposable
{
    private readonly Desk _desk = new();
    private readonly LogLines _log = new();
    private readonly TempFolder _folder = new();
    private readonly WorkerHealth _health;
    private readonly Lifetime _lifetime = new();

    public WorkerTests() => _health = new WorkerHealth(_desk.Time);

    public static TheoryData<string> Faults => ["bug", "cancelled", "database"];

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        _lifetime.Dispose();
        _folder.Dispose();
        return _desk.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task I06_A_platform_that_breaks_listens_again_and_holds_up_no_other(string fault)
    {
        var (bad, good) = (new BrokenPlatform("bad", () => Fault(fault)), new BrokenPlatform("good", null));
        await RunAsync(new PlatformWorker([bad, good], _lifetime, _health, _desk.Time, Log<PlatformWorker>()), async () =>
        {
            await good.Runs.Arrived;
            await UntilAsync(() => bad.Listened >= 3, TimeSpan.FromSeconds(5));
            Assert.StartsWith("Listening on bad broke off, and is begun again: ", Assert.Single(_health.Broken), StringComparison.Ordinal);
            Assert.Equal(1, good.Listened);
        });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task I06_A_token_that_cannot_be_waited_for_is_asked_for_again(string fault)
    {
        var bad = new BrokenPlatform("bad", null) { Usable = () => Fault(fault) };
        await RunAsync(new PlatformWorker([bad], _lifetime, _health, _desk.Time, Log<PlatformWorker>()), () => UntilAsync(() => bad.AskedForToken >= 3, TimeSpan.FromSeconds(5)));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task I06_A_delivering_loop_that_breaks_is_begun_again(string fault)
    {
        var bad = new BrokenPlatform("bad", null) { Usable = () => Fault(fault) };
        await RunAsync(new DeliveryWorker([bad, _desk.Platform], _desk.Deliverer, _desk.Storage, _health, _desk.Time, Log<DeliveryWorker>()), async () =>
        {
            await UntilAsync(() => bad.AskedForToken >= 3, TimeSpan.FromSeconds(10));
            Assert.StartsWith("Delivering on bad broke off, and is begun again: ", Assert.Single(_health.Broken), StringComparison.Ordinal);

            // The other platform's loop never noticed.
            _desk.Platform.Open("a");
            await _desk.OweAsync("a", "f", "one");
            _desk.Outbox.Wake();
            await UntilAsync(() => _desk.Platform.Shown("a").Count == 1, TimeSpan.FromSeconds(1));
        });
    }

    [Fact]
    public async Task I06_A_database_that_cannot_be_read_stops_polling_only_as_long_as_it_lasts()
    {
        await using var site = new RawServer(exchange => exchange.SendAsync("", System.Text.Encoding.UTF8.GetBytes(FeedSite.Rss(("1", "one", "text")))));
        var feed = await _desk.SubscribeAsync(site.Url("h.test", "/"), "a");
        await _desk.ExecuteAsync("ALTER TABLE Feeds RENAME TO Lost");
        await RunAsync(new PollWorker(_desk.Poller, _lifetime, _health, _desk.Time, Log<PollWorker>()), async () =>
        {
            await UntilAsync(() => _log.Errors.Count() >= 2, TimeSpan.FromSeconds(10));
            Assert.Equal(["Polling broke off, and is begun again: the log says more."], _health.Broken);
            await _desk.ExecuteAsync("ALTER TABLE Lost RENAME TO Feeds");
            await UntilAsync(() => _desk.ReadAsync(db => db.Feeds.Any(f => f.Id == feed && f.LastPoll != null)).Result, TimeSpan.FromSeconds(10));

            // And health forgets it.
            _desk.Time.Advance(WorkerHealth.Memory);
            Assert.Empty(_health.Broken);
        });
    }

    [Fact]
    public async Task I06_A_clock_that_cannot_be_followed_now_is_followed_later()
    {
        var id = await _desk.SubscribeAsync(new Uri("http://h.test/"), "a");
        var planned = _desk.Now.AddMinutes(15);
        await _desk.ExecuteAsync($"UPDATE Feeds SET LastPoll={_desk.Now.UtcTicks}, NextPoll={planned.UtcTicks}");
        await _desk.ExecuteAsync("ALTER TABLE Feeds RENAME TO Lost");
        _desk.Time.SetBy(TimeSpan.FromHours(-1));
        await RunAsync(new ClockWorker(new ClockChange(_desk.Storage, _desk.Poller, _desk.Outbox, _desk.Time), _health, _desk.Time, Log<ClockWorker>()), async () =>
        {
            await UntilAsync(() => _log.Errors.Count() >= 2, TimeSpan.FromSeconds(1));
            await _desk.ExecuteAsync("ALTER TABLE Lost RENAME TO Feeds");

            // The clock goes on between its two looks.
            await UntilAsync(() => _desk.FeedAsync(id).Result.NextPoll < planned.AddMinutes(-55), TimeSpan.FromSeconds(1));
        });
    }

    /// <summary>A cancellation that nobody asked for is a bug like any other: the feed failed once, and its place in the queue is free again.</summary>
    [Fact]
    public async Task I06_A_poll_that_is_cancelled_from_within_fails_and_keeps_no_place()
    {
        await using var site = new RawServer(exchange => exchange.SendAsync("", "BUG: cancelled"u8.ToArray()));
        var feed = await _desk.SubscribeAsync(site.Url("cancelled.test"), "a");
        for (var i = 1; i <= 3; i++)
        {
            await _desk.ExecuteAsync("UPDATE Feeds SET NextPoll=0");
            Assert.Equal(1, (await _desk.PollAsync()).Failed);
            Assert.Equal(i, (await _desk.FeedAsync(feed)).FailuresInARow);
        }
    }

    /// <summary>Ten seconds of patience are one here: the driver waits by the clock on the wall.</summary>
    [Fact]
    public async Task J07_A_lock_held_too_long_stops_no_loop_and_loses_nothing()
    {
        await using var desk = new Desk(patience: 1);
        var health = new WorkerHealth(desk.Time);
        desk.Platform.Open("a");
        await using var site = new RawServer(exchange => exchange.SendAsync("", System.Text.Encoding.UTF8.GetBytes(FeedSite.Rss(("1", "one", "text")))));
        var feed = await desk.SubscribeAsync(site.Url("h.test", "/"), "a");
        await desk.OweAsync("a", "other", "owed");
        await using var browser = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={desk.Storage.Path};Pooling=False");
        await browser.OpenAsync(Desk.Token);
        browser.Execute("BEGIN IMMEDIATE");
        using var polling = new PollWorker(desk.Poller, _lifetime, health, desk.Time, Log<PollWorker>());
        await RunAsync(new DeliveryWorker([desk.Platform], desk.Deliverer, desk.Storage, health, desk.Time, Log<DeliveryWorker>()), async () =>
        {
            await polling.StartAsync(Desk.Token);
            await UntilAsync(() => health.Broken.Count == 2, TimeSpan.Zero);
            Assert.All(health.Broken, broken => Assert.EndsWith($"The database {desk.Storage.Path} is locked by another program.", broken, StringComparison.Ordinal));
            Assert.Empty(desk.Platform.Ledger);
            browser.Execute("ROLLBACK");
            await UntilAsync(() => desk.Platform.Shown("a").Count == 1 && desk.FeedAsync(feed).Result.LastPoll is not null, TimeSpan.FromSeconds(10), desk);
            await polling.StopAsync(Desk.Token);
        });
        Assert.Equal("Sent", await desk.StatesAsync());
    }

    [Fact]
    public async Task J10_A_large_database_that_is_damaged_ends_the_process_and_a_whole_one_nothing()
    {
        var file = _folder.File("notifier.db");
        Storage.Open(file).Dispose();
        await LookAsync();
        await using (var bytes = File.OpenWrite(file))
        {
            // The last page: no start needs it.
            bytes.Position = bytes.Length - 4096;
            await bytes.WriteAsync(Enumerable.Repeat((byte)0x5A, 4096).ToArray(), Desk.Token);
        }

        Assert.True((await Assert.ThrowsAsync<StorageException>(LookAsync)).IsDamage);

        async Task LookAsync()
        {
            using var storage = Storage.Open(file, 10, migrations: null, small: 0);
            using var worker = new WholenessWorker(storage, _lifetime, Log<WholenessWorker>());
            await worker.StartAsync(Desk.Token);
            await worker.ExecuteTask!;
        }
    }

    private static Exception Fault(string kind) => kind switch
    {
        "bug" => new InvalidOperationException("A bug."),
        "cancelled" => new TaskCanceledException("Given up by whoever asked, not by us."),
        _ => StorageException.Full("/data/notifier.db", new IOException()),
    };

    private Logger<T> Log<T>() => new Logger<T>(new LoggerFactory([_log]));

    private static async Task RunAsync(BackgroundService worker, Func<Task> meanwhile)
    {
        using (worker)
        {
            await worker.StartAsync(Desk.Token);
            await meanwhile();
            Assert.False(worker.ExecuteTask!.IsCompleted, worker.ExecuteTask.Exception?.ToString());
            await worker.StopAsync(Desk.Token);
            Assert.False(worker.ExecuteTask.IsFaulted);
        }
    }

    /// <summary>Lets the clock go on by steps, until it is so.</summary>
    private async Task UntilAsync(Func<bool> condition, TimeSpan step, Desk? desk = null)
    {
        desk ??= _desk;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, "It does not come to it.");
            desk.Time.Advance(step);
            await desk.ReadAsync(db => db.Chats.Count());
            await Task.Yield();
        }
    }

    /// <summary>A process that has started.</summary>
    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public Lifetime() => _started.Cancel();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new InvalidOperationException("Not part of these tests.");

        public void Dispose() => _started.Dispose();
    }

    /// <summary>A platform whose token, or whose listening, breaks.</summary>
    private sealed class BrokenPlatform(string name, Func<Exception>? fault) : IChatPlatform
    {
        private int _listened;
        private int _asked;

        public Gate Runs { get; } = new();

        public int Listened => Volatile.Read(ref _listened);

        public int AskedForToken => Volatile.Read(ref _asked);

        public Func<Exception>? Usable { get; init; }

        public string Name => name;

        public string Title => name;

        public TimeSpan SendTimeout => TimeSpan.FromSeconds(1);

        public PlatformState State => new PlatformState.Ready("");

        public IReadOnlyList<string> SetupSteps => [];

        public Task UsableAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref _asked);
            return Usable is null ? Task.CompletedTask : Task.FromException(Usable());
        }

        public async Task RunAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref _listened);
            if (fault is not null)
                throw fault();
            await Runs.PassAsync().WaitAsync(ct);
        }

        public byte[]? Render(Message message, int fallback) => throw new NotSupportedException();

        public Admission Admit(ChatAddress chat) => throw new NotSupportedException();

        public Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct) => throw new NotSupportedException();

        public Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct) => throw new NotSupportedException();

        public Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) => throw new NotSupportedException();

        public Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct) => throw new NotSupportedException();

        public Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct) => throw new NotSupportedException();

        public ChatAddress? PrivateChat(string person) => throw new NotSupportedException();

        public Task<SetupResult> SetUpAsync(string token, CancellationToken ct) => throw new NotSupportedException();
    }
}
