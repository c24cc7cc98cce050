namespace Notifier.Deliveries;

/// <summary>When a delivery is tried again, and how many go together. Pure.</summary>
public static class DeliveryPlan
{
    /// <summary>How many due entries of one feed are too many for a message each: more than this become lists.</summary>
    public const int Burst = 10;

    /// <summary>Entries that one list message names at most. More than twice <see cref="Burst"/>, so that no part of a split burst is small.</summary>
    public const int ListLength = 25;

    /// <summary>How often a platform may fail at one message, while it takes others, before that message is put aside.</summary>
    public const int MostFailures = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>After a fault that was not the message's: 1, 2, 4 … seconds, five minutes at most.</summary>
    public static TimeSpan Pause(int attempts)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(attempts - 1, 0, 20)));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>How long to leave a chat alone in which Notifier may not post.</summary>
    public static TimeSpan NoAccessPause => TimeSpan.FromHours(1);

    /// <summary>How many of the due entries of one feed the next message names: one, or a fair share of a burst or a digest.</summary>
    /// <param name="digest">They were gathered for a scheduled time: already two are a list.</param>
    public static int Take(int due, bool digest)
    {
        if (due <= (digest ? 1 : Burst))
            return 1;
        var parts = (due + ListLength - 1) / ListLength;
        return (due + parts - 1) / parts;
    }
}
