using System.ComponentModel.DataAnnotations;

namespace Notifier.Bot.Web;

/// <summary>The process's own web server: section <c>Notifier:Web</c>.</summary>
internal sealed class WebOptions : IValidatableObject
{
    public const string Section = "Notifier:Web";

    /// <summary>Where Notifier's own web server listens. On the default, another port is taken when this one is in use.</summary>
    [Required]
    public string Url { get; set; } = Default;

    public const string Default = "http://127.0.0.1:8080";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
            yield return new ValidationResult($"“{Url}” is not an address to listen on, such as {Default}.", [nameof(Url)]);
    }
}
