using Notifier.Polling;

namespace Notifier.Bot.Workers;

/// <summary>Polls what is due and sleeps until the next feed is.</summary>
internal sealed partial class PollWorker(Poller poller, IHostApplicationLifetime lifetime, WorkerHealth health, TimeProvider time, ILogger<PollWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.WhenStartedAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await poller.ReleaseClaimsAsync(stoppingToken);
                while (!stoppingToken.IsCancellationRequested)
                {
                    await poller.PollDueAsync(PartitionRange.All, stoppingToken);
                    await poller.SleepUntilDueAsync(PartitionRange.All, stoppingToken);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // The database could not be written (disk full?): what was claimed is due again after the pause.
                health.Broke("Polling", fault);
                LogPaused(fault, Pause);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Polling stopped; it goes on in {Pause}")]
    private partial void LogPaused(Exception fault, TimeSpan pause);
}
