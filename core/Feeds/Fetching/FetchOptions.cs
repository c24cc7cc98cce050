using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Notifier.Feeds.Fetching;

/// <summary>How far a fetch may go: which networks, how long, how much. Part of the section <c>Notifier:Polling</c>.</summary>
public sealed class FetchOptions : IValidatableObject
{
    /// <summary>Lets feeds live on private networks and on any port there; metadata addresses stay closed. Off by default.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Private networks that feeds may live on, as CIDRs (<c>192.168.1.0/24</c>) or single addresses.</summary>
    public IList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Exact addresses on loopback that may be fetched: our own demo feed, and nothing else of that server. Not a setting.</summary>
    [Browsable(false)]
    public IReadOnlyList<Uri> AllowedUrls { get; set; } = [];

    /// <summary>Connections kept to one host at the same time, 1 to 256.</summary>
    [Range(1, 256)]
    public int ConnectionsPerHost { get; set; } = 2;

    /// <summary>The time for one fetch from the name look-up to the last byte, redirects included: 1 second to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The part of the time that connecting may take, name look-up included: 1 second to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest body in bytes, before and after decompression: 64 KiB to 64 MiB.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var text in AllowedNetworks)
        {
            if (!TryReadNetwork(text, out _))
                yield return new ValidationResult($"“{text}” is not a network such as 192.168.1.0/24.", [nameof(AllowedNetworks)]);
        }
    }

    internal static bool TryReadNetwork(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        if (!IPAddress.TryParse(text, out var address))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
