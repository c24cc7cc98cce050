using Notifier.Model;

namespace Notifier.Bot.Workers;

/// <summary>
/// Looks a large database through once the process stands; the start has looked through a small one. One that is damaged ends the process, as it would have kept a
/// small one from starting.
/// </summary>
internal sealed partial class WholenessWorker(Storage storage, IHostApplicationLifetime lifetime, ILogger<WholenessWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage.IsLookedThrough)
            return;
        await lifetime.WhenStartedAsync(stoppingToken);
        try
        {
            await Task.Factory.StartNew(() => storage.LookThrough(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            LogWhole(storage.Path);
        }
        catch (StorageException fault) when (!fault.IsDamage)
        {
            LogNotSeen(fault, storage.Path);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Database} is whole: all of it was looked through")]
    private partial void LogWhole(string database);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Database} could not be looked through; `doctor` does so, too")]
    private partial void LogNotSeen(Exception fault, string database);
}
