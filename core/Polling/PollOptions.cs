using System.ComponentModel.DataAnnotations;
using Notifier.Feeds.Fetching;
using Notifier.Texts;

namespace Notifier.Polling;

/// <summary>How feeds are polled: section <c>Notifier:Polling</c> (with <see cref="Feeds.FetchOptions"/>).</summary>
public sealed class PollOptions : IValidatableObject
{
    public const string Section = "Notifier:Polling";

    /// <summary>When feeds without a schedule of their own are polled: cron of five fields, or six with seconds.</summary>
    [Required]
    public string Schedule { get; set; } = "H/15 * * * *";

    /// <summary>The time zone of that schedule, an IANA name.</summary>
    [Required]
    public string Zone { get; set; } = "UTC";

    /// <summary>The shortest time between two polls of one feed, 1 second to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Floor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Within how long after a scheduled time polls are spread over the feeds that share it, 0 to 10 minutes; schedules with H are spread already.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Spread { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How many feeds are fetched at once, 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 32;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone))
            yield return new ValidationResult($"“{Zone}” is not a time zone: write an IANA name such as Europe/Berlin.", [nameof(Zone)]);
        if (Schedules.Schedule.TryParse(Schedule, zone ?? TimeZoneInfo.Utc, 0, out var error) is null)
            yield return new ValidationResult(Catalogue.Load("en").Say(error!), [nameof(Schedule)]);
    }
}
