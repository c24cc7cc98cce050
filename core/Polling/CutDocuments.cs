using System.Collections.Concurrent;

namespace Notifier.Polling;

/// <summary>
/// The documents that looked cut off at their feed's last poll, by their hash: what looks the same once more is how its publisher writes it. Kept in
/// memory: after a start one poll more tells.
/// </summary>
internal sealed class CutDocuments(int capacity = 10_000)
{
    private readonly ConcurrentDictionary<long, ulong> _hashes = new();

    /// <summary>Whether this very document looked so at the last poll, too.</summary>
    public bool Repeats(long feedId, ulong hash)
    {
        if (_hashes.TryGetValue(feedId, out var last) && last == hash)
            return true;
        if (_hashes.Count < capacity || _hashes.ContainsKey(feedId))
            _hashes[feedId] = hash;
        return false;
    }
}
