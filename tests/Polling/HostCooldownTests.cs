using Microsoft.Extensions.Time.Testing;
using Notifier.Polling;

namespace Notifier.Tests.Polling;

public class HostCooldownTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_host_is_left_alone_for_as_long_as_it_asked()
    {
        var cooldown = new HostCooldown(_time);
        cooldown.Extend("example.org", TimeSpan.FromMinutes(2));

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(2), cooldown.Until("EXAMPLE.org"));
        Assert.Null(cooldown.Until("other.org"));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(cooldown.Until("example.org"));
    }

    [Fact]
    public void A_shorter_wish_does_not_undo_a_longer_one()
    {
        var cooldown = new HostCooldown(_time);
        cooldown.Extend("example.org", TimeSpan.FromHours(1));
        cooldown.Extend("example.org", TimeSpan.Zero);

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(1), cooldown.Until("example.org"));
    }

    [Fact]
    public void A_host_that_does_not_say_how_long_gets_five_minutes()
    {
        var cooldown = new HostCooldown(_time);
        cooldown.Extend("example.org", null);

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(5), cooldown.Until("example.org"));
    }

    [Fact]
    public void Memory_is_bounded_and_the_longest_waits_are_kept()
    {
        var cooldown = new HostCooldown(_time, capacity: 100);
        for (var i = 0; i < 1000; i++)
            cooldown.Extend($"host{i}.example", TimeSpan.FromSeconds(1 + i));

        Assert.InRange(Enumerable.Range(0, 1000).Count(i => cooldown.Until($"host{i}.example") is not null), 1, 100);
        Assert.NotNull(cooldown.Until("host999.example"));
    }
}
