using Notifier.Texts;

namespace Notifier.Feeds.Fetching;

/// <summary>
/// A fetch's fault on its way out of a place that can only throw (a connect callback, a stream);
/// <see cref="FeedFetcher"/> turns it into <see cref="FetchResult.Failed"/>.
/// </summary>
internal sealed class FetchFaultException(FetchFailure kind, Phrase reason) : Exception(reason.Text)
{
    public FetchFailure Kind => kind;

    public Phrase Reason => reason;
}
