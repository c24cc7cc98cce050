using System.Collections.Concurrent;
using Notifier.Bot;
using Notifier.Tests.Support;

namespace Notifier.Tests;

public sealed class LanesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _done = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_a_lane_work_is_done_one_after_the_other_in_the_order_given()
    {
        using var lanes = new Lanes(atOnce: 8, room: 200);
        var running = 0;
        for (var n = 0; n < 100; n++)
        {
            var mine = n;
            await lanes.AddAsync("a", async () =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                await Task.Yield();
                _done.Enqueue($"{mine}");
                Interlocked.Decrement(ref running);
            }, Stop);
        }

        await Within(lanes.FinishAsync());
        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"{n}"), _done);
    }

    [Fact]
    public async Task A_lane_that_stands_does_not_keep_another_one_waiting()
    {
        using var lanes = new Lanes(atOnce: 2, room: 10);
        var gate = new Gate();
        await lanes.AddAsync("a", gate.PassAsync, Stop);
        await lanes.AddAsync("a", () => Done("a"), Stop);
        await Within(gate.Arrived);
        var other = new TaskCompletionSource();
        await lanes.AddAsync("b", () => Done("b", other), Stop);
        await Within(other.Task);
        Assert.Equal(["b"], _done);

        gate.Open();
        await Within(lanes.FinishAsync());
        Assert.Equal(["b", "a"], _done);
    }

    [Fact]
    public async Task No_more_than_so_many_lanes_run_at_once()
    {
        using var lanes = new Lanes(atOnce: 3, room: 100);
        var (running, most) = (0, 0);
        for (var n = 0; n < 60; n++)
        {
            await lanes.AddAsync($"{n}", async () =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
            }, Stop);
        }

        await Within(lanes.FinishAsync());
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Whoever_gives_more_than_there_is_room_for_waits()
    {
        using var lanes = new Lanes(atOnce: 8, room: 2);
        var gate = new Gate();
        await lanes.AddAsync("a", gate.PassAsync, Stop);
        await lanes.AddAsync("a", () => Done("second"), Stop);
        var third = lanes.AddAsync("b", () => Done("third"), Stop);
        Assert.False(third.IsCompleted);

        using var giveUp = new CancellationTokenSource();
        var fourth = lanes.AddAsync("c", () => Done("fourth"), giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth);

        gate.Open();
        await Within(third);
        await Within(lanes.FinishAsync());
        Assert.Equal(["second", "third"], _done.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Work_that_throws_stops_neither_its_lane_nor_the_end()
    {
        using var lanes = new Lanes(atOnce: 1, room: 1);
        for (var n = 0; n < 5; n++)
        {
            var mine = n;
            await Within(lanes.AddAsync("a", () => throw new InvalidOperationException("on purpose"), Stop));
            await Within(lanes.AddAsync("a", () => Task.FromCanceled(new CancellationToken(canceled: true)), Stop));
            await Within(lanes.AddAsync("a", () => Done($"{mine}"), Stop));
        }

        var gate = new Gate();
        await Within(lanes.AddAsync("b", async () =>
        {
            await gate.PassAsync();
            throw new InvalidOperationException("on purpose");
        }, Stop));
        var finish = lanes.FinishAsync();
        Assert.False(finish.IsCompleted);
        gate.Open();
        await Within(finish);
        Assert.Equal(["0", "1", "2", "3", "4"], _done);
    }

    [Fact]
    public async Task Nothing_to_do_is_done_and_after_the_end_there_may_be_more()
    {
        using var lanes = new Lanes(atOnce: 1, room: 1);
        await Within(lanes.FinishAsync());
        await lanes.AddAsync("a", () => Done("one"), Stop);
        await Within(lanes.FinishAsync());
        await lanes.AddAsync("a", () => Done("two"), Stop);
        await Within(lanes.FinishAsync());
        Assert.Equal(["one", "two"], _done);
    }

    private static Task Within(Task task) => task.WaitAsync(Patience, TimeProvider.System, Stop);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private Task Done(string what, TaskCompletionSource? signal = null)
    {
        _done.Enqueue(what);
        signal?.SetResult();
        return Task.CompletedTask;
    }
}
