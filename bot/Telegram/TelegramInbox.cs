using System.Globalization;
using System.Text.Json;
using Notifier.Chats;
using Notifier.Model;
using Telegram.Bot;
using Telegram.Bot.Types;

namespace Notifier.Bot.Telegram;

/// <summary>
/// The way of an update: stored, then acted on, in order within its chat. Telegram is asked and read without its library's own loop, which
/// confirms before it handles and stops for a day at an update that it cannot read.
/// </summary>
internal sealed partial class TelegramInbox(Inbox inbox, TelegramUpdates updates, ILogger log) : IDisposable
{
    private const int AtOnce = 16;
    private const int Room = 1000;

    private readonly Lanes _lanes = new(AtOnce, Room);

    /// <summary>The most that Telegram allows.</summary>
    public static TimeSpan LongestPoll => TimeSpan.FromSeconds(50);

    public static TimeSpan PollPatience => TimeSpan.FromSeconds(60);

    /// <param name="next">Confirms all updates below it; null confirms nothing.</param>
    public static TelegramCall Ask(int? next, TimeSpan patience)
    {
        var asked = new Dictionary<string, object>
        {
            ["limit"] = 100,
            ["timeout"] = (int)patience.TotalSeconds,
            ["allowed_updates"] = TelegramUpdates.Kinds,
        };
        if (next is { } offset)
            asked["offset"] = offset;
        return new TelegramCall("getUpdates", JsonSerializer.SerializeToUtf8Bytes(asked, JsonBotAPI.Options));
    }

    /// <summary>Stores what came and has it acted on. What cannot be read even so far as its number is passed over.</summary>
    /// <returns>The number after the last; null where there was none.</returns>
    public async Task<int?> TakeAsync(IReadOnlyList<byte[]> bodies, User me, CancellationToken ct)
    {
        var numbered = new List<(string Id, byte[] Body)>();
        int? next = null;
        foreach (var body in bodies)
        {
            if (Number(body) is not { } number)
            {
                LogUnnumbered();
                continue;
            }

            numbered.Add((number.ToString(CultureInfo.InvariantCulture), body));
            next = Math.Max(next ?? 0, number + 1);
        }

        if (numbered.Count == 0)
            return next;
        foreach (var update in await inbox.StoreAsync(TelegramPlatform.PlatformName, numbered, CancellationToken.None))
            await AddAsync(update, me, ct);
        return next;
    }

    /// <summary>Takes up what an earlier run stored and did not get to.</summary>
    public async Task ResumeAsync(User me, CancellationToken ct)
    {
        foreach (var update in await inbox.PendingAsync(TelegramPlatform.PlatformName, ct))
            await AddAsync(update, me, ct);
    }

    /// <summary>Completes when all that was taken is done.</summary>
    public Task FinishAsync() => _lanes.FinishAsync();

    public void Dispose() => _lanes.Dispose();

    private static int? Number(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("update_id", out var id) && id.TryGetInt32(out var number) ? number : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private Task AddAsync(IncomingUpdate update, User me, CancellationToken ct) =>
        _lanes.AddAsync(TelegramUpdates.Lane(update), () => ActAsync(update, me, ct), ct);

    private async Task ActAsync(IncomingUpdate update, User me, CancellationToken ct)
    {
        // What has not begun stays stored, for the next start.
        if (ct.IsCancellationRequested)
            return;
        try
        {
            await updates.HandleAsync(update, me, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            // A bug met by one update: it is put aside, and the others go on.
            LogBroke(fault, update.UpdateId);
        }

        try
        {
            await inbox.HandledAsync(update, CancellationToken.None);
        }
        catch (StorageException fault)
        {
            LogNotDone(update.UpdateId, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram sent an update without a number; it is passed over")]
    private partial void LogUnnumbered();

    [LoggerMessage(Level = LogLevel.Error, Message = "Telegram's update {Update} met a bug and is put aside")]
    private partial void LogBroke(Exception fault, string update);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telegram's update {Update} was acted on, but that could not be recorded: {Reason}")]
    private partial void LogNotDone(string update, string reason);
}
