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
internal sealed partial class TelegramInbox(Inbox inbox, TelegramUpdates updates, TimeProvider time, ILogger log) : IDisposable
{
    private readonly UpdateLanes _lanes = new(TelegramPlatform.PlatformName, inbox, time, log);

    /// <summary>The most that Telegram allows.</summary>
    public static TimeSpan LongestPoll => TimeSpan.FromSeconds(50);

    public static TimeSpan PollPatience => TimeSpan.FromSeconds(60);

    /// <summary>The body of getUpdates.</summary>
    /// <param name="next">Confirms all updates below it; null confirms nothing.</param>
    public static byte[] Ask(long? next, TimeSpan patience)
    {
        var asked = new Dictionary<string, object>
        {
            ["limit"] = 100,
            ["timeout"] = (int)patience.TotalSeconds,
            ["allowed_updates"] = TelegramUpdates.Kinds,
        };
        if (next is { } offset)
            asked["offset"] = offset;
        return JsonSerializer.SerializeToUtf8Bytes(asked, JsonBotAPI.Options);
    }

    /// <summary>Stores what came and has it acted on. What cannot be read even so far as its number is passed over.</summary>
    /// <returns>The number after the last; null where there was none.</returns>
    public async Task<long?> TakeAsync(IReadOnlyList<byte[]> bodies, User me, CancellationToken ct)
    {
        var numbered = new List<(string Id, byte[] Body)>();
        long? next = null;
        foreach (var body in bodies)
        {
            if (Number(body) is not { } number)
            {
                LogUnnumbered();
                continue;
            }

            // Another bot counts for itself.
            numbered.Add((string.Create(CultureInfo.InvariantCulture, $"{me.Id}:{number}"), body));
            next = Math.Max(next ?? 0, number + 1);
        }

        if (numbered.Count > 0)
            await _lanes.TakeAsync(numbered, TelegramUpdates.Lane, (update, late) => ActAsync(update, me, late), ct);
        return next;
    }

    /// <summary>Takes up what an earlier run stored and did not get to; what another bot was sent is not ours to answer.</summary>
    public Task ResumeAsync(User me, CancellationToken ct) => _lanes.ResumeAsync(TelegramUpdates.Lane, (update, late) => ActAsync(update, me, late), ct);

    /// <summary>Completes when all that was taken is done.</summary>
    public Task FinishAsync() => _lanes.FinishAsync();

    public void Dispose() => _lanes.Dispose();

    private static long? Number(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("update_id", out var id) && id.TryGetInt64(out var number) ? number : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private Task ActAsync(IncomingUpdate update, User me, CancellationToken ct) =>
        update.UpdateId.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{me.Id}:"), StringComparison.Ordinal) ? updates.HandleAsync(update, me, ct) : Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram sent an update without a number; it is passed over")]
    private partial void LogUnnumbered();
}
