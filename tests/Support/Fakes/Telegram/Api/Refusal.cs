namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>Telegram's no to a request: the error code, its words, and the two parameters that an error can carry.</summary>
internal sealed class Refusal(int code, string description, int? retryAfter = null, long? migrateToChatId = null) : Exception(description)
{
    public int Code => code;

    public int? RetryAfter => retryAfter;

    public long? MigrateToChatId => migrateToChatId;

    public static Refusal Bad(string what) => new(400, "Bad Request: " + what);

    public static Refusal Forbidden(string what) => new(403, "Forbidden: " + what);

    public static Refusal Conflict(string what) => new(409, "Conflict: " + what);

    /// <summary>Telegram would do it, the fake cannot: kept as unexpected, so that a test does not go on by mistake.</summary>
    public static Refusal NotPlayed(string what) => new(501, $"{what}, which the fake does not play");

    public static Refusal TooManyRequests(int seconds) => new(429, $"Too Many Requests: retry after {seconds}", retryAfter: seconds);
}
