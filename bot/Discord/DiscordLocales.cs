namespace Notifier.Bot.Discord;

/// <summary>Languages as Discord names them (https://docs.discord.com/developers/reference#locales): it refuses all commands for one name that it does not know.</summary>
internal static class DiscordLocales
{
    /// <summary>Discord's name of a language that the commands can be described in.</summary>
    /// <param name="code">Notifier's code of it.</param>
    /// <returns>Null for none, and for English, which Discord has in two kinds.</returns>
    public static string? Of(string code) => code switch
    {
        "bg" or "cs" or "da" or "de" or "el" or "fi" or "fr" or "hi" or "hr" or "hu" or "id" or "it" or "ja" or "ko"
            or "lt" or "nl" or "no" or "pl" or "ro" or "ru" or "th" or "tr" or "uk" or "vi" => code,
        "es" => "es-ES",
        "nb" => "no",
        "pt" => "pt-BR",
        "sv" => "sv-SE",
        "zh" => "zh-CN",
        _ => null,
    };
}
