using Notifier.Operating;

namespace Notifier.Bot.Workers;

/// <summary>Forgets once an hour what has had its time.</summary>
internal sealed partial class RetentionWorker(Retention retention, WorkerHealth health, TimeProvider time, ILogger<RetentionWorker> log) : BackgroundService
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Rhythm, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var rows = await retention.SweepAsync(stoppingToken);
                if (rows > 0)
                    LogSwept(rows);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                health.Broke("Forgetting what has had its time", fault);
                LogFailed(fault);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Forgot {Rows} rows")]
    private partial void LogSwept(int rows);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not forget what has had its time; it is tried again in an hour")]
    private partial void LogFailed(Exception fault);
}
