using System.ComponentModel.DataAnnotations;

namespace Notifier.Bot.Web;

/// <summary>The process's own web server: section <c>Notifier:Web</c>.</summary>
internal sealed class WebOptions
{
    public const string Section = "Notifier:Web";

    /// <summary>Where it listens. On the default, another port is taken when this one is in use.</summary>
    [Required, Url]
    public string Url { get; set; } = Default;

    public const string Default = "http://127.0.0.1:8080";
}
