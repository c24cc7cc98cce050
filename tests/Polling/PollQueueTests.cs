using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Tests.Polling;

public class PollQueueTests
{
    private long _id;

    [Fact]
    public void Only_so_many_run_at_once()
    {
        var queue = Filled(3, 2, [.. Enumerable.Range(0, 10).Select(i => $"h{i}")]);
        Assert.Equal(3, TakeAll(queue).Count);
        Assert.Equal((3, 7), (queue.Running, queue.Waiting));
    }

    [Fact]
    public void A_host_gets_its_share_and_is_passed_over_not_waited_for()
    {
        var queue = Filled(10, 2, "a", "a", "a", "a", "b", "a", "c");
        var taken = TakeAll(queue);
        Assert.Equal(["a", "a", "b", "c"], Hosts(taken).Order());

        queue.Done(taken.First(feed => feed.Url.IdnHost == "a"));
        Assert.Equal(["a"], Hosts(TakeAll(queue)));
    }

    [Fact]
    public void Hosts_take_turns()
    {
        var queue = Filled(1, 1, ["a", "a", "a", "a", "a", "b", "c"]);
        var order = new List<string>();
        while (queue.TryTake() is { } feed)
        {
            order.Add(feed.Url.IdnHost);
            queue.Done(feed);
        }

        Assert.Equal(["a", "b", "c"], order.Take(3).Order());
        Assert.Equal(7, order.Count);
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public void A_host_that_was_empty_may_come_again()
    {
        var queue = Filled(2, 1, "a");
        queue.Done(Assert.Single(TakeAll(queue)));
        queue.Add(Feed("a"));
        queue.Add(Feed("a"));
        Assert.Single(TakeAll(queue));
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(32, 8)]
    [InlineData(4, 1)]
    [InlineData(1, 1)]
    public void B04_Slow_feeds_get_a_quarter_of_the_places_and_at_least_one(int concurrency, int slow)
    {
        var queue = new PollQueue(concurrency, 2);
        for (var i = 0; i < 200; i++)
            queue.Add(Slow($"s{i}"));
        Assert.Equal(0, queue.Free);
        var taken = TakeAll(queue);
        Assert.Equal(slow, taken.Count);

        queue.Add(Feed("good"));
        Assert.Equal(1, queue.Free);
        if (concurrency > 1)
            Assert.Equal("good", Assert.Single(TakeAll(queue)).Url.IdnHost);
        queue.Done(taken[0]);
        Assert.NotNull(queue.TryTake());
    }

    [Fact]
    public void B04_With_a_single_place_slow_and_quick_feeds_take_turns()
    {
        var queue = new PollQueue(1, 2);
        for (var i = 0; i < 10; i++)
        {
            queue.Add(Slow($"s{i}"));
            queue.Add(Feed($"q{i}"));
        }

        var order = "";
        while (queue.TryTake() is { } feed)
        {
            order += feed.IsSlow ? 's' : 'q';
            queue.Done(feed);
        }

        Assert.Equal(20, order.Length);
        Assert.InRange(order[..10].Count(letter => letter == 's'), 3, 7);
    }

    [Fact]
    public void B04_A_slow_feed_does_not_hold_up_a_quick_one_of_its_host_nor_get_its_host_a_place_more()
    {
        var queue = new PollQueue(4, 2);
        queue.Add(Slow("a"));
        queue.Add(Slow("a"));
        queue.Add(Feed("a"));
        queue.Add(Feed("a"));
        queue.Add(Slow("b"));
        Assert.Equal((5, 2), (queue.Waiting, queue.Free));
        var taken = TakeAll(queue);
        Assert.Equal([false, true], taken.Select(feed => feed.IsSlow).Order());
        Assert.Equal((3, 0), (queue.Waiting, queue.Free));

        queue.Done(taken.Single(feed => feed.IsSlow));
        Assert.Equal(1, queue.Free);
        Assert.Equal([false, true], TakeAll(queue).Select(feed => feed.IsSlow).Order());
    }

    /// <summary>Whatever comes and goes: no limit is passed, nothing is lost, and what may run is not kept waiting.</summary>
    [Fact]
    public void B04_B05_The_limits_hold_over_ten_thousand_random_steps()
    {
        var random = new Random(4);
        var queue = new PollQueue(8, 2);
        var (running, waiting, seen) = (new List<ClaimedFeed>(), new List<ClaimedFeed>(), 0);
        for (var step = 0; step < 10_000; step++)
        {
            if (random.Next(5) < 2)
            {
                var feed = Feed($"h{random.Next(6)}") with { IsSlow = random.Next(2) == 0 };
                queue.Add(feed);
                waiting.Add(feed);
            }
            else if (running.Count > 0)
            {
                var done = running[random.Next(running.Count)];
                running.Remove(done);
                queue.Done(done);
            }

            foreach (var taken in TakeAll(queue))
            {
                Assert.True(waiting.Remove(taken));
                running.Add(taken);
                seen++;
            }

            Assert.Equal((running.Count, waiting.Count), (queue.Running, queue.Waiting));
            var slow = running.Count(feed => feed.IsSlow);
            Assert.True(running.Count <= 8 && slow <= 2 && running.CountBy(feed => feed.Url.IdnHost).All(host => host.Value <= 2));
            var may = waiting.Where(feed => running.Count(other => other.Url.IdnHost == feed.Url.IdnHost) < 2).ToList();
            Assert.Equal(may.Count(feed => !feed.IsSlow), queue.Free);
            Assert.False(running.Count < 8 && may.Exists(feed => !feed.IsSlow || slow < 2));
        }

        Assert.InRange(seen, 2000, 10_000);
    }

    [Fact]
    public void B04_Who_was_slow_and_is_quick_again_is_slow_no_more_and_memory_is_bounded()
    {
        var slow = new SlowFeeds(capacity: 100);
        slow.Note(1, TimeSpan.FromSeconds(5));
        Assert.False(slow.Has(1));
        slow.Note(1, TimeSpan.FromSeconds(5.1));
        Assert.True(slow.Has(1));
        slow.Note(1, TimeSpan.FromSeconds(1));
        Assert.False(slow.Has(1));
        for (var i = 0; i < 1000; i++)
            slow.Note(i, TimeSpan.FromSeconds(20));
        Assert.Equal(100, Enumerable.Range(0, 1000).Count(i => slow.Has(i)));
    }

    private ClaimedFeed Slow(string host) => Feed(host) with { IsSlow = true };

    private PollQueue Filled(int concurrency, int perHost, params string[] hosts)
    {
        var queue = new PollQueue(concurrency, perHost);
        foreach (var host in hosts)
            queue.Add(Feed(host));
        return queue;
    }

    private ClaimedFeed Feed(string host) => new(++_id, new Uri($"http://{host}/{_id}"), null, null, null, null, null, null, null, 0, FeedState.Active, 1, 1, DateTimeOffset.MaxValue);

    private static List<ClaimedFeed> TakeAll(PollQueue queue)
    {
        var taken = new List<ClaimedFeed>();
        while (queue.TryTake() is { } feed)
            taken.Add(feed);
        return taken;
    }

    private static IEnumerable<string> Hosts(IEnumerable<ClaimedFeed> feeds) => feeds.Select(feed => feed.Url.IdnHost);
}
