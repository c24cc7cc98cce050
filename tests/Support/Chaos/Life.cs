using Notifier.Tests.Support.Fakes.Discord;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Support.Chaos;

/// <summary>One life of the program, from its start to the kill, as it was decided beforehand.</summary>
/// <param name="Incidents">In order of time.</param>
/// <param name="OnDiscord">What befalls its messages to channels there, one after another.</param>
/// <param name="InForums">The same for posts in forums.</param>
/// <param name="OnTelegram">The same for messages there.</param>
internal sealed record Life(
    IReadOnlyList<Incident> Incidents,
    IReadOnlyList<DiscordFault> OnDiscord,
    IReadOnlyList<DiscordFault> InForums,
    IReadOnlyList<Fault> OnTelegram,
    Death Death);

/// <summary>What happens around the program while it lives.</summary>
/// <param name="At">So long after it was ready; zero is before it starts.</param>
internal abstract record Incident(TimeSpan At)
{
    /// <summary>A feed publishes. Publications that a kill comes before follow it: as many entries are published whatever the machine does.</summary>
    public sealed record Publication(TimeSpan At, int Feed, int Count) : Incident(At);

    /// <summary>A feed's server answers with this status until the life is over.</summary>
    public sealed record FeedTrouble(TimeSpan At, int Feed, int Status) : Incident(At);

    public sealed record GatewayTrouble(TimeSpan At, GatewayTroubleKind Kind) : Incident(At);

    /// <summary>The first call of a kind that sends nothing (who am I, what is new) is answered with 502.</summary>
    public sealed record CallTrouble(TimeSpan At, bool OnDiscord) : Incident(At);

    /// <summary>Another program holds the database's write lock so long.</summary>
    public sealed record LockedDatabase(TimeSpan At, TimeSpan Length) : Incident(At);
}

internal enum GatewayTroubleKind
{
    Reconnect,
    Abort,
    Invalidate,
    Close,
}

/// <summary>When SIGKILL comes: so long after it was ready, or that long after so many sends arrived at the platforms, should those come first.</summary>
internal sealed record Death(TimeSpan AtLatest, int? Sends = null, TimeSpan AfterSends = default);
