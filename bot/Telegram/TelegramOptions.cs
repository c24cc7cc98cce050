using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Notifier.Bot.Telegram;

/// <summary>Telegram: section <c>Notifier:Telegram</c>.</summary>
internal sealed partial class TelegramOptions : IValidatableObject
{
    public const string Section = "Notifier:Telegram";

    /// <summary>The bot's token, as BotFather gives it; <c>TELEGRAM_TOKEN</c> is its short form. Without one Telegram is left alone.</summary>
    [PasswordPropertyText(true)]
    public string Token { get; set; } = "";

    /// <summary>Where Telegram's Bot API is: scheme, host and port.</summary>
    [Required]
    public string ApiUrl { get; set; } = "https://api.telegram.org";

    /// <summary>The public https address of this process for Telegram to call; without one Notifier asks Telegram for what is new.</summary>
    public string WebhookUrl { get; set; } = "";

    public static bool IsToken(string text) => TokenForm().IsMatch(text);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(ApiUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return new ValidationResult($"“{ApiUrl}” is no web address.", [nameof(ApiUrl)]);
        if (Token.Length > 0 && !IsToken(Token))
            yield return new ValidationResult("It is no token of Telegram's: digits, a colon, then letters, digits, _ and -.", [nameof(Token)]);
        if (WebhookUrl.Length > 0 && (!Uri.TryCreate(WebhookUrl, UriKind.Absolute, out var hook) || (hook.Scheme != Uri.UriSchemeHttps && !hook.IsLoopback)))
            yield return new ValidationResult($"“{WebhookUrl}” is no https address.", [nameof(WebhookUrl)]);
    }

    [GeneratedRegex("^[0-9]{1,20}:[A-Za-z0-9_-]{1,100}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenForm();
}
