using System.Net;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

public class AddressesTests
{
    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("1.1.1.1")]
    [InlineData("100.128.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:2800:21f:cb07::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2a00:1450:4001::200e")]
    public void Addresses_of_the_web_are_public(string address) => Assert.Equal(AddressKind.Public, KindOf(address));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    public void A01_Loopback_is_closed(string address) => Assert.Equal(AddressKind.Private, KindOf(address));

    [Theory]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://0/")]
    public void A02_Odd_spellings_of_IPv4_are_closed(string url) =>
        Assert.NotEqual(AddressKind.Public, KindOf(new Uri(url).IdnHost));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("::")]
    public void A03_The_unspecified_address_is_closed(string address) => Assert.Equal(AddressKind.Private, KindOf(address));

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    public void A04_Private_and_documentation_networks_are_closed(string address) => Assert.Equal(AddressKind.Private, KindOf(address));

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.0.1")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd00:ec2::23")]
    [InlineData("fd20:ce::254")]
    [InlineData("fe80::a9fe:a9fe")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("::169.254.169.254")]
    public void A04_Metadata_stays_closed_even_with_private_networks_allowed(string address)
    {
        var open = new PublicNetworkOnly(new FetchOptions { AllowPrivateNetworks = true, AllowedNetworks = ["0.0.0.0/0", "::/0"] }, TimeProvider.System);

        Assert.Equal(AddressKind.Never, KindOf(address));
        Assert.False(open.Allows(IPAddress.Parse(address)));
        Assert.True(open.Allows(IPAddress.Parse("10.0.0.5")));
    }

    [Theory]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    public void A05_Multicast_and_reserved_are_closed(string address) => Assert.Equal(AddressKind.Private, KindOf(address));

    [Theory]
    [InlineData("::1")]
    [InlineData("0:0:0:0:0:0:0:1")]
    [InlineData("::0001")]
    [InlineData("0000:0000:0000:0000:0000:0000:0000:0001")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:7f00:1")]
    [InlineData("::ffff:8.8.8.8")]
    public void A06_IPv6_loopback_and_mapped_IPv4_are_closed(string address) => Assert.NotEqual(AddressKind.Public, KindOf(address));

    [Theory]
    [InlineData("::127.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("2001:4860::5efe:127.0.0.1")]
    [InlineData("2001:4860::200:5efe:127.0.0.1")]
    public void A07_Compatible_translated_and_ISATAP_are_closed(string address) => Assert.Equal(AddressKind.Never, KindOf(address));

    [Theory]
    [InlineData("64:ff9b::93.184.215.14", "Public")]
    [InlineData("64:ff9b::10.0.0.5", "Private")]
    [InlineData("64:ff9b::127.0.0.1", "Private")]
    [InlineData("64:ff9b::168.63.129.16", "Never")]
    public void A08_NAT64_is_judged_by_the_address_inside(string address, string kind) => Assert.Equal(kind, KindOf(address).ToString());

    [Theory]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:5db8:d70e::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:2::1")]
    [InlineData("2001:20::1")]
    [InlineData("2001:db8::1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("5f00::1")]
    [InlineData("3fff::1")]
    [InlineData("4000::1")]
    [InlineData("1::1")]
    public void A09_Tunnels_and_special_blocks_are_closed(string address) => Assert.NotEqual(AddressKind.Public, KindOf(address));

    [Theory]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void A10_Local_and_multicast_IPv6_is_closed(string address) => Assert.NotEqual(AddressKind.Public, KindOf(address));

    [Fact]
    public void A24_This_machine_knows_its_own_addresses()
    {
        var own = new OwnAddresses(TimeProvider.System);

        Assert.True(own.Contains(IPAddress.Loopback));
        Assert.False(own.Contains(IPAddress.Parse("93.184.215.14")));
    }

    [Fact]
    public void Networks_can_be_opened_one_by_one()
    {
        var network = new PublicNetworkOnly(new FetchOptions { AllowedNetworks = ["192.168.1.0/24", "10.0.0.5", "fd12::/16"] }, TimeProvider.System);

        Assert.True(network.Allows(IPAddress.Parse("192.168.1.77")));
        Assert.True(network.Allows(IPAddress.Parse("10.0.0.5")));
        Assert.True(network.Allows(IPAddress.Parse("fd12::1")));
        Assert.False(network.Allows(IPAddress.Parse("192.168.2.77")));
        Assert.False(network.Allows(IPAddress.Parse("10.0.0.6")));
    }

    [Fact]
    public void Options_say_which_network_cannot_be_read()
    {
        var options = new FetchOptions { AllowedNetworks = ["10.0.0.0/8", "my lan"] };

        var fault = Assert.Single(options.Validate(new(options)));

        Assert.Contains("my lan", fault.ErrorMessage, StringComparison.Ordinal);
    }

    private static AddressKind KindOf(string address) => Addresses.KindOf(IPAddress.Parse(address));
}
