using Notifier.Model;

namespace Notifier.Bot.Web;

/// <summary>All that the first page shows: read at one time, cut and cleaned for people, without what is nobody's to see.</summary>
public sealed record Overview
{
    public required DateTimeOffset Now { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Version { get; init; }

    public required IReadOnlyList<PlatformRow> Platforms { get; init; }

    public required Counts Counts { get; init; }

    public required Lag Lag { get; init; }

    public required FeedPage Feeds { get; init; }

    /// <summary>The last deliveries that ended, newest first.</summary>
    public required IReadOnlyList<DeliveryRow> Recent { get; init; }

    /// <summary>The last that failed or whose answer was lost, newest first.</summary>
    public required IReadOnlyList<DeliveryRow> Failures { get; init; }
}

/// <param name="InWords">How it is.</param>
/// <param name="Steps">What to do to get a token; empty for a platform that needs nothing done.</param>
/// <param name="Variable">The environment variable that takes the token.</param>
public sealed record PlatformRow(string Name, string Title, string InWords, PlatformMood Mood, IReadOnlyList<string> Steps, string Variable);

public enum PlatformMood
{
    Fine,
    Waiting,
    Wrong,
}

/// <summary>What there is of everything.</summary>
/// <param name="Chats">Those that are still there.</param>
/// <param name="ClosedChats">Those of them in which Notifier may not post now.</param>
/// <param name="Unfinished">Deliveries owed, by state.</param>
/// <param name="Failed">Deliveries that failed for good, among <paramref name="EndedLooked"/>.</param>
/// <param name="EndedLooked">How many of the newest ended deliveries were looked through; all of the last 30 days unless there are more than <see cref="OverviewReader.MostEnded"/>.</param>
public sealed record Counts(
    IReadOnlyDictionary<FeedStanding, int> Feeds,
    int Chats,
    int ClosedChats,
    int Subscriptions,
    IReadOnlyDictionary<DeliveryState, int> Unfinished,
    int Failed,
    int EndedLooked);

/// <summary>How a feed is, for the one who runs Notifier; in the order in which they are shown.</summary>
public enum FeedStanding
{
    Failing,
    Gone,
    Paused,

    /// <summary>Not polled yet.</summary>
    New,
    Fine,

    /// <summary>Nobody subscribes to it, so it is not polled, and not listed.</summary>
    Unwanted,
}

/// <summary>A part of the feeds.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Total">Of all pages.</param>
public sealed record FeedPage(IReadOnlyList<FeedRow> Rows, int Number, int Pages, int Total);

/// <param name="Address">Without what may be somebody's key; null for a feed of one chat's own.</param>
/// <param name="Site">Http or https.</param>
/// <param name="Error">Why it fails.</param>
/// <param name="Waiting">Its entries that are owed to chats.</param>
public sealed record FeedRow(
    string Title,
    string? Address,
    string? Site,
    FeedStanding Standing,
    DateTimeOffset? FailingSince,
    string Error,
    DateTimeOffset? LastPoll,
    DateTimeOffset? NextPoll,
    int Subscribers,
    int Waiting);

/// <param name="What">The entry's title, or how the notice begins.</param>
/// <param name="Feed">Empty for a notice that concerns none.</param>
/// <param name="Reason">Why it is where it is; empty where nothing is to be said.</param>
public sealed record DeliveryRow(string What, string Feed, string Chat, DeliveryState State, string Reason, DateTimeOffset At);
