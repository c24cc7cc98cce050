using Microsoft.Data.Sqlite;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>
/// The right to send on one platform, under an epoch. What is begun and recorded is refused once somebody else took the lease, and a
/// send begins only while the lease outlasts it: a process that was frozen and woken neither records nor sends.
/// </summary>
public sealed class SenderLease
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    private readonly Storage _storage;
    private readonly TimeProvider _time;
    private readonly string _role;
    private long _until;

    private SenderLease(Storage storage, TimeProvider time, string role, long epoch, DateTimeOffset until)
    {
        _storage = storage;
        _time = time;
        _role = role;
        Epoch = epoch;
        _until = until.UtcTicks;
    }

    public long Epoch { get; }

    /// <summary>
    /// Takes the lease with the next epoch. What the former holder left in sending is ambiguous from here on: the process may have died
    /// between the platform's yes and the record of it. It is no attempt that failed: the pauses after faults do not grow by it, beyond the time for which
    /// a platform knows a nonce.
    /// </summary>
    public static async Task<SenderLease> TakeAsync(Storage storage, string platform, TimeProvider time, CancellationToken ct)
    {
        var lease = $"sender:{platform}";
        var owner = $"{Environment.MachineName}:{Environment.ProcessId}";
        var now = time.GetUtcNow();
        var epoch = await storage.Writer.RunAsync(
            db =>
            {
                var taken = db.Connection().Scalar<long>(
                    "INSERT INTO Leases (Role, Owner, Epoch, Until) VALUES ($role, $owner, 1, $until) " +
                    "ON CONFLICT (Role) DO UPDATE SET Owner=$owner, Epoch=Epoch+1, Until=$until RETURNING Epoch",
                    ("$role", lease),
                    ("$owner", owner),
                    ("$until", (now + Length).UtcTicks));
                db.Connection().Execute(
                    """
                    UPDATE Sendings SET LostAnswers=LostAnswers+1 WHERE Id IN
                      (SELECT SendingId FROM Deliveries WHERE EndedAt IS NULL AND State='Sending' AND ChatId IN (SELECT Id FROM Chats WHERE Platform=$platform))
                    """,
                    ("$platform", platform));
                db.Connection().Execute(
                    """
                    UPDATE Deliveries SET State='Unknown', Attempts=MAX(Attempts-1, 0), DueAt=CASE WHEN DueAt IS NULL THEN NULL ELSE $now END, Reason=$reason
                    WHERE EndedAt IS NULL AND State='Sending' AND ChatId IN (SELECT Id FROM Chats WHERE Platform=$platform)
                    """,
                    ("$now", now.UtcTicks),
                    ("$reason", Phrase.Of("reason.stopped").Text),
                    ("$platform", platform));
                return taken;
            },
            ct);
        return new SenderLease(storage, time, lease, epoch, now + Length);
    }

    /// <summary>True when a request of this length may begin; prolongs the lease when less than half of it is left.</summary>
    public async Task<bool> HoldsForAsync(TimeSpan length, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        if (Interlocked.Read(ref _until) - now.UtcTicks < Math.Max(Length.Ticks / 2, length.Ticks))
        {
            var prolonged = (now + Length).UtcTicks;
            if (!await _storage.Writer.RunAsync(db => Prolong(db.Connection(), prolonged), ct))
                return false;
            Interlocked.Exchange(ref _until, prolonged);
        }

        return Interlocked.Read(ref _until) - _time.GetUtcNow().UtcTicks >= length.Ticks;
    }

    /// <summary>For closures of the writer: refuses to go on under an epoch that is over.</summary>
    /// <exception cref="LeaseLostException">Somebody else holds the lease.</exception>
    internal void Require(Statements statements)
    {
        if (statements.Scalar<long>("SELECT Epoch FROM Leases WHERE Role=$role", ("$role", _role)) != Epoch)
            throw new LeaseLostException(_role);
    }

    private bool Prolong(SqliteConnection connection, long ticks) =>
        connection.Execute("UPDATE Leases SET Until=$until WHERE Role=$role AND Epoch=$epoch", ("$until", ticks), ("$role", _role), ("$epoch", Epoch)) > 0;
}

/// <summary>Another process took over this role; this one must not act in it any more.</summary>
public sealed class LeaseLostException(string role) : Exception($"The lease “{role}” has passed to another process.");
