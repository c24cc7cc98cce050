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
