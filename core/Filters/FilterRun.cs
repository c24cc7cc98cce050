using System.Text.RegularExpressions;

namespace Notifier.Filters;

/// <summary>
/// A subscription's filter at work on the entries of one poll or trial. Where its patterns take too long, or those of others have left no time
/// (<see cref="FilterBudget"/>), it is not known whether it wants an entry unless its words alone decide.
/// </summary>
/// <param name="isTooSlow">Its patterns are not even asked.</param>
/// <param name="foundTooSlow">Called once its patterns have used up their share.</param>
internal sealed class FilterRun(Filter filter, FilterBudget budget, bool isTooSlow = false, Action? foundTooSlow = null)
{
    /// <summary>The patterns' share of the budget.</summary>
    public static readonly TimeSpan Share = FilterBudget.Limit / 2;

    private TimeSpan _spent;

    public bool IsTooSlow { get; private set; } = isTooSlow;

    /// <summary>Whether the filter wants the entry; null when that is not known.</summary>
    public bool? Wants(FilterSubject subject) => filter.Wants(subject, IsMatch);

    /// <summary>The same, where in doubt an entry comes.</summary>
    public bool Matches(FilterSubject subject) => Wants(subject) is not false;

    private bool? IsMatch(Regex pattern, string text)
    {
        if (IsTooSlow)
            return null;
        var before = budget.Spent;
        var matches = budget.IsMatch(pattern, text);
        _spent += budget.Spent - before;
        if (_spent >= Share)
        {
            IsTooSlow = true;
            foundTooSlow?.Invoke();
        }

        return matches;
    }
}
