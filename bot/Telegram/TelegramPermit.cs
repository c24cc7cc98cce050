using Notifier.Chats;

namespace Notifier.Bot.Telegram;

/// <summary>A place for one message at Telegram's pace.</summary>
/// <param name="end">Called once: the request was answered, or (false) never sent.</param>
internal sealed class TelegramPermit(Action<bool> end) : SendPermit
{
    private int _isTaken;

    /// <summary>Makes the request that the place is for.</summary>
    /// <exception cref="InvalidOperationException">It was used or given back before: one place is for one request.</exception>
    public async Task<T> UseAsync<T>(Func<Task<T>> request)
    {
        if (!TryTake())
            throw new InvalidOperationException("This place was used before.");
        try
        {
            return await request();
        }
        finally
        {
            end(true);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (TryTake())
            end(false);
    }

    private bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;
}
