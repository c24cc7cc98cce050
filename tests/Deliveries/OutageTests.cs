using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>Long waits and long outages cost nothing but time, and only where they are.</summary>
public sealed class OutageTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    private FakePlatform Platform => _desk.Platform;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task H06_A_chat_that_has_to_wait_half_a_day_costs_the_others_nothing_and_waits_over_a_restart()
    {
        Platform.Open("a", new SendResult.RetryAfter(TimeSpan.FromHours(12), WholeToken: false));
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.OweAsync("b", "f", "one", "two");
        await _desk.DeliverAsync();
        Assert.Equal("Waiting Waiting Sent Sent", await _desk.StatesAsync());

        _desk.Restart();
        _desk.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        await _desk.DeliverAsync();
        Assert.Equal(3, Platform.Ledger.Count);
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await _desk.DeliverAsync();
        Assert.Equal(["one: The text of one.", "two: The text of two."], Platform.Shown("a"));
    }

    [Fact]
    public async Task H08_Of_a_burst_in_several_messages_only_the_one_that_failed_goes_again_and_each_has_its_own_nonce()
    {
        Platform.Open("a", new SendResult.Sent("m1"));
        Platform.LoseAnswer("a", arrives: false);
        var titles = Enumerable.Range(100, 60).Select(i => $"t{i}").ToArray();
        await _desk.OweAsync("a", "f", titles);
        await _desk.DeliverAsync();
        Assert.Equal(2, Platform.Ledger.Count);
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await _desk.DeliverAsync();

        Assert.Equal(4, Platform.Ledger.Count);
        Assert.Equal(Platform.Ledger[1], Platform.Ledger[2]);
        Assert.Equal(3, Platform.Ledger.Select(request => request.Nonce).Distinct().Count());
        Assert.Equal(titles, Platform.Named("a").SelectMany(named => named));
    }

    [Fact]
    public async Task H13_After_a_day_of_nothing_everything_comes_in_order_as_lists_and_nothing_is_lost()
    {
        var down = true;
        foreach (var chat in (string[])["a", "b"])
            Platform.Open(chat);
        Platform.Admitting = _ => new Admission.Granted(SendPermit.Unlimited);
        Platform.Refusing = () => down ? new SendResult.NotSent("Connection refused.") : null;
        var titles = new List<string>();
        for (var hour = 0; hour < 24; hour++)
        {
            string[] fresh = [.. Enumerable.Range(0, 30).Select(i => $"h{hour:00}n{i:00}")];
            titles.AddRange(fresh);
            await _desk.OweAsync("a", "f", fresh);
            await _desk.OweAsync("b", "g", $"h{hour:00}");
            for (var minutes = 0; minutes < 60; minutes += 5)
            {
                await _desk.DeliverAsync();
                _desk.Time.Advance(TimeSpan.FromMinutes(5));
            }
        }

        Assert.Empty(Platform.Shown("a"));
        Assert.InRange(Platform.Ledger.Count, 2, 2 * 24 * 12);
        down = false;
        await _desk.DeliverAsync();

        Assert.Equal(titles, Platform.Named("a").SelectMany(named => named));
        Assert.InRange(Platform.Shown("a").Count, 720 / 25, 40);
        Assert.Equal(Enumerable.Range(0, 24).Select(hour => $"h{hour:00}"), Platform.Named("b").SelectMany(named => named));
        Assert.All(await _desk.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Sent, delivery.State));
    }

    /// <summary>The address is rewritten in the middle of a burst, and what is behind goes there.</summary>
    [Fact]
    public async Task E06_A_group_that_becomes_a_supergroup_in_the_middle_of_a_burst_loses_nothing()
    {
        Platform.Open("a", new SendResult.Sent("m1"), new SendResult.Sent("m2"), new SendResult.ChatMoved(new ChatAddress("fake", "b")));
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "t1", "t2", "t3", "t4", "t5");
        await _desk.DeliverAsync();

        Assert.Equal(["t1", "t2"], Platform.Named("a").SelectMany(named => named));
        Assert.Equal(["t3", "t4", "t5"], Platform.Named("b").SelectMany(named => named).Where(title => title.StartsWith('t')));
    }
}
