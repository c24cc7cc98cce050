using System.Collections.Immutable;
using System.Globalization;

namespace Notifier.Bot.Demo;

/// <summary>
/// The built-in feed that a newcomer can subscribe to without a network. It rests until somebody fetches it; then it
/// publishes one entry per interval until its script ends, and rests again.
/// </summary>
/// <param name="site">The root of our own pages, which entries link to; known once the process listens.</param>
/// <param name="interval">The time between two entries.</param>
/// <param name="nudge">Called after each entry, so that the feed is polled now rather than at its next turn.</param>
internal sealed partial class DemoFeed(Func<Uri> site, TimeSpan interval, TimeProvider time, Func<CancellationToken, Task> nudge, ILogger<DemoFeed> log) : BackgroundService
{
    /// <summary>Fifteen entries in five minutes.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _firstFetch = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ImmutableList<DemoEntry> _entries = [];
    private DemoDocument? _document;

    /// <summary>The document as it stands; the first call starts the publishing.</summary>
    public DemoDocument Fetch()
    {
        lock (_gate)
        {
            if (_entries.IsEmpty)
                // The one guid that stays over restarts: whoever knows the greeting is not greeted again.
                _entries = [new DemoEntry(1, "notifier-demo-hello", DemoScript.GreetingTitle, $"<p>{DemoScript.Greeting}</p>", time.GetUtcNow())];
            _firstFetch.TrySetResult();
            return _document ??= DemoDocument.Of(site(), _entries);
        }
    }

    /// <summary>The entry behind a link; null when it is not published (any more, after a restart).</summary>
    public DemoEntry? Find(int number)
    {
        lock (_gate)
            return _entries.Find(entry => entry.Number == number);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _firstFetch.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(interval, time);
        for (var step = 0; step < DemoScript.Steps.Count && await timer.WaitForNextTickAsync(stoppingToken); step++)
        {
            Publish(step);
            try
            {
                await nudge(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The entry is published all the same and found at the feed's next turn.
                LogNudgeFailed(log, step, fault);
            }
        }
    }

    private void Publish(int step)
    {
        var (now, number) = (time.GetUtcNow(), step + 2);
        var (title, html) = DemoScript.Steps[step];
        // The time makes it another entry after a restart.
        var id = string.Create(CultureInfo.InvariantCulture, $"notifier-demo-{now:yyyyMMdd'T'HHmmss.fff'Z'}-{number}");
        lock (_gate)
        {
            if (number == DemoScript.EditingNumber && _entries.Find(entry => entry.Number == DemoScript.EditedNumber) is { } edited)
                _entries = _entries.Replace(edited, edited with { Html = DemoScript.EditedHtml });
            _entries = _entries.Insert(0, new DemoEntry(number, id, title, html, now));
            _document = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Demo entry {Step} is published, but its feed could not be polled at once")]
    private static partial void LogNudgeFailed(ILogger logger, int step, Exception fault);
}
