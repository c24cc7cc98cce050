using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Polling.Identity;
using Notifier.Texts;

namespace Notifier.Polling;

/// <summary>How a poll ended, with all that is to be recorded of it.</summary>
/// <param name="At">When the document was asked for: entries new in it were first seen then.</param>
/// <param name="NextPoll">Null when it is not to be polled again.</param>
internal abstract record PollOutcome(ClaimedFeed Feed, DateTimeOffset At, DateTimeOffset? NextPoll)
{
    /// <param name="Full">The whole document was read, and is the same.</param>
    /// <param name="MovedTo">Where it is, if only permanent redirects led there.</param>
    public sealed record Unchanged(ClaimedFeed Feed, DateTimeOffset At, DateTimeOffset? NextPoll, string? ETag, string? LastModified, bool Full, Uri? MovedTo)
        : PollOutcome(Feed, At, NextPoll);

    public sealed record Changed(ClaimedFeed Feed, DateTimeOffset At, DateTimeOffset? NextPoll, FetchResult.Fetched Fetched, ParsedFeed Document, Diff Diff)
        : PollOutcome(Feed, At, NextPoll)
    {
        /// <summary>The same without what is not recorded, so that many can wait for the record: the body, and, where neither a move nor a withdrawal needs them, the entries that are known.</summary>
        public Changed Light() => this with
        {
            Fetched = Fetched with { Body = default },
            Document = Fetched.MovedTo is not null || Feed.DeletesWithdrawn ? Document : Document with { Entries = [] },
        };

        /// <summary>How many characters of text it holds, about.</summary>
        public long Size => Document.Entries.Sum(SizeOf) + Diff.New.Concat(Diff.Held).Concat(Diff.Edited).Sum(found => SizeOf(found.Entry) + (found.Article?.Html?.Length ?? 0));

        private static long SizeOf(ParsedEntry entry) => (long)(entry.Content?.Length ?? 0) + (entry.Summary?.Length ?? 0);
    }

    /// <param name="Reason">For people.</param>
    /// <param name="Counts">False for a host that only asked for patience: pauses do not grow from it, and it is no failure before it has lasted a day.</param>
    public sealed record Failed(ClaimedFeed Feed, DateTimeOffset At, DateTimeOffset? NextPoll, Phrase Reason, bool Counts)
        : PollOutcome(Feed, At, NextPoll);

    public sealed record Gone(ClaimedFeed Feed, DateTimeOffset At) : PollOutcome(Feed, At, null);
}
