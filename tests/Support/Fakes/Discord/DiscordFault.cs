namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>
/// What goes wrong with a request that <see cref="FakeDiscord.Next"/> names. "Stores" means that Discord does what was asked, whatever
/// becomes of the answer.
/// </summary>
internal abstract record DiscordFault
{
    /// <summary>Refused with one of Discord's errors; nothing is stored.</summary>
    public sealed record Refuse(int Status, int Code, string Message, params (string Name, string Value)[] Headers) : DiscordFault;

    /// <summary>
    /// 429, not stored. The scope is <c>user</c>, <c>global</c> or <c>shared</c>. As HTML it is Cloudflare's, whose only number is in the header; an hour when
    /// <paramref name="HeaderOnly"/> would lie is left to the test by <paramref name="HeaderAfter"/>.
    /// </summary>
    public sealed record RateLimited(TimeSpan RetryAfter, string Scope = "user", bool Html = false, TimeSpan? HeaderAfter = null) : DiscordFault;

    /// <summary>The connection is reset before anything is stored.</summary>
    public sealed record DropBefore : DiscordFault;

    /// <summary>Stores; then the connection is reset instead of answered.</summary>
    public sealed record StoreThenDrop : DiscordFault;

    /// <summary>Stores; the answer is the first half of the JSON, as a whole HTTP answer or, if it is cut, of a connection that is reset.</summary>
    public sealed record HalfAnswer(bool Cut = false) : DiscordFault;

    /// <summary>Stores; the answer is 200 and a web page.</summary>
    public sealed record Html200 : DiscordFault;

    /// <summary>Stores; the answer is 500, 502 or 504 and a web page.</summary>
    public sealed record ServerErrorAfterStore(int Status = 502) : DiscordFault;

    /// <summary>A server error and a web page; nothing is stored.</summary>
    public sealed record ServerError(int Status = 502) : DiscordFault;

    /// <summary>Stores if it shall; answers when the task completes.</summary>
    public sealed record Hang(Task Until, bool Stores = true) : DiscordFault;

    /// <summary>Answers rightly, so much later by the clock of the fake; stores before or after that wait.</summary>
    public sealed record Delay(TimeSpan By, bool StoresFirst = false) : DiscordFault;

    private DiscordFault()
    {
    }
}
