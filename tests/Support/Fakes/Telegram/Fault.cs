namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>
/// What goes wrong with one request to the fake. "Stored" means that the platform did what was asked, whatever the answer looks like then.
/// </summary>
internal abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>Nothing is stored; the answer is this error in Telegram's form, with the parameters that are given.</summary>
    public sealed record Refuse(int Code, string Description, int? RetryAfter = null, long? MigrateToChatId = null) : Fault;

    /// <summary>Nothing is stored; 429 with the seconds to wait in the body, in the header, or in both, where the header may say otherwise.</summary>
    public sealed record TooManyRequests(int RetryAfter, bool InBody = true, bool InHeader = true, int? HeaderAfter = null) : Fault;

    /// <summary>The connection is cut before anything is stored.</summary>
    public sealed record DropBefore : Fault;

    /// <summary>Stored; then the connection is cut without an answer.</summary>
    public sealed record StoreThenDrop : Fault;

    /// <summary>Stored; half of the answer arrives, then the connection is cut.</summary>
    public sealed record HalfAnswer : Fault;

    /// <summary>Status 200 with a page of HTML, as a proxy answers.</summary>
    public sealed record Html200(bool Stored = false) : Fault;

    /// <summary>Status 200 whose body says that it is not ok.</summary>
    public sealed record OkFalse200(string Description = "Internal Server Error", bool Stored = false) : Fault;

    /// <summary>A status with a page of HTML and nothing stored, as 502 of a gateway.</summary>
    public sealed record HtmlError(int Status) : Fault;

    /// <summary>Stored; then this status: 500 in Telegram's form, others as a page of a gateway.</summary>
    public sealed record ServerErrorAfterStore(int Status) : Fault;

    /// <summary>The answer waits until <paramref name="Release"/> completes; stored before or after that wait.</summary>
    public sealed record Hang(Task Release, bool StoredFirst = false) : Fault;

    /// <summary>Everything goes well, this much later by the fake's clock; stored before or after that wait.</summary>
    public sealed record Delay(TimeSpan By, bool StoredFirst = false) : Fault;
}
