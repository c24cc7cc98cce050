namespace Notifier.Bot.Discord.Gateway;

/// <summary>Discord will not have us, however often we come back: the token is no good, or what we ask for is not allowed. Somebody has to do something.</summary>
internal sealed class GatewayRefusedException(int code, string reason) : Exception(reason)
{
    /// <summary>The gateway's close code (4004, 4010–4014), or the HTTP status.</summary>
    public int Code => code;
}
