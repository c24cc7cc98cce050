using Microsoft.AspNetCore.Components;
using Notifier.Model;

namespace Notifier.Bot.Web.Pages;

/// <summary>Some deliveries, newest first.</summary>
public sealed partial class DeliveryTable
{
    [Parameter, EditorRequired]
    public IReadOnlyList<DeliveryRow> Rows { get; set; } = [];

    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    [Parameter, EditorRequired]
    public string Caption { get; set; } = "";

    private static string Mood(DeliveryState state) => state switch
    {
        DeliveryState.Quarantined or DeliveryState.Unknown => "wrong",
        DeliveryState.Sent => "fine",
        _ => "waiting",
    };
}
