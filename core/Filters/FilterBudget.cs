using System.Text.RegularExpressions;

namespace Notifier.Filters;

/// <summary>
/// The time that the patterns of all filters have together, in one transaction or one trial: what they need is in the hands of whoever wrote them,
/// and while a transaction lasts nobody else can write. Words need thousandths of that and are not counted.
/// </summary>
internal sealed class FilterBudget(TimeProvider time)
{
    /// <summary>A match that has begun may exceed it, by <see cref="FilterPattern.TimeLimit"/> at most.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    public TimeSpan Spent { get; private set; }

    /// <summary>Null when it cannot be told in time, or when there is no time left.</summary>
    public bool? IsMatch(Regex pattern, string text)
    {
        if (Spent >= Limit)
            return null;
        var start = time.GetTimestamp();
        var matches = FilterPattern.IsMatch(pattern, text);
        var took = time.GetElapsedTime(start);
        Spent += matches is null && took < FilterPattern.TimeLimit ? FilterPattern.TimeLimit : took;
        return matches;
    }
}
