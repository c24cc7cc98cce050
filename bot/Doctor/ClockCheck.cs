using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Bot.Doctor;

/// <summary>The machine's clock and its time zones: what is due, and when, hangs on both.</summary>
internal static class ClockCheck
{
    /// <summary>When this program was written: no clock that is right tells less.</summary>
    private const int LeastYear = 2026;

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public static Finding Clock(Storage? storage, DateTimeOffset now)
    {
        const string name = "clock";
        const string cure = "Set the clock, and keep it right (chrony, systemd-timesyncd, or the host's clock for a virtual machine).";
        if (now.Year < LeastYear)
            return Finding.Fault(name, $"It is {Words.Time(now)} by the machine's clock.", cure);
        var newest = storage is null ? null : Newest(storage);
        return newest > now + Tolerance
            ? Finding.Fault(name, $"It is {Words.Time(now)} by the machine's clock, but the database remembers {Words.Time(newest.Value)}: the clock was set back, and feeds rest until then.", cure)
            : Finding.Ok(name, Words.Time(now));
    }

    public static IEnumerable<Finding> Zones(Storage? storage, PollOptions options)
    {
        const string name = "time zones";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out _))
        {
            yield return Finding.Fault(name, "This machine knows no time zones.", "Install the package tzdata (a container: take an image that has it, such as the one of our Dockerfile).");
            yield break;
        }

        List<(string Whose, string Zone)> used = [("Notifier:Polling:Zone", options.Zone), .. Used(storage)];
        var unknown = used.FindAll(one => !TimeZoneInfo.TryFindSystemTimeZoneById(one.Zone, out _));
        foreach (var (whose, zone) in unknown)
            yield return Finding.Fault(name, $"{whose} has the time zone “{zone}”, which this machine does not know.", "Update the package tzdata; or give it another zone, an IANA name such as Europe/Berlin.");
        if (unknown.Count == 0)
            yield return Finding.Ok(name, $"all that are in use are known: {string.Join(", ", used.Select(one => one.Zone).Distinct(StringComparer.Ordinal))}");
    }

    private static DateTimeOffset? Newest(Storage storage)
    {
        using var db = storage.Read();
        return new[]
        {
            db.Feeds.Max(feed => feed.LastPoll),
            db.Entries.Max(entry => (DateTimeOffset?)entry.FirstSeen),
            db.Deliveries.OrderByDescending(delivery => delivery.Id).Select(delivery => (DateTimeOffset?)delivery.CreatedAt).FirstOrDefault(),
            db.AuditLines.OrderByDescending(line => line.Id).Select(line => (DateTimeOffset?)line.At).FirstOrDefault(),
        }.Max();
    }

    /// <summary>The zones of chats and feeds, each with one that has it.</summary>
    private static List<(string Whose, string Zone)> Used(Storage? storage)
    {
        if (storage is null)
            return [];
        using var db = storage.Read();
        var chats = db.Chats.Where(chat => chat.GoneSince == null).GroupBy(chat => chat.Zone).Select(zone => new { Zone = zone.Key, Id = zone.Min(chat => chat.Id) }).ToList()
            .Select(zone => ($"The chat {db.Chats.Single(chat => chat.Id == zone.Id).Where}", zone.Zone));
        var feeds = db.Feeds.Where(feed => feed.Zone != null).GroupBy(feed => feed.Zone).Select(zone => new { Zone = zone.Key, Id = zone.Min(feed => feed.Id) }).ToList()
            .Select(zone => ($"The feed {Words.Feed(db.Feeds.Single(feed => feed.Id == zone.Id))}", zone.Zone!));
        return [.. chats, .. feeds];
    }
}
