using Microsoft.AspNetCore.Components;

namespace Notifier.Bot.Web.Pages;

/// <summary>One number with its name.</summary>
public sealed partial class Figure
{
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    /// <summary>Whether somebody should look into it.</summary>
    [Parameter]
    public bool Wrong { get; set; }
}
