namespace Notifier.Bot.Telegram;

/// <summary>How a request to Telegram ended.</summary>
internal abstract record TelegramAnswer<T>
{
    private TelegramAnswer()
    {
    }

    public sealed record Ok(T Value) : TelegramAnswer<T>;

    /// <summary>Telegram says no: nothing was done.</summary>
    /// <param name="RetryAfter">How long it asks to wait: the longest that the answer says, in its body or beside it.</param>
    /// <param name="MigratedTo">Set where the group has become a supergroup of this id.</param>
    public sealed record Refused(int Code, string Description, TimeSpan? RetryAfter, long? MigratedTo) : TelegramAnswer<T>
    {
        /// <summary>The token is revoked, or never was one (then Telegram knows no such address).</summary>
        public bool IsToken => Code == 401 || (Code == 404 && !Description.Contains("method not found", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>No connection came about: certainly nothing was done.</summary>
    public sealed record NotSent(string Reason) : TelegramAnswer<T>;

    /// <summary>The answer was lost or unreadable: it may have been done.</summary>
    /// <param name="IsAnswered">It was a 5xx: Telegram met a fault of its own.</param>
    public sealed record Lost(string Reason, bool IsAnswered = false) : TelegramAnswer<T>;
}
