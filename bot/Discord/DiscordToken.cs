using Microsoft.Extensions.Logging.Abstractions;
using Notifier.Bot.Discord.Rest;
using Notifier.Bot.Secrets;

namespace Notifier.Bot.Discord;

/// <summary>Asks Discord whose a token is (<c>users/@me</c>), which disturbs nobody who is connected with it.</summary>
internal static class DiscordToken
{
    public static async Task<TokenAnswer> AskAsync(DiscordOptions options, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var rest = new DiscordRest(new Uri(options.ApiUrl), () => options.Token, new RateLimits(time), time, NullLogger<DiscordRest>.Instance);
        using var timeUp = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, ct);
        try
        {
            return await rest.SendAsync(new DiscordRequest(HttpMethod.Get, "/users/@me"), either.Token) switch
            {
                DiscordAnswer.Ok { Body: var me } => new TokenAnswer.Taken(me.Text("global_name") ?? me.Text("username") ?? ""),
                DiscordAnswer.Refused refused when DiscordResults.IsToken(refused) => new TokenAnswer.Refused(refused.Message),
                DiscordAnswer.Refused refused => new TokenAnswer.Unknown(refused.Message),
                DiscordAnswer.NotSent not => new TokenAnswer.Unknown(not.Reason),
                DiscordAnswer.Lost lost => new TokenAnswer.Unknown(lost.Reason),
                DiscordAnswer.Wait wait => new TokenAnswer.Unknown($"It asks to wait {wait.Delay.TotalSeconds:0} seconds."),
                var other => throw new InvalidOperationException($"No such answer: {other}"),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new TokenAnswer.Unknown($"Discord gave no answer within {limit.TotalSeconds:0} seconds.");
        }
    }
}
