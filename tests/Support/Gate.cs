namespace Notifier.Tests.Support;

/// <summary>A place in a fake where the product waits until the test lets it through.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the product has come to it.</summary>
    public Task Arrived => _arrived.Task;

    public void Open() => _open.TrySetResult();

    public Task PassAsync()
    {
        _arrived.TrySetResult();
        return _open.Task;
    }
}
