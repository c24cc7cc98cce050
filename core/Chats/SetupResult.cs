namespace Notifier.Chats;

/// <summary>How the set-up of a platform ended.</summary>
public abstract record SetupResult
{
    private SetupResult()
    {
    }

    /// <summary>The token works, is stored and used from now on.</summary>
    /// <param name="As">The bot's name there.</param>
    /// <param name="Invitation">The address that adds the bot to a chat; null where there is none.</param>
    public sealed record Accepted(string As, Uri? Invitation) : SetupResult;

    /// <summary>The token was not taken, and nothing has changed; why, for people.</summary>
    public sealed record Refused(string Reason) : SetupResult;
}
