using Notifier.Operating;

namespace Notifier.Bot.Workers;

/// <summary>Notices that the machine's clock was set, or that the machine slept, and has what is stored follow it.</summary>
internal sealed partial class ClockWorker(ClockChange change, TimeProvider time, ILogger<ClockWorker> log) : BackgroundService
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (wall, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        await FollowAsync(await change.SinceLastRunAsync(wall, stoppingToken), stoppingToken);
        using var timer = new PeriodicTimer(Rhythm, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var (wallNow, timestampNow) = (time.GetUtcNow(), time.GetTimestamp());
            var by = wallNow - wall - time.GetElapsedTime(timestamp, timestampNow);
            (wall, timestamp) = (wallNow, timestampNow);
            await FollowAsync(by, stoppingToken);
        }
    }

    private async Task FollowAsync(TimeSpan by, CancellationToken ct)
    {
        if (by.Duration() < ClockChange.Least)
            return;
        LogSet(by);
        try
        {
            await change.ApplyAsync(by, ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFailed(fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock was set, or the machine slept: {By}")]
    private partial void LogSet(TimeSpan by);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is stored could not follow the clock")]
    private partial void LogFailed(Exception fault);
}
