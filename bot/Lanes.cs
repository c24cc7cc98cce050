using System.Collections.Concurrent;

namespace Notifier.Bot;

/// <summary>Work in lanes: within a lane one after the other in the order given, lanes side by side. Whoever gives more than there is room for waits.</summary>
internal sealed class Lanes(int atOnce, int room) : IDisposable
{
    private readonly ConcurrentDictionary<string, Task> _last = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _running = new(atOnce);
    private readonly SemaphoreSlim _room = new(room);
    private readonly Lock _lock = new();

    /// <summary>Puts work at the end of a lane. It must not throw but by cancellation.</summary>
    public async Task AddAsync(string lane, Func<Task> work, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        lock (_lock)
        {
            var before = _last.GetValueOrDefault(lane, Task.CompletedTask);
            var task = RunAsync(before, work);
            _last[lane] = task;
            _ = task.ContinueWith(done => _last.TryRemove(KeyValuePair.Create(lane, done)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Completes when all that was given is done, well or not.</summary>
    public async Task FinishAsync() => await Task.WhenAll(_last.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        _running.Dispose();
        _room.Dispose();
    }

    private async Task RunAsync(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await _running.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _running.Release();
            _room.Release();
        }
    }
}
