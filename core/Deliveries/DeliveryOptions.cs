namespace Notifier.Deliveries;

/// <summary>How entries are delivered: section <c>Notifier:Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    public const string Section = "Notifier:Delivery";

    /// <summary>Where a platform cannot tell whether a message arrived: true, it is not sent again and may be missing; false, it is sent again and may come twice. A chat may choose the former for itself.</summary>
    public bool AtMostOnce { get; set; }
}
