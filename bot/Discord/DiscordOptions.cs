using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Notifier.Bot.Discord;

/// <summary>Discord: section <c>Notifier:Discord</c>.</summary>
internal sealed class DiscordOptions : IValidatableObject
{
    public const string Section = "Notifier:Discord";

    /// <summary>The bot's token; <c>DISCORD_TOKEN</c> is its short form. Without one Discord is left alone.</summary>
    [PasswordPropertyText(true)]
    public string Token { get; set; } = "";

    /// <summary>Where Discord's API is.</summary>
    [Required]
    public string ApiUrl { get; set; } = "https://discord.com/api/v10";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(ApiUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return new ValidationResult($"“{ApiUrl}” is no web address.", [nameof(ApiUrl)]);
        if (Token.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            yield return new ValidationResult("It has a blank or a line end in it; copy the token alone.", [nameof(Token)]);
    }
}
