using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Notifier.Bot.Web.Pages;

/// <summary>A time as people say it, with the exact one for machines and for whoever points at it.</summary>
public sealed partial class Moment
{
    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    /// <summary>Null is shown as a dash.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset? At { get; set; }

    private static string Exact(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Machine(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
