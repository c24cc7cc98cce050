using Microsoft.AspNetCore.Http;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>Many feeds at once: nobody waits for another's server, nobody is forgotten, nobody polls twice.</summary>
public sealed class PollRoundTests : IAsyncLifetime
{
    private readonly Desk _desk = new();
    private FeedSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await FeedSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact(Timeout = 240_000)]
    public async Task Five_hundred_due_feeds_are_each_polled_once_and_each_host_kept_to_its_share()
    {
        for (var i = 0; i < 500; i++)
        {
            _site.Publish($"/{i}", "one");
            await _desk.SubscribeAsync(_site.Url($"/{i}", $"h{i % 7}.test"), "a");
        }

        var counts = await _desk.PollAsync();

        Assert.Equal((500, 500, 0), (counts.Polls, counts.Changed, counts.Failed));
        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal(1, _site.RequestsFor($"/{i}")));
        Assert.All(_site.Busy.Values, busy => Assert.InRange(busy.Most, 1, 2));
        Assert.Equal(500, await _desk.ReadAsync(db => db.FeedMemories.Count()));

        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        counts = await _desk.PollAsync();
        Assert.Equal((500, 500), (counts.Polls, counts.Unchanged));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_slow_server_holds_up_neither_the_record_nor_the_next_poll_of_others()
    {
        (_desk.Options.Schedule, _desk.Options.Floor) = ("*/10 * * * * *", TimeSpan.FromSeconds(10));
        await SubscribeAsync("/slow", "a.test");
        await SubscribeAsync("/quick", "b.test");
        await _desk.PollAsync();
        var slow = Hold("/slow");
        var again = new Gate();
        _site.Publish("/quick", "two", "one");
        _desk.Time.Advance(TimeSpan.FromSeconds(10));
        var owed = OwedAsync();

        var polling = _desk.PollAsync();
        await slow.Arrived;
        await owed;
        Assert.Equal(["two"], await _desk.OwedAsync("a"));

        // It is due again while the slow one is still on its way.
        _site.Answer("/quick", async http =>
        {
            again.Open();
            await again.PassAsync();
            await FeedSite.SendAsync(http, FeedSite.Rss(("two", "two", "The text of two."), ("one", "one", "The text of one.")));
        });
        _desk.Time.Advance(TimeSpan.FromSeconds(10));
        await again.Arrived;
        Assert.False(polling.IsCompleted);
        slow.Open();
        await polling;
    }

    /// <summary>A server that swallows requests and has more feeds than one claim takes: those of others come through all the same.</summary>
    [Fact(Timeout = 240_000)]
    public async Task A_host_with_thousands_of_feeds_that_hangs_starves_nobody()
    {
        var stuck = Hold("/stuck");
        await _desk.Storage.Writer.RunAsync(
            db =>
            {
                for (var i = 0; i < 1600; i++)
                    db.Feeds.Add(new Feed { Url = $"{_site.Url("/stuck")}?{i}", NextPoll = _desk.Now.AddMinutes(-5), CreatedAt = _desk.Now });
            },
            Desk.Token);
        await SubscribeAsync("/quick", "b.test");

        var polling = _desk.PollAsync();
        await stuck.Arrived;
        var quick = new Gate();
        _site.Answer("/quick", http =>
        {
            quick.Open();
            return quick.PassAsync();
        });
        await quick.Arrived;

        stuck.Open();
        await polling;
        Assert.Equal(2, _site.Busy["a.test"].Most);
    }

    /// <summary>Memory bears so many finished polls and no more; but once they are handed to the writer, however slow that is, the next are fetched.</summary>
    [Fact(Timeout = 240_000)]
    public async Task While_a_full_batch_is_recorded_the_next_is_fetched()
    {
        const int Feeds = 1900;
        _desk.Options.Concurrency = 128;
        var (first, all, asked) = (new Gate(), new Gate(), 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _site.Answer("/feed", async http =>
        {
            await first.PassAsync();
            var count = Interlocked.Increment(ref asked);
            if (count == 1536)
                full.SetResult();
            if (count == Feeds)
                all.Open();
            await FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "The text of one.")));
        });
        await _desk.Storage.Writer.RunAsync(
            db =>
            {
                for (var i = 0; i < Feeds; i++)
                    db.Feeds.Add(new Feed { Url = $"{_site.Url("/feed", $"h{i}.test")}?{i}", NextPoll = _desk.Now, CreatedAt = _desk.Now });
            },
            Desk.Token);

        // Everything is claimed at once, before the writer is held.
        var polling = _desk.PollAsync();
        await first.Arrived;
        using var held = new ManualResetEventSlim();
        using var heldAgain = new ManualResetEventSlim();
        var holding = _desk.Storage.Writer.RunAsync(_ => held.Wait(Desk.Token), Desk.Token);
        first.Open();

        // So many have been asked once a batch waits for the writer and another is full.
        await full.Task;
        // More than one commit takes, so that what holds the writer again does not hold the record before it.
        var between = Enumerable.Range(0, 300).Select(_ => _desk.Storage.Writer.RunAsync(_ => { }, Desk.Token)).ToList();
        var holdingAgain = _desk.Storage.Writer.RunAsync(_ => heldAgain.Wait(Desk.Token), Desk.Token);
        held.Set();
        await all.PassAsync();
        heldAgain.Set();
        await Task.WhenAll([holding, .. between, holdingAgain]);

        var counts = await polling;
        Assert.Equal((Feeds, Feeds), (counts.Polls, counts.Changed));
        Assert.Equal(Feeds, await _desk.ReadAsync(db => db.FeedMemories.Count()));
    }

    /// <summary>A claim may end while its feed still waits for its host's turn: that feed is claimed anew, and never polled for nothing.</summary>
    [Fact(Timeout = 240_000)]
    public async Task What_waited_past_its_claim_is_claimed_anew_before_it_is_fetched()
    {
        var gates = Enumerable.Range(0, 2).Select(i => Hold($"/stuck{i}")).ToList();
        for (var i = 0; i < 2; i++)
            await SubscribeAsync($"/stuck{i}", "a.test", publish: false);
        for (var i = 0; i < 20; i++)
            await SubscribeAsync($"/{i}", "a.test");
        _desk.Fetching.TimeLimit = TimeSpan.FromMinutes(5);

        var polling = _desk.PollAsync();
        foreach (var gate in gates)
            await gate.Arrived;
        _desk.Time.Advance(_desk.Poller.ClaimLength + TimeSpan.FromSeconds(1));
        gates.ForEach(gate => gate.Open());
        await polling;

        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(1, _site.RequestsFor($"/{i}")));
        Assert.Equal(20, await _desk.ReadAsync(db => db.Feeds.Count(f => f.Url.EndsWith("stuck0") == false && f.Url.EndsWith("stuck1") == false && f.LastSuccess != null)));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_nudge_while_the_poll_is_on_its_way_is_not_lost()
    {
        await SubscribeAsync("/feed", "a.test");
        await _desk.PollAsync();
        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        var gate = Hold("/feed");
        var polling = _desk.PollAsync();
        await gate.Arrived;
        _site.Publish("/feed", "two", "one");
        await _desk.Poller.NudgeAsync(_site.Url("/feed"), Desk.Token);
        gate.Open();
        await polling;
        await _desk.PollAsync();

        Assert.Equal(["two"], await _desk.OwedAsync("a"));
        Assert.True((await _desk.FeedAsync(1)).NextPoll > _desk.Now);
    }

    /// <summary>Wakes that come at every moment of a claim: each feed that was added before its wake is polled, while the clock stands still.</summary>
    [Fact(Timeout = 240_000)]
    public async Task A_wake_at_any_moment_is_not_lost()
    {
        var slow = Hold("/slow");
        await SubscribeAsync("/slow", "slow.test", publish: false);
        var polling = _desk.PollAsync();
        await slow.Arrived;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async lane =>
        {
            for (var i = 0; i < 25; i++)
            {
                var seen = new Gate();
                seen.Open();
                _site.Answer($"/{lane}-{i}", async http =>
                {
                    await FeedSite.SendAsync(http, FeedSite.Rss());
                    await seen.PassAsync();
                });
                await _desk.SubscribeAsync(_site.Url($"/{lane}-{i}", $"h{lane}.test"), "a");
                _desk.Poller.Wake();
                await seen.Arrived;
            }
        }));
        slow.Open();
        await polling;
    }

    [Fact(Timeout = 240_000)]
    public async Task It_sleeps_until_something_is_due()
    {
        await SubscribeAsync("/feed", "a.test");
        _site.Answer("/broken", 500);
        await SubscribeAsync("/broken", "a.test", publish: false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Desk.Token);
        var rounds = 0;
        var asleep = new SemaphoreSlim(0);
        var worker = Task.Run(
            async () =>
            {
                while (true)
                {
                    await _desk.Poller.PollDueAsync(PartitionRange.All, stop.Token);
                    rounds++;
                    var sleep = _desk.Poller.SleepUntilDueAsync(PartitionRange.All, stop.Token);
                    if (!sleep.IsCompleted)
                        asleep.Release();
                    await sleep;
                }
            },
            Desk.Token);
        await asleep.WaitAsync(Desk.Token);

        var polls = 0L;
        for (var i = 0; i < 96; i++)
        {
            var next = await _desk.ReadAsync(db => db.Feeds.Min(f => f.NextPoll));
            polls++;
            _desk.Time.Advance(next!.Value - _desk.Now + TimeSpan.FromMilliseconds(1));
            await asleep.WaitAsync(Desk.Token);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker);

        // A round may end in one more look, for a wake-up that came while it ended.
        Assert.InRange(rounds, polls, (3 * polls) + 3);
        Assert.InRange(await _desk.ReadAsync(db => db.Feeds.Sum(f => f.Claim)), polls, polls + 4);
    }

    [Fact(Timeout = 240_000)]
    public async Task Only_the_feeds_of_its_partitions_are_polled()
    {
        await SubscribeAsync("/a", "a.test");
        await SubscribeAsync("/b", "b.test");
        var a = Partition.Of("a.test");

        await _desk.Poller.PollDueAsync(new PartitionRange(a, a), Desk.Token);

        Assert.Equal((1, 0), (_site.RequestsFor("/a"), _site.RequestsFor("/b")));
    }

    private async Task SubscribeAsync(string path, string host, bool publish = true)
    {
        if (publish)
            _site.Publish(path, "one");
        await _desk.SubscribeAsync(_site.Url(path, host), "a");
    }

    private Gate Hold(string path)
    {
        var gate = new Gate();
        _site.Answer(path, async http =>
        {
            await gate.PassAsync();
            await FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "The text of one.")));
        });
        return gate;
    }

    /// <summary>Completes when something was put into the outbox.</summary>
    private async Task OwedAsync() => await _desk.Outbox.SignalOf("fake").SleepAsync(null, Desk.Token);
}
