using Notifier.Operating;

namespace Notifier.Bot.Workers;

/// <summary>Notices that the machine's clock was set, or that the machine slept, and has what is stored follow it.</summary>
internal sealed partial class ClockWorker(ClockChange change, WorkerHealth health, TimeProvider time, ILogger<ClockWorker> log) : BackgroundService
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (wall, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var knowsLastRun = false;
        using var timer = new PeriodicTimer(Rhythm, time);
        do
        {
            var (wallNow, timestampNow) = (time.GetUtcNow(), time.GetTimestamp());
            try
            {
                if (!knowsLastRun)
                    await FollowAsync(await change.SinceLastRunAsync(wall, stoppingToken), stoppingToken);
                knowsLastRun = true;
                await FollowAsync(wallNow - wall - time.GetElapsedTime(timestamp, timestampNow), stoppingToken);
                (wall, timestamp) = (wallNow, timestampNow);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // What could not be followed now is still a change at the next look.
                health.Broke("Following the clock", fault);
                LogFailed(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task FollowAsync(TimeSpan by, CancellationToken ct)
    {
        if (by.Duration() < ClockChange.Least)
            return;
        LogSet(by);
        await change.ApplyAsync(by, ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock was set, or the machine slept: {By}")]
    private partial void LogSet(TimeSpan by);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is stored could not follow the clock; it is tried again")]
    private partial void LogFailed(Exception fault);
}
