using Microsoft.Extensions.Time.Testing;

namespace Notifier.Tests.Support;

/// <summary>What happens when, in a time of its own that jumps from one step to the next.</summary>
internal sealed class Steps
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly PriorityQueue<Action, (TimeSpan, int)> _steps = new();
    private readonly DateTimeOffset _start;
    private int _order;

    public Steps() => _start = Time.GetUtcNow();

    public FakeTimeProvider Time { get; } = new();

    /// <summary>Since the beginning.</summary>
    public TimeSpan Now => Time.GetUtcNow() - _start;

    public void At(TimeSpan at, Action happens) => _steps.Enqueue(happens, (at, _order++));

    public void Run()
    {
        while (_steps.TryDequeue(out var happens, out var key))
        {
            Assert.True(key.Item1 < Longest, "It takes for ever.");
            Time.Advance(key.Item1 - Now);
            happens();
        }
    }
}
