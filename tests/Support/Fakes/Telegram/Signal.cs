namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>A bell that rings whenever something changes in a fake; whoever waits looks again and need not poll.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rings; a task taken from <see cref="Next"/> before completes.</summary>
    public void Ring() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>The next ring. Take it before looking, so that no change falls between the look and the wait.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Waits until <paramref name="look"/> finds something; past <paramref name="timeout"/> it throws with what <paramref name="scene"/> says.</summary>
    public async Task<T> UntilAsync<T>(Func<T?> look, TimeSpan timeout, Func<string> scene, CancellationToken ct)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(timeout);
        while (true)
        {
            var next = Next;
            if (look() is { } found)
                return found;
            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {timeout.TotalSeconds:0} s for nothing. {scene()}", e);
            }
        }
    }
}
