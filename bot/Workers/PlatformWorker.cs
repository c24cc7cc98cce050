using Notifier.Chats;

namespace Notifier.Bot.Workers;

/// <summary>Keeps each platform listening; one that breaks is started again after a pause, and the others do not notice.</summary>
internal sealed partial class PlatformWorker(IEnumerable<IChatPlatform> platforms, TimeProvider time, ILogger<PlatformWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(platforms.Select(platform => ListenAsync(platform, stoppingToken)));

    private async Task ListenAsync(IChatPlatform platform, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await platform.RunAsync(ct);
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogBroke(fault, platform.Name, Pause);
                await Task.Delay(Pause, time, ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Platform} stopped listening; it begins again in {Pause}")]
    private partial void LogBroke(Exception fault, string platform, TimeSpan pause);
}
