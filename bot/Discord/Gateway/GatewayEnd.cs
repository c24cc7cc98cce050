namespace Notifier.Bot.Discord.Gateway;

/// <summary>How a connection to the gateway ended, and so how to go on.</summary>
internal abstract record GatewayEnd(string Reason)
{
    /// <summary>The gateway could not be reached, or did not say hello.</summary>
    public sealed record Unreachable(string Reason) : GatewayEnd(Reason);

    /// <summary>The session may be resumed.</summary>
    public sealed record Resume(string Reason) : GatewayEnd(Reason);

    /// <summary>The session is over.</summary>
    public sealed record NewSession(string Reason) : GatewayEnd(Reason);

    /// <summary>Coming back would not help.</summary>
    public sealed record Refused(int Code, string Reason) : GatewayEnd(Reason);

    /// <summary>What a close code of the gateway means; null for a connection that broke without one.</summary>
    public static GatewayEnd Of(int? code) => code switch
    {
        null => new Resume("The connection broke."),
        4004 => new Refused(4004, "Discord does not accept the bot's token."),
        4010 => new Refused(4010, "Discord says that the shard is wrong."),
        4011 => new Refused(4011, "The bot is in too many servers for one connection (sharding is required)."),
        4012 => new Refused(4012, "Discord does not speak this version of its gateway any more. Notifier needs an update."),
        4013 => new Refused(4013, "Discord says that the intents are wrong."),
        4014 => new Refused(4014, "Discord does not allow the bot these intents."),
        4007 or 4009 => new NewSession($"Discord ended the session ({code})."),
        _ => new Resume($"Discord closed the connection ({code})."),
    };
}
