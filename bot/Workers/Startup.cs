namespace Notifier.Bot.Workers;

/// <summary>How workers begin and end with the process.</summary>
internal static class Startup
{
    /// <summary>Completes when the host has started: what works on the world waits until the whole process stands, since the web server's address is known only then.</summary>
    public static async Task WhenStartedAsync(this IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(ct);
    }

    /// <summary>Completes when all loops have ended, or throws as soon as one fails: a dead loop in a process that lives on would be noticed by nobody.</summary>
    public static async Task UntilOneFailsAsync(this IEnumerable<Task> loops)
    {
        await foreach (var ended in Task.WhenEach(loops))
        {
            // One that ends because it is asked to does not keep the others from finishing what they have begun.
            if (!ended.IsCanceled)
                await ended;
        }
    }
}
