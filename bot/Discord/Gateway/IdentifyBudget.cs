namespace Notifier.Bot.Discord.Gateway;

/// <summary>
/// How often a new session may begin, over restarts, too: after 1,000 in a day Discord resets the bot's token, and a crash loop would get there.
/// </summary>
/// <param name="load">The times of earlier ones, as they were saved last.</param>
/// <param name="save">Keeps the times; those of the last day only.</param>
internal sealed class IdentifyBudget(
    Func<CancellationToken, Task<IReadOnlyList<DateTimeOffset>>> load,
    Func<IReadOnlyList<DateTimeOffset>, CancellationToken, Task> save,
    TimeProvider time)
{
    public const int PerHour = 50, PerDay = 200;

    /// <summary>Discord takes one every five seconds.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private List<DateTimeOffset>? _past;

    /// <summary>When the next may be: now, or later.</summary>
    public async Task<DateTimeOffset> NextAsync(CancellationToken ct)
    {
        _past ??= [.. (await load(ct)).Order()];
        return Next(_past, time.GetUtcNow());
    }

    /// <summary>Remembers one. To be called before it is sent, so that a crash does not hide it.</summary>
    public async Task SpendAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        _past ??= [.. (await load(ct)).Order()];
        _past.RemoveAll(past => now - past >= Day);
        _past.Add(now);
        await save([.. _past], ct);
    }

    /// <param name="past">In order of time. What lies in the future, because the clock was set back, counts as now.</param>
    public static DateTimeOffset Next(IReadOnlyList<DateTimeOffset> past, DateTimeOffset now)
    {
        var next = now;
        foreach (var (most, window) in new[] { (1, Spacing), (PerHour, Hour), (PerDay, Day) })
        {
            if (past.Count < most)
                continue;
            var oldest = past[^most] < now ? past[^most] : now;
            if (oldest + window > next)
                next = oldest + window;
        }

        return next;
    }
}
