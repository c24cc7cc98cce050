using Notifier.Feeds;

namespace Notifier.Polling;

/// <summary>How seldom a publisher wants to be polled: what the answer and its document say of that.</summary>
/// <param name="Keeps">How long the document keeps: the longest that was said; null when nothing was.</param>
/// <param name="SkipHours">See <see cref="Model.Feed.SkipHours"/>.</param>
/// <param name="SkipDays">See <see cref="Model.Feed.SkipDays"/>.</param>
internal sealed record PollHints(TimeSpan? Keeps, int SkipHours, int SkipDays)
{
    private const int EveryHour = (1 << 24) - 1;
    private const int EveryDay = (1 << 7) - 1;

    public static PollHints None { get; } = new(null, 0, 0);

    /// <summary>Whether it asks not to be polled at this time. Who excludes every hour, or every day, has not meant it.</summary>
    public bool Skips(DateTimeOffset time) =>
        (SkipHours != EveryHour && (SkipHours >> time.UtcDateTime.Hour & 1) == 1) || (SkipDays != EveryDay && (SkipDays >> (int)time.UtcDateTime.DayOfWeek & 1) == 1);

    public PollHints OrLonger(TimeSpan? maxAge) => this with { Keeps = Keeps is { } keeps && !(maxAge > keeps) ? keeps : maxAge };

    public static PollHints Of(ParsedFeed document) => new(document.TimeToLive, HoursOf(document), DaysOf(document));

    public static int? MinutesOf(ParsedFeed document) => document.TimeToLive is { } keeps ? (int)Math.Min(keeps.TotalMinutes, int.MaxValue) : null;

    public static int HoursOf(ParsedFeed document) => document.SkipHours.Aggregate(0, (mask, hour) => mask | (1 << hour));

    public static int DaysOf(ParsedFeed document) => document.SkipDays.Aggregate(0, (mask, day) => mask | (1 << (int)day));
}
