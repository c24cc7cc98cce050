using Microsoft.EntityFrameworkCore;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Operating;

/// <summary>
/// What becomes of stored times when the machine's clock is set: set back, nothing falls silent until the old time comes again; set ahead, or after
/// a sleep of the machine, what is overdue is polled once, not all in one second.
/// </summary>
public sealed class ClockChange(Storage storage, Poller poller, Outbox outbox, TimeProvider time)
{
    /// <summary>Less than this is no change, but clocks being clocks.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    /// <summary>Over how long what is overdue is spread.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(1);

    /// <summary>How far the clock was set back since the last poll, as far as the database shows; zero for not at all.</summary>
    /// <param name="now">What the clock says.</param>
    public async Task<TimeSpan> SinceLastRunAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = storage.Read();
        return await db.Feeds.MaxAsync(f => f.LastPoll, ct) is { } last && now - last is var ahead && ahead < -Least ? ahead : TimeSpan.Zero;
    }

    /// <summary>Brings what is stored in line with the clock.</summary>
    /// <param name="by">How far it was set: ahead, or, negative, back.</param>
    public async Task ApplyAsync(TimeSpan by, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await storage.Writer.RunAsync(db => Apply(db, by, now), ct);
        poller.Wake();
        outbox.Wake();
    }

    private static void Apply(NotifierDb db, TimeSpan by, DateTimeOffset now)
    {
        var connection = db.Connection();
        (string, object?) at = ("$now", now.UtcTicks);
        (string, object?) change = ("$by", by.Ticks);
        if (by > TimeSpan.Zero)
        {
            connection.Execute(
                "UPDATE Feeds SET NextPoll=$now + (Id * 2654435761 % 1000) * $span / 1000 WHERE NextPoll<=$now AND ClaimEnds IS NULL",
                at,
                ("$span", CatchUp.Ticks));
            return;
        }

        connection.Execute("UPDATE Feeds SET NextPoll=NextPoll+$by, ClaimEnds=ClaimEnds+$by, LastPoll=MIN(LastPoll, $now) WHERE NextPoll IS NOT NULL", at, change);
        connection.Execute("UPDATE Chats SET NotBefore=NotBefore+$by WHERE NotBefore IS NOT NULL", change);

        // What was due by the old clock stays due; a later time is one on the wall, and stays as it is.
        connection.Execute("UPDATE Deliveries SET DueAt=$now WHERE EndedAt IS NULL AND DueAt>$now AND DueAt<=$now-$by", at, change);

        connection.Execute("UPDATE Sendings SET EditDue=MIN(EditDue, $now), DeleteDue=NULL WHERE EditDue>$now OR DeleteDue>$now", at);

        // Entries from now on would be older than the wish for them.
        connection.Execute("UPDATE Subscriptions SET Since=$now WHERE Since>$now", at);
    }
}
