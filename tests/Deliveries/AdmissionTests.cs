using System.Collections.Concurrent;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>What a platform's limits do to the order of turns: who has no place waits in memory, and nothing is written or composed for it.</summary>
public sealed class AdmissionTests : IAsyncDisposable
{
    private readonly Desk _desk = new();
    private readonly ConcurrentQueue<string> _asked = new();

    private FakePlatform Platform => _desk.Platform;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_chat_without_a_place_waits_and_the_others_do_not()
    {
        var free = _desk.Now + TimeSpan.FromSeconds(3);
        Platform.Open("a");
        Platform.Open("b");
        Platform.Admitting = chat => chat.Id == "a" && _desk.Now < free ? new Admission.Wait(free - _desk.Now, WholeToken: false) : Granted(chat);
        await _desk.OweAsync("a", "f", "one");
        await _desk.OweAsync("b", "f", "one", "two");

        var delivering = _desk.DeliverAsync();
        await UntilAsync("Waiting Sent Sent");
        Assert.Equal((0, null), ((await _desk.DeliveriesAsync())[0].Attempts, (await _desk.ReadChatAsync("a")).NotBefore));
        Assert.False(delivering.IsCompleted);
        _desk.Time.Advance(TimeSpan.FromSeconds(3));
        await delivering;

        Assert.Equal("Sent Sent Sent", await _desk.StatesAsync());
        Assert.Equal(["b", "b", "a"], _asked);
    }

    [Fact]
    public async Task When_the_whole_token_has_no_place_the_oldest_goes_first_when_there_is_one()
    {
        var places = 1;
        foreach (var chat in (string[])["c", "b", "a"])
        {
            Platform.Open(chat);
            await _desk.OweAsync(chat, "f", "one");
        }

        Platform.Admitting = chat => Interlocked.Decrement(ref places) >= 0 ? Granted(chat) : new Admission.Wait(TimeSpan.FromSeconds(1), WholeToken: true);
        var delivering = _desk.DeliverAsync();
        await UntilAsync("Sent Waiting Waiting");
        places = 1;
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync("Sent Sent Waiting");
        places = 1;
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await delivering;

        Assert.Equal(["c", "b", "a"], Platform.Ledger.Select(request => request.Chat));
    }

    /// <summary>More chats than one look finds, and one of them has no place for long.</summary>
    [Fact]
    public async Task A_chat_that_waits_for_its_place_hides_nobody()
    {
        Platform.Open("slow");
        await _desk.OweAsync("slow", "f", "one");
        await _desk.Storage.Writer.RunAsync(
            db =>
            {
                var feed = db.Feeds.Single();
                for (var i = 0; i < 2300; i++)
                    db.Chats.Add(new Chat { Platform = "fake", Address = $"c{i}", CreatedAt = _desk.Now });
                db.SaveChanges();
                foreach (var id in db.Chats.Where(chat => chat.Address != "slow").Select(chat => chat.Id).ToList())
                    db.Deliveries.Add(new Delivery { ChatId = id, FeedId = feed.Id, EntryId = 1, Key = "e:1", DueAt = _desk.Now, CreatedAt = _desk.Now });
            },
            Desk.Token);
        for (var i = 0; i < 2300; i++)
            Platform.Open($"c{i}");
        Platform.Admitting = chat => chat.Id == "slow" ? new Admission.Wait(TimeSpan.FromMinutes(5), WholeToken: false) : new Admission.Granted(SendPermit.Unlimited);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Desk.Token);
        var delivering = _desk.Deliverer.DeliverDueAsync(Platform, await _desk.LeaseAsync(), stop.Token);
        while (await _desk.ReadAsync(db => db.Deliveries.Count(d => d.EndedAt == null)) > 1)
            await Task.Yield();
        await stop.CancelAsync();
        await delivering;
    }

    [Fact]
    public async Task A_place_that_is_not_used_is_given_back()
    {
        var permits = new ConcurrentQueue<Permit>();
        Platform.Open("a");
        Platform.Admitting = _ => new Admission.Granted(Kept(permits));
        await _desk.OweAsync("a", "f", "one");
        Platform.BreaksOn = ("one", 3);
        await _desk.DeliverAsync();

        // What is sent is only the notice of it.
        Assert.Equal("Quarantined Sent", await _desk.StatesAsync());
        Assert.Contains("could not be shown", Assert.Single(Platform.Ledger).Text, StringComparison.Ordinal);
        Assert.Equal(4, permits.Count);
        Assert.All(permits, permit => Assert.True(permit.IsDisposed));
    }

    /// <summary>The message is composed and stored meanwhile, and sent when the place begins; the same for one that goes again.</summary>
    [Fact]
    public async Task A_place_that_begins_soon_is_waited_for_before_anything_is_sent()
    {
        Platform.LoseAnswer("a", arrives: false);
        Platform.Admitting = _ => new Admission.Granted(SendPermit.Unlimited, TimeSpan.FromMilliseconds(50));
        await _desk.OweAsync("a", "f", "one");
        foreach (var (requests, state) in ((int, string)[])[(1, "Unknown"), (2, "Sent")])
        {
            var start = _desk.Now;
            var delivering = _desk.DeliverAsync();
            await UntilAsync("Sending");
            while (!delivering.IsCompleted)
            {
                Assert.True(Platform.Ledger.Count < requests || _desk.Now - start >= TimeSpan.FromMilliseconds(50));
                _desk.Time.Advance(TimeSpan.FromMilliseconds(1));
                await _desk.StatesAsync();
            }

            await delivering;
            Assert.Equal((requests, state), (Platform.Ledger.Count, await _desk.StatesAsync()));
            _desk.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The place belongs to the address it was given for.</summary>
    [Fact]
    public async Task A_chat_that_moves_between_admission_and_turn_is_admitted_anew()
    {
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "one");
        var moved = false;
        Platform.Admitting = chat =>
        {
            if (!moved)
                _desk.ExecuteAsync("UPDATE Chats SET Address='b'").GetAwaiter().GetResult();
            moved = true;
            return Granted(chat);
        };
        await _desk.DeliverAsync();

        Assert.Equal(["a", "b"], _asked);
        Assert.Equal(["b"], Platform.Ledger.Select(request => request.Chat));
        Assert.Equal("Sent", await _desk.StatesAsync());
    }

    [Fact]
    public async Task H14_A_chat_that_never_answers_delays_nobody_and_the_end_waits_for_it_only_so_long()
    {
        var silent = Platform.Hold("silent");
        await _desk.OweAsync("silent", "f", "one");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Desk.Token);
        var delivering = _desk.Deliverer.DeliverDueAsync(Platform, await _desk.LeaseAsync(), stop.Token);
        await silent.Arrived;
        for (var i = 0; i < 300; i++)
        {
            Platform.Open($"c{i}");
            await _desk.OweAsync($"c{i}", "f", "one");
        }

        _desk.Outbox.Wake();
        await UntilAsync("Sending" + string.Concat(Enumerable.Repeat(" Sent", 300)));

        // I03: what is on its way then is in sending, and found out about at the next start.
        await stop.CancelAsync();
        while (!delivering.IsCompleted)
        {
            _desk.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await delivering;
        silent.Open();
    }

    private static Permit Kept(ConcurrentQueue<Permit> permits)
    {
        var permit = new Permit();
        permits.Enqueue(permit);
        return permit;
    }

    private Admission.Granted Granted(ChatAddress chat)
    {
        _asked.Enqueue(chat.Id);
        return new Admission.Granted(SendPermit.Unlimited);
    }

    private async Task UntilAsync(string states)
    {
        while (await _desk.StatesAsync() != states)
            await Task.Yield();
    }

    private sealed class Permit : SendPermit
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing) => IsDisposed = true;
    }
}
