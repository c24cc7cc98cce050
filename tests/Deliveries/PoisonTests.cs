using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>A message at which the platform fails again and again, while it takes others, does not hold up what is behind it; a chat or platform in trouble loses nothing.</summary>
public sealed class PoisonTests : IAsyncDisposable
{
    private static readonly SendResult Fault = new SendResult.Unknown("HTTP 500", IsAnswered: true);

    private readonly Desk _desk = new();

    private FakePlatform Platform => _desk.Platform;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task H12_What_the_platform_fails_at_five_times_while_it_takes_others_is_put_aside_within_a_minute_and_the_next_comes()
    {
        Platform.Open("a", [.. Enumerable.Repeat(Fault, 5)]);
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "one", "two");
        for (var second = 0; second < 60; second++)
        {
            await _desk.OweAsync("b", "f", $"other {second}");
            await SecondsAsync(1);
        }

        Assert.StartsWith("Quarantined Sent Sent", await _desk.StatesAsync(), StringComparison.Ordinal);
        Assert.Contains(Platform.Shown("a"), text => text.StartsWith("“one” of “f” could not be shown here", StringComparison.Ordinal));
        Assert.Contains("HTTP 500", (await _desk.DeliveriesAsync())[0].Reason, StringComparison.Ordinal);
        Assert.Equal(5, Platform.Ledger.Count(request => request.Text.StartsWith("one", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task When_the_platform_takes_nothing_everything_waits()
    {
        Platform.Open("a", [.. Enumerable.Repeat(Fault, 20)]);
        Platform.Open("b", [.. Enumerable.Repeat(Fault, 20)]);
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.OweAsync("b", "f", "three");
        await SecondsAsync(600);
        Assert.Equal("Unknown Waiting Unknown", await _desk.StatesAsync());
        await SecondsAsync(6000);
        Assert.Equal("Sent Sent Sent", await _desk.StatesAsync());
    }

    /// <summary>That the platform took others before it broke down says nothing of the messages that it fails at since.</summary>
    [Fact]
    public async Task An_outage_that_begins_in_the_middle_puts_nothing_aside()
    {
        Platform.Open("a", [.. Enumerable.Repeat(Fault, 8)]);
        Platform.Open("b");
        Platform.Open("c", [.. Enumerable.Repeat(Fault, 8)]);
        await _desk.OweAsync("a", "f", "one");
        await _desk.OweAsync("c", "f", "one");
        await _desk.OweAsync("b", "f", "one");
        await SecondsAsync(2000);
        Assert.Equal("Sent Sent Sent", await _desk.StatesAsync());
    }

    [Fact]
    public async Task A_chat_in_which_nothing_goes_loses_one_at_most()
    {
        Platform.Open("a", [.. Enumerable.Repeat(Fault, 200)]);
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "one", "two", "three");
        await _desk.DeliverAsync();
        for (var i = 0; i < 300; i++)
        {
            await _desk.OweAsync("b", "f", $"other {i}");
            await SecondsAsync(10);
            if (i == 150)
                await _desk.OweAsync("a", "f", "four");
        }

        Assert.StartsWith("Quarantined Unknown Waiting", await _desk.StatesAsync(), StringComparison.Ordinal);
    }

    /// <summary>Silence says nothing of the message: it may be the network.</summary>
    [Fact]
    public async Task What_was_never_answered_is_not_put_aside()
    {
        Platform.Open("a", [.. Enumerable.Repeat(new SendResult.Unknown("no answer"), 8)]);
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "one");
        for (var i = 0; i < 5; i++)
        {
            await _desk.OweAsync("b", "f", $"other {i}");
            await SecondsAsync(60);
        }

        Assert.Equal(DeliveryState.Sent, (await _desk.DeliveriesAsync())[0].State);
    }

    /// <summary>In a list only one may be the poison, and apart they would be told twice if it arrived.</summary>
    [Fact]
    public async Task A_list_is_not_put_aside()
    {
        Platform.Open("a", [.. Enumerable.Repeat(Fault, 8)]);
        Platform.Open("b");
        await _desk.OweAsync("a", "f", [.. Enumerable.Range(10, 12).Select(i => $"t{i}")]);
        for (var i = 0; i < 5; i++)
        {
            await _desk.OweAsync("b", "f", $"other {i}");
            await SecondsAsync(60);
        }

        Assert.All((await _desk.DeliveriesAsync()).Take(12), delivery => Assert.Equal(DeliveryState.Sent, delivery.State));
    }

    private async Task SecondsAsync(int seconds)
    {
        for (var i = 0; i < seconds; i += seconds < 300 ? 1 : 10)
        {
            await _desk.DeliverAsync();
            _desk.Time.Advance(TimeSpan.FromSeconds(seconds < 300 ? 1 : 10));
        }
    }
}
