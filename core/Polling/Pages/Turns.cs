namespace Notifier.Polling.Pages;

/// <summary>Lets one at a time have what a name stands for, in the order they came. Safe to use concurrently.</summary>
internal sealed class Turns
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits for a turn; disposing ends it.</summary>
    public async Task<IDisposable> TakeAsync(string name, CancellationToken ct)
    {
        Line line;
        lock (_lines)
        {
            if (!_lines.TryGetValue(name, out line!))
                _lines.Add(name, line = new Line());
            line.Wanted++;
        }

        try
        {
            await line.Free.WaitAsync(ct);
        }
        catch
        {
            Leave(name, line);
            throw;
        }

        return new Taken(this, name, line);
    }

    private void Leave(string name, Line line)
    {
        lock (_lines)
        {
            if (--line.Wanted > 0)
                return;
            _lines.Remove(name);
            line.Free.Dispose();
        }
    }

    private sealed class Line
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Wanted { get; set; }
    }

    private sealed class Taken(Turns all, string name, Line line) : IDisposable
    {
        public void Dispose()
        {
            line.Free.Release();
            all.Leave(name, line);
        }
    }
}
