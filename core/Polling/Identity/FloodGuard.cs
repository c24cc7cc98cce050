using Notifier.Deliveries;

namespace Notifier.Polling.Identity;

/// <summary>
/// Tells a feed that renamed what it had from one that published much. When most of a document is new and about as much has gone from it, either its publisher changed ids, links
/// and words alike, which nobody wants to be told of, or its window has turned over. If most of it is dated before the newest that was there, it is the one, and what is not dated
/// since is held; where there are no dates, more than a burst within a day of the last poll is held: a needless question is better than a flood, and nothing is lost by it. Pure.
/// </summary>
/// <param name="listed">How many entries the document has.</param>
/// <param name="fresh">How many of them are not known.</param>
/// <param name="vanished">How many of those that were there at the last poll are not there any more.</param>
internal sealed class FloodGuard(LastLook last, Dating dating, DateTimeOffset now, int listed, int fresh, int vanished)
{
    /// <summary>A document of fewer entries turns over every now and then.</summary>
    private const int Few = 3;

    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    private readonly bool _turned = fresh >= Few && vanished >= Few && fresh * 2 > listed && vanished * 2 >= fresh;

    /// <summary>Nothing known is left, where there was something before.</summary>
    public bool IsGap => fresh >= Few && fresh == listed && vanished >= Few;

    /// <summary>Which of what is not known is kept back until somebody decides.</summary>
    public Predicate<DiffEntry> Holds(List<DiffEntry> unknown)
    {
        if (!_turned)
            return _ => false;
        var earlier = unknown.Count(dating.IsEarlier);
        var renamed = earlier >= Few && earlier * 2 > fresh;
        var undated = !renamed && now - last.At < Recent && unknown.Count(dating.IsSilent) > DeliveryPlan.Burst;
        return entry => (renamed && !dating.IsLater(entry)) || (undated && dating.IsSilent(entry));
    }
}
