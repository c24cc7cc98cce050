using System.Net;
using System.Net.Sockets;

namespace Notifier.Feeds.Fetching;

/// <summary>Sorts IP addresses by their bytes, from IANA's special-purpose registries. IPv6 is closed by default.</summary>
internal static class Addresses
{
    // Metadata services of clouds, beside link-local, which holds most of them.
    private static readonly IPNetwork[] Never = Networks(
        "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32",
        "fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128", "fd00:42::42/128",
        // IPv4 in disguise: translated, local-use NAT64 (RFC 8215), Teredo, 6to4. Who means the IPv4 address can write it.
        "::ffff:0:0:0/96", "64:ff9b:1::/48", "2001::/32", "2002::/16");

    // https://www.iana.org/assignments/iana-ipv4-special-registry
    private static readonly IPNetwork[] Private = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        // https://www.iana.org/assignments/iana-ipv6-special-registry, as far as it lies in 2000::/3
        "2001::/23", "2001:db8::/32", "3fff::/20");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static AddressKind KindOf(IPAddress address)
    {
        // Before any look at a network: IPNetwork.Contains compares the IPv4 part of a mapped address, so that 2000::/3 contains ::ffff:8.8.8.8.
        if (address.IsIPv4MappedToIPv6 || In(Never, address))
            return AddressKind.Never;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return In(Private, address) ? AddressKind.Private : AddressKind.Public;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return AddressKind.Never;

        var bytes = address.GetAddressBytes();
        // RFC 6052: homes with IPv6 only reach the IPv4 web through it, so the address inside decides.
        if (Nat64.Contains(address))
            return KindOf(new IPAddress(bytes.AsSpan(12)));
        if (IsCompatible(bytes) || IsIsatap(bytes))
            return AddressKind.Never;
        return GlobalUnicast.Contains(address) && !In(Private, address) ? AddressKind.Public : AddressKind.Private;
    }

    /// <summary>::a.b.c.d (RFC 4291 §2.5.5.1), but neither :: nor ::1.</summary>
    private static bool IsCompatible(ReadOnlySpan<byte> bytes) =>
        !bytes[..12].ContainsAnyExcept((byte)0) && (bytes[12..15].ContainsAnyExcept((byte)0) || bytes[15] > 1);

    /// <summary>An interface identifier of [02]00:5efe:a.b.c.d (RFC 5214 §6.1) under any prefix.</summary>
    private static bool IsIsatap(ReadOnlySpan<byte> bytes) => bytes[8..12] is [0 or 2, 0, 0x5e, 0xfe];

    private static bool In(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    private static IPNetwork[] Networks(params ReadOnlySpan<string> texts)
    {
        var networks = new IPNetwork[texts.Length];
        for (var i = 0; i < texts.Length; i++)
            networks[i] = IPNetwork.Parse(texts[i]);
        return networks;
    }
}
