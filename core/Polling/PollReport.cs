using Notifier.Feeds;
using Notifier.Texts;

namespace Notifier.Polling;

/// <summary>What one poll found, for whoever asked for it.</summary>
/// <param name="Failure">Why it failed, for people; null when it went well.</param>
/// <param name="Document">Null when it is unchanged or could not be had.</param>
public sealed record PollReport(Phrase? Failure, int New, int Edited, ParsedFeed? Document)
{
    /// <summary>What there is to say of a feed that its publisher took away.</summary>
    public static Phrase Gone { get; } = Phrase.Of("poll.gone");

    /// <summary>How many were kept back, since nearly all of the feed looked new at once.</summary>
    public int Held { get; init; }
}
