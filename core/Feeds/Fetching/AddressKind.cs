namespace Notifier.Feeds.Fetching;

/// <summary>What an IP address is to us.</summary>
internal enum AddressKind
{
    Public,

    /// <summary>Inside somebody's network, or reserved: closed unless the operator opens it.</summary>
    Private,

    /// <summary>Cloud metadata, link-local, or an IPv4 address in IPv6 disguise: closed whatever the settings say.</summary>
    Never,
}
