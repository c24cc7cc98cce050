using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>Addresses that Telegram opens, fetches or shows beside a text. One that it does not take has it refuse the whole message.</summary>
internal static class TelegramAddress
{
    /// <summary>The address, or null for one that is none of the web, or whose host has no dot: that is in somebody's own net.</summary>
    public static string? Of(Uri? url) => WebLink.Address(url) is { } address && (url!.HostNameType == UriHostNameType.IPv6 || url.Host.Contains('.', StringComparison.Ordinal)) ? address : null;
}
