using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Notifier.Filters;

/// <summary>
/// Filters that were read before, so that a poll does not read them anew, and which of them were too slow, so that their patterns are not paid for
/// at each poll: at most 500, and the one that was not asked for longest goes first. A pattern that has seen much text can hold megabytes, which is
/// why there is a limit.
/// </summary>
internal sealed partial class FilterCache(TimeProvider time, ILogger? log = null)
{
    public const int Most = 500;

    /// <summary>How long the patterns of a filter that was too slow are not asked.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Known>> _known = new(StringComparer.Ordinal);
    private readonly LinkedList<Known> _latestFirst = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>Time for one transaction.</summary>
    public FilterBudget Budget() => new(time);

    /// <summary>The filter for the entries of one poll; null for one that this version does not understand, which must not cost anybody an entry.</summary>
    public FilterRun? Begin(string text, FilterBudget budget)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(text, out var node))
                _latestFirst.Remove(node);
            else
                _known.Add(text, node = new(new Known(text, Read(text), null)));
            _latestFirst.AddFirst(node);
            if (_known.Count > Most)
            {
                _known.Remove(_latestFirst.Last!.Value.Text);
                _latestFirst.RemoveLast();
            }

            return node.Value is { Filter: { } filter } known
                ? new FilterRun(filter, budget, known.SlowUntil > time.GetUtcNow(), () => FoundTooSlow(text))
                : null;
        }
    }

    private static Filter? Read(string text) => (FilterParser.Read(text) as FilterReading.Understood)?.Filter;

    /// <summary>From now on its patterns rest; and as it is read anew, what they grew to is not kept.</summary>
    private void FoundTooSlow(string text)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(text, out var node))
                return;
            if (node.Value.SlowUntil is null)
                LogTooSlow(text, Rest.TotalMinutes);
            node.Value = new Known(text, Read(text), time.GetUtcNow() + Rest);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The patterns of the filter {Filter} take too long; for {Minutes} minutes they let every entry pass, and then are tried again")]
    private partial void LogTooSlow(string filter, double minutes);

    /// <summary>A filter that was read.</summary>
    /// <param name="Filter">Null for one that is not understood.</param>
    /// <param name="SlowUntil">Until when its patterns rest, or rested last; null for one that was never too slow.</param>
    private sealed record Known(string Text, Filter? Filter, DateTimeOffset? SlowUntil);
}
