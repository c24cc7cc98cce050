using System.Text;

namespace Notifier.Tests.Support;

/// <summary>What a process has written so far; tests wait for what it says.</summary>
internal sealed class Transcript
{
    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public string Text
    {
        get
        {
            lock (_lock)
                return _text.ToString();
        }
    }

    public int Length
    {
        get
        {
            lock (_lock)
                return _text.Length;
        }
    }

    /// <summary>Takes what comes until there is no more.</summary>
    public async Task ReadAsync(TextReader reader)
    {
        var buffer = new char[4096];
        int read;
        do
        {
            read = await reader.ReadAsync(buffer);
            TaskCompletionSource grown;
            lock (_lock)
            {
                _text.Append(buffer, 0, read);
                _ended = read == 0;
                grown = _grown;
                _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            grown.SetResult();
        }
        while (read > 0);
    }

    /// <summary>False when the time is up, or nothing more comes, before the condition holds.</summary>
    public async Task<bool> WaitAsync(Func<string, bool> condition, TimeSpan limit, CancellationToken ct)
    {
        using var timeUp = new CancellationTokenSource(limit, TimeProvider.System);
        while (true)
        {
            string text;
            Task grown;
            bool ended;
            lock (_lock)
                (text, grown, ended) = (_text.ToString(), _grown.Task, _ended);
            if (condition(text))
                return true;
            if (ended || timeUp.IsCancellationRequested)
                return false;
            await Task.WhenAny(grown, Task.Delay(limit, TimeProvider.System, timeUp.Token)).WaitAsync(ct);
        }
    }
}
