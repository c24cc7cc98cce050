using Notifier.Chats;
using Notifier.Deliveries;
using Notifier.Model;

namespace Notifier.Bot.Workers;

/// <summary>Sends what is due on each platform, and sleeps until the next delivery is; each platform by itself.</summary>
internal sealed partial class DeliveryWorker(IEnumerable<IChatPlatform> platforms, Deliverer deliverer, Storage storage, WorkerHealth health, TimeProvider time, ILogger<DeliveryWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => platforms.Select(platform => DeliverAsync(platform, stoppingToken)).UntilOneFailsAsync();

    private async Task DeliverAsync(IChatPlatform platform, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await platform.UsableAsync(ct);

                // A new epoch each time: what a failed round left in sending is sorted out, and nothing of it is recorded late.
                var lease = await SenderLease.TakeAsync(storage, platform.Name, time, ct);
                while (!ct.IsCancellationRequested)
                {
                    await deliverer.DeliverDueAsync(platform, lease, ct);
                    await deliverer.SleepUntilDueAsync(platform.Name, ct);
                }
            }
            catch (PlatformClosedException closed)
            {
                LogClosed(platform.Name, closed.Message);
            }
            catch (ObjectDisposedException) when (ct.IsCancellationRequested)
            {
                // An answer hung for longer than the process may take to end: the next start finds the message in sending.
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                health.Broke($"Delivering on {platform.Title}", fault);
                LogPaused(fault, platform.Name, Pause);
                await Task.Delay(Pause, time, ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Nothing is sent on {Platform} until it has another token, and what is owed there is kept: {Reason}")]
    private partial void LogClosed(string platform, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Delivering on {Platform} stopped; it goes on in {Pause}")]
    private partial void LogPaused(Exception fault, string platform, TimeSpan pause);
}
