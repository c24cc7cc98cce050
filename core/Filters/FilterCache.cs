namespace Notifier.Filters;

/// <summary>
/// Filters that were read before, so that a poll does not read them anew: at most 500, and the one that was not asked for longest goes first. A
/// pattern that has seen much text can hold megabytes, which is why there is a limit.
/// </summary>
internal sealed class FilterCache(TimeProvider time)
{
    public const int Most = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Text, Filter? Filter)>> _known = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Text, Filter? Filter)> _latestFirst = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>The filter for the entries of one poll; null for one that this version does not understand, which must not cost anybody an entry.</summary>
    public FilterRun? Begin(string text)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(text, out var node))
                _latestFirst.Remove(node);
            else
                _known.Add(text, node = new((text, (FilterParser.Read(text) as FilterReading.Understood)?.Filter)));
            _latestFirst.AddFirst(node);
            if (_known.Count > Most)
                Forget(_latestFirst.Last!.Value.Text);
            return node.Value.Filter is { } filter ? new FilterRun(filter, time, () => Forget(text)) : null;
        }
    }

    private void Forget(string text)
    {
        lock (_lock)
        {
            if (_known.Remove(text, out var node))
                _latestFirst.Remove(node);
        }
    }
}
