using Notifier.Feeds.Fetching;
using Notifier.Tests.Support.Internet;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

/// <summary>The guard as it is in the product, in a network where everything that must not be reached is there and answers.</summary>
public sealed class HostileAddressTests(HostileInternet internet) : IClassFixture<HostileInternet>
{
    private const string Redirected = "public.test redirects to an address that is not public, so I do not follow it.";

    [Fact]
    public void A01_Loopback_by_any_name_is_not_reached() => AssertClosed("A01");

    [Fact]
    public void A02_Odd_spellings_of_IPv4_are_not_reached() => AssertClosed("A02");

    [Fact]
    public void A03_The_unspecified_address_is_not_reached() => AssertClosed("A03");

    [Fact]
    public void A04_Private_networks_and_metadata_are_not_reached() => AssertClosed("A04");

    [Fact]
    public void A05_Multicast_and_reserved_addresses_are_not_reached() => AssertClosed("A05");

    [Fact]
    public void A06_IPv6_loopback_and_mapped_IPv4_are_not_reached() => AssertClosed("A06");

    [Fact]
    public void A07_Compatible_translated_and_ISATAP_addresses_are_not_reached() => AssertClosed("A07");

    [Fact]
    public void A08_NAT64_of_a_private_address_is_not_reached() => AssertClosed("A08");

    [Fact]
    public void A09_Tunnels_and_special_blocks_are_not_reached() => AssertClosed("A09");

    [Fact]
    public void A10_Local_and_multicast_IPv6_is_not_reached() => AssertClosed("A10");

    [Fact]
    public void A11_Disguised_hosts_are_not_reached() => AssertClosed("A11");

    [Theory]
    [InlineData("A01")]
    [InlineData("A06")]
    [InlineData("A08")]
    [InlineData("A13")]
    [InlineData("A25")]
    public void A01_A06_A08_A13_A25_Public_addresses_are_reached_and_nothing_else(string row)
    {
        foreach (var (_, url, address) in HostileTour.Open.Where(open => open.Row == row))
        {
            var visit = Assert.Single(internet.Visits("guarded", row), visit => visit.Url == url);
            Assert.Equal((nameof(FetchResult.Fetched), address, 1), (visit.Outcome, string.Join(' ', visit.Reached), visit.Attempts));
        }
    }

    [Fact]
    public void A04_With_private_networks_allowed_they_are_reached_and_metadata_is_not()
    {
        var visits = internet.Visits("lan");
        string[] metadata = ["169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "64:ff9b::a9fe:a9fe", "fe80::1"];

        Assert.Contains(visits, visit => visit.Reached.Contains("10.0.0.5"));
        Assert.Contains(visits, visit => visit.Reached.Contains("192.168.1.1"));
        Assert.DoesNotContain(visits, visit => visit.Reached.Any(address => metadata.Any(closed => address.StartsWith(closed, StringComparison.Ordinal))));
        Assert.Equal(0, visits.Single(visit => visit.Url == "http://metadata.test/").Attempts);
    }

    [Fact]
    public void A12_A_name_that_changes_its_answer_leads_to_the_public_address_or_nowhere()
    {
        var visits = internet.Visits("rebinding");

        Assert.Equal(HostileTour.Rebindings, visits.Count);
        Assert.Equal(["93.184.216.34"], visits.SelectMany(visit => visit.Reached).Distinct());
        Assert.Equal(HostileTour.Rebindings / 2, visits.Count(visit => visit.Outcome == nameof(FetchResult.Fetched)));
        Assert.Equal(HostileTour.Rebindings / 2, visits.Count(visit => visit.Outcome == nameof(FetchFailure.NotPublic)));
    }

    [Fact]
    public void A12_Looking_the_name_up_first_leads_inside_every_time() =>
        Assert.Equal(HostileTour.Rebindings, internet.Visits("naive rebinding").Count(visit => visit.Reached is ["10.0.0.5"]));

    [Fact]
    public void A14_An_alias_of_a_private_name_is_not_public()
    {
        var visit = Odd("http://cname.test/");

        Assert.Equal((nameof(FetchFailure.NotPublic), PublicNetworkOnly.Reason.Said(), 0), (visit.Outcome, visit.Reason, visit.Attempts));
    }

    [Fact]
    public void A14_Of_sixty_addresses_four_are_tried() => Assert.Equal((nameof(FetchFailure.Refused), 4), (Odd("http://many.test:9999/").Outcome, Odd("http://many.test:9999/").Attempts));

    [Theory]
    [InlineData("empty.test", "There is no host named empty.test. Is it spelled right?")]
    [InlineData("nowhere.test", "There is no host named nowhere.test. Is it spelled right?")]
    [InlineData("failing.test", "The name failing.test could not be looked up at the moment.")]
    public void A14_A_name_that_leads_nowhere_is_told_in_words(string host, string reason)
    {
        var visit = Odd($"http://{host}/");

        Assert.Equal((nameof(FetchFailure.NameNotFound), reason), (visit.Outcome, visit.Reason));
    }

    [Fact]
    public void A15_No_redirect_reaches_what_is_closed()
    {
        var visits = internet.Visits("redirected");

        Assert.Equal(HostileAddresses.All.Count * HostileTour.Statuses.Length, visits.Count);
        Assert.All(visits, visit =>
        {
            Assert.Equal(["93.184.216.34"], visit.Reached);
            Assert.Equal(1, visit.Attempts);
            Assert.True(visit is { Outcome: nameof(FetchFailure.NotPublic), Reason: Redirected } or { Outcome: nameof(FetchFailure.BadAddress) }, visit.ToString());
        });
        Assert.All(visits.Where(visit => visit.Row is not ("A10" or "A11")), visit => Assert.Equal(Redirected, visit.Reason));
    }

    [Fact]
    public void A15_Without_the_guard_redirects_reach_it() => Assert.True(internet.Visits("naive redirected").Count(visit => visit.Reached.Any(address => address != "93.184.216.34")) > 40);

    [Fact]
    public void A24_What_listens_on_this_machines_own_public_address_is_not_reached() => AssertClosed("A24");

    [Fact]
    public void A25_Ports_that_no_web_site_uses_are_not_even_tried()
    {
        var visits = internet.Visits("guarded", "A25").Where(visit => HostileTour.Ports.Contains((visit.Row, visit.Url))).ToList();

        Assert.Equal(HostileTour.Ports.Count, visits.Count);
        Assert.All(visits, visit => Assert.Equal((nameof(FetchFailure.BadAddress), 0), (visit.Outcome, visit.Attempts)));
        Assert.All(internet.Visits("naive", "A25"), visit => Assert.Equal(["93.184.216.34"], visit.Reached));
    }

    [Fact]
    public void A26_Open_closed_and_filtered_private_targets_answer_the_same_and_none_is_tried()
    {
        var visits = internet.Visits("guarded", "A26");

        Assert.Equal(HostileTour.Private.Count, visits.Count);
        Assert.All(visits, visit => Assert.Equal((nameof(FetchFailure.NotPublic), PublicNetworkOnly.Reason.Said(), 0), (visit.Outcome, visit.Reason, visit.Attempts)));
    }

    [Fact]
    public void A30_While_fifty_names_are_never_answered_another_feed_is_read()
    {
        var silent = internet.Visits("silence");

        Assert.Equal(nameof(FetchResult.Fetched), Assert.Single(internet.Visits("beside silence")).Outcome);
        Assert.Equal(NameServer.SilentNames, silent.Count);
        Assert.All(silent, visit => Assert.Equal(nameof(FetchFailure.TimedOut), visit.Outcome));
    }

    private Visit Odd(string url) => internet.Visits("guarded", "A14").Single(visit => visit.Url == url);

    /// <summary>Nothing of a row is reached, nor even tried; without the guard it is.</summary>
    private void AssertClosed(string row)
    {
        Assert.All(internet.Visits("guarded", row).Where(visit => HostileTour.Open.All(open => open.Url != visit.Url)), visit =>
        {
            Assert.Empty(visit.Reached);
            Assert.Equal(0, visit.Attempts);
            Assert.True(visit is { Outcome: nameof(FetchFailure.BadAddress) } || (visit.Outcome, visit.Reason) == (nameof(FetchFailure.NotPublic), PublicNetworkOnly.Reason.Said()), visit.ToString());
        });
        Assert.Contains(internet.Visits("naive", row), visit => visit.Reached.Length > 0);
    }
}
