using Notifier.Bot.Discord;
using Notifier.Bot.Secrets;
using Notifier.Bot.Telegram;

namespace Notifier.Bot.Doctor;

/// <summary>The platforms' tokens: set or not, and what the platform says of each.</summary>
internal static class TokenCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> AskAsync(Installation installation, TimeProvider time, CancellationToken ct)
    {
        var discord = installation.Options<DiscordOptions>(DiscordOptions.Section);
        var telegram = installation.Options<TelegramOptions>(TelegramOptions.Section);
        var findings = await Task.WhenAll(
            AskAsync(installation, "Discord", discord.Token, DiscordOptions.Section, () => DiscordToken.AskAsync(discord, Patience, time, ct)),
            AskAsync(installation, "Telegram", telegram.Token, TelegramOptions.Section, () => TelegramToken.AskAsync(telegram, Patience, time, ct)));
        return [.. findings];
    }

    private static async Task<Finding> AskAsync(Installation installation, string platform, string token, string section, Func<Task<TokenAnswer>> ask)
    {
        var (name, setting) = ($"token {platform}", $"{section}:{nameof(DiscordOptions.Token)}");
        if (installation.Faults.Any(fault => fault.Key == setting))
            return Finding.Fault(name, "It has not the form of a token, so it was not shown to anybody.", $"Copy the token anew into {setting}, or use /setup {platform.ToLowerInvariant()} at the Terminal.");
        if (token.Length == 0)
            return Finding.Ok(name, $"not set up; /setup {platform.ToLowerInvariant()} at the Terminal, or the setting {setting}, does that");
        return await ask() switch
        {
            TokenAnswer.Taken taken => Finding.Ok(name, $"set, and {platform} knows it as {taken.As}"),
            TokenAnswer.Refused refused => Finding.Fault(name, $"{platform} refuses it: {refused.Reason}", $"Have a new token made and give it by /setup {platform.ToLowerInvariant()} at the Terminal, or as the setting {setting}."),
            TokenAnswer.Unknown unknown => Finding.Warning(name, $"set, but {platform} did not say whether it is good: {unknown.Reason}", $"See that this machine reaches {section}:ApiUrl; then ask again."),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }
}
