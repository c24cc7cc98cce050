using System.Collections.Concurrent;
using Notifier.Model;

namespace Notifier.Bot.Workers;

/// <summary>Which of the loops that work for ever broke off lately. Each is begun again after a pause; one that cannot go on breaks off again and again, and so stays here.</summary>
internal sealed class WorkerHealth(TimeProvider time)
{
    /// <summary>How long a break counts: longer than any loop takes to meet the same trouble again.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (long At, string Why)> _breaks = new(StringComparer.Ordinal);

    /// <summary>What broke off within the last minute, and why, in words.</summary>
    public IReadOnlyList<string> Broken =>
        [.. _breaks.Where(one => time.GetElapsedTime(one.Value.At) < Memory).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} broke off, and is begun again: {one.Value.Why}")];

    /// <param name="loop">What it does, as the beginning of a sentence.</param>
    public void Broke(string loop, Exception fault) => _breaks[loop] = (time.GetTimestamp(), (fault as StorageException)?.What ?? "the log says more.");
}
