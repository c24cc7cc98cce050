using System.Text.Json;

namespace Notifier.Bot.Discord.Rest;

/// <summary>How a request to Discord ended. Faults of the network and of Discord are values here, never exceptions.</summary>
internal abstract record DiscordAnswer
{
    private DiscordAnswer()
    {
    }

    /// <summary>Done. <paramref name="Body"/> is an object or an array, or undefined where Discord answers without one (204).</summary>
    public sealed record Ok(JsonElement Body) : DiscordAnswer;

    /// <summary>Certainly not done, and it would be refused again: 401 means that the token is no good.</summary>
    /// <param name="Code">Discord's own code (resources: JSON error codes); 0 if there is none.</param>
    /// <param name="Message">For the log: Discord's words, and which fields it means.</param>
    /// <param name="RetryAfter">Set where it says that it would not be refused later.</param>
    public sealed record Refused(int Status, int Code, string Message, TimeSpan? RetryAfter = null) : DiscordAnswer;

    /// <summary>Certainly not done, for it came too early: Discord said so (429), or would have and was not asked.</summary>
    /// <param name="IsGlobal">The whole token has to wait, not this bucket alone.</param>
    /// <param name="IsCrowded">Discord did not say so: all places of this second are taken, and the next one goes to whoever asks first.</param>
    public sealed record Wait(TimeSpan Delay, bool IsGlobal, bool IsCrowded = false) : DiscordAnswer;

    /// <summary>Certainly not done: Discord was not reached. It may be sent again with no risk of a copy.</summary>
    public sealed record NotSent(string Reason) : DiscordAnswer;

    /// <summary>The answer was lost, is unreadable or a 5xx: it may have been done.</summary>
    /// <param name="IsAnswered">It was a 5xx: Discord met a fault of its own.</param>
    public sealed record Lost(string Reason, bool IsAnswered = false) : DiscordAnswer;
}
