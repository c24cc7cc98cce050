namespace Notifier.Bot.Workers;

/// <summary>What works on the world waits until the whole process stands: the web server's address is known only then.</summary>
internal static class Startup
{
    /// <summary>Completes when the host has started.</summary>
    public static async Task WhenStartedAsync(this IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(ct);
    }
}
