using Notifier.Bot.Secrets;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Notifier.Bot.Telegram;

/// <summary>Asks Telegram whose a token is (<c>getMe</c>), which disturbs nobody who listens with it.</summary>
internal static class TelegramToken
{
    public static async Task<TokenAnswer> AskAsync(TelegramOptions options, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var client = new TelegramClient(options, () => options.Token, time);
        return await client.CallAsync(new GetMeRequest(), limit, ct) switch
        {
            TelegramAnswer<User>.Ok { Value: var me } => new TokenAnswer.Taken("@" + me.Username),
            TelegramAnswer<User>.Refused { IsToken: true } refused => new TokenAnswer.Refused(refused.Description),
            TelegramAnswer<User>.Refused refused => new TokenAnswer.Unknown($"{refused.Code} {refused.Description}"),
            TelegramAnswer<User>.NotSent not => new TokenAnswer.Unknown(not.Reason),
            TelegramAnswer<User>.Lost lost => new TokenAnswer.Unknown(lost.Reason),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }
}
