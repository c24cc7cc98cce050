using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Bot;

/// <summary>
/// The way of what a platform sends: stored, then acted on, once, in order within its lane and lanes side by side. What has not begun when the
/// process is asked to stop stays stored for the next start; what has begun may take a few seconds more.
/// </summary>
internal sealed partial class UpdateLanes(string platform, Inbox inbox, TimeProvider time, ILogger log) : IDisposable
{
    private const int AtOnce = 16;
    private const int Room = 1000;

    /// <summary>How long what has begun may go on after the process is asked to stop; the process has 10 s.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(7);

    /// <summary>After a fault of the database, before the same update is tried again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lanes _lanes = new(AtOnce, Room);

    /// <summary>Stores updates and has those that are new acted on. Returns when they are on disk and there is room for them.</summary>
    /// <param name="lane">The lane of one.</param>
    /// <param name="act">Acts on one; a fault of it is logged, and that update put aside.</param>
    /// <param name="stop">The process is asked to stop.</param>
    public async Task TakeAsync(IReadOnlyList<(string Id, byte[] Body)> updates, Func<IncomingUpdate, string> lane, Func<IncomingUpdate, CancellationToken, Task> act, CancellationToken stop)
    {
        foreach (var update in await inbox.StoreAsync(platform, updates, CancellationToken.None))
            await AddAsync(update, lane, act, stop);
    }

    /// <summary>Takes up what an earlier run stored and did not get to.</summary>
    public async Task ResumeAsync(Func<IncomingUpdate, string> lane, Func<IncomingUpdate, CancellationToken, Task> act, CancellationToken stop)
    {
        foreach (var update in await inbox.PendingAsync(platform, stop))
            await AddAsync(update, lane, act, stop);
    }

    /// <summary>Completes when all that was taken is done.</summary>
    public Task FinishAsync() => _lanes.FinishAsync();

    public void Dispose() => _lanes.Dispose();

    private Task AddAsync(IncomingUpdate update, Func<IncomingUpdate, string> lane, Func<IncomingUpdate, CancellationToken, Task> act, CancellationToken stop) =>
        _lanes.AddAsync(lane(update), () => ActAsync(update, act, stop), stop);

    private async Task ActAsync(IncomingUpdate update, Func<IncomingUpdate, CancellationToken, Task> act, CancellationToken stop)
    {
        using var late = new CancellationTokenSource();
        await using var stopping = stop.Register(() => late.CancelAfter(Grace));
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await act(update, late.Token);
                await inbox.HandledAsync(update, CancellationToken.None);
                return;
            }
            catch (StorageException fault)
            {
                LogStorage(platform, update.UpdateId, fault.Message);
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Met by one update: it is put aside, and the others go on.
                LogBroke(fault, platform, update.UpdateId);
                act = (_, _) => Task.CompletedTask;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Platform}'s update {Update} met a bug and is put aside")]
    private partial void LogBroke(Exception fault, string platform, string update);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Platform}'s update {Update} waits for the database: {Reason}")]
    private partial void LogStorage(string platform, string update, string reason);
}
