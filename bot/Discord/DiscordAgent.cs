namespace Notifier.Bot.Discord;

/// <summary>Who we say we are to Discord, on every request and on the gateway. Without it Cloudflare turns us away (code 40333).</summary>
internal static class DiscordAgent
{
    public static readonly string Name = $"DiscordBot (https://github.com/notifier/notifier, {typeof(DiscordAgent).Assembly.GetName().Version?.ToString(3)})";
}
