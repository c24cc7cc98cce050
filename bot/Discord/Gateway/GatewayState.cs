namespace Notifier.Bot.Discord.Gateway;

/// <summary>How we stand with Discord's gateway.</summary>
internal abstract record GatewayState
{
    private GatewayState()
    {
    }

    /// <summary>Not running.</summary>
    public sealed record Stopped : GatewayState;

    public sealed record Connecting : GatewayState;

    /// <summary>Events come.</summary>
    public sealed record Ready(DateTimeOffset Since) : GatewayState;

    /// <summary>Connects again at that time. <paramref name="Reason"/> is a sentence for a person.</summary>
    public sealed record Waiting(DateTimeOffset Until, string Reason) : GatewayState;
}
