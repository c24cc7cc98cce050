namespace Notifier.Messages;

/// <summary>
/// What was made last, by all that it was made of: an entry goes to many chats, one after another, and looks the same in most. Of more than so many the oldest goes.
/// For any number of threads; two may make the same at once.
/// </summary>
/// <param name="make">Must depend on nothing else: a time, a setting, a size of a screen belong into the key.</param>
public sealed class LastMade<TKey, TValue>(int most, Func<TKey, TValue> make)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, TValue> _made = [];
    private readonly Queue<TKey> _oldestFirst = new();

    public TValue Of(TKey key)
    {
        lock (_lock)
        {
            if (_made.TryGetValue(key, out var known))
                return known;
        }

        var value = make(key);
        lock (_lock)
        {
            if (!_made.TryAdd(key, value))
                return _made[key];
            _oldestFirst.Enqueue(key);
            if (_made.Count > most)
                _made.Remove(_oldestFirst.Dequeue());
        }

        return value;
    }
}
