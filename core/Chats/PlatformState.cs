namespace Notifier.Chats;

/// <summary>How a platform is, for people: what it waits for or what is wrong.</summary>
public abstract record PlatformState
{
    private PlatformState()
    {
    }

    /// <summary>It has no token; the others do not need it.</summary>
    public sealed record NotSetUp : PlatformState;

    /// <summary>It has a token and is on its way to listen.</summary>
    public sealed record Connecting : PlatformState;

    /// <summary>It listens.</summary>
    /// <param name="As">The name people see there; empty where there is none.</param>
    public sealed record Ready(string As) : PlatformState;

    /// <summary>It cannot be reached for now, and tries again by itself.</summary>
    public sealed record Troubled(string Reason) : PlatformState;

    /// <summary>It refuses the token: nothing is tried until there is another one.</summary>
    public sealed record Closed(string Reason) : PlatformState;
}
