namespace Notifier.Filters;

/// <summary>
/// A filter at work on the entries of one poll or trial, for half a second in all. Words need thousandths of that; what patterns need is in the
/// hands of whoever wrote them, and from there on the filter wants everything: nothing is lost, and nobody else waits.
/// </summary>
/// <param name="exhausted">Called once the time is used up.</param>
internal sealed class FilterRun(Filter filter, TimeProvider time, Action exhausted)
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(500);

    private TimeSpan _spent;

    public bool Matches(FilterSubject subject)
    {
        if (_spent >= TimeLimit)
            return true;
        var start = time.GetTimestamp();
        var matches = filter.Matches(subject);
        _spent += time.GetElapsedTime(start);
        if (_spent >= TimeLimit)
            exhausted();
        return matches;
    }
}
