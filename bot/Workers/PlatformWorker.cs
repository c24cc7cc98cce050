using Notifier.Chats;

namespace Notifier.Bot.Workers;

/// <summary>
/// Keeps each platform listening, each by itself: one without a token waits for one, one that breaks is started again after a growing pause, and
/// one that refuses its token is left alone until there is another.
/// </summary>
internal sealed partial class PlatformWorker(IEnumerable<IChatPlatform> platforms, IHostApplicationLifetime lifetime, WorkerHealth health, TimeProvider time, ILogger<PlatformWorker> log) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.WhenStartedAsync(stoppingToken);
        await platforms.Select(platform => ListenAsync(platform, stoppingToken)).UntilOneFailsAsync();
    }

    private async Task ListenAsync(IChatPlatform platform, CancellationToken ct)
    {
        var pause = ShortestPause;
        while (!ct.IsCancellationRequested)
        {
            var start = time.GetTimestamp();
            try
            {
                await platform.UsableAsync(ct);
                start = time.GetTimestamp();
                await platform.RunAsync(ct);
                pause = ShortestPause;
            }
            catch (PlatformClosedException closed)
            {
                LogClosed(platform.Name, closed.Message);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                health.Broke($"Listening on {platform.Title}", fault);
                pause = time.GetElapsedTime(start) > LongestPause ? ShortestPause : pause;
                LogBroke(fault, platform.Name, pause);
                await Task.Delay(pause, time, ct);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Platform} is closed until it has another token: {Reason}")]
    private partial void LogClosed(string platform, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Platform} stopped listening; it begins again in {Pause}")]
    private partial void LogBroke(Exception fault, string platform, TimeSpan pause);
}
