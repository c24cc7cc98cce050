using System.Net;
using System.Net.NetworkInformation;

namespace Notifier.Feeds.Fetching;

/// <summary>The addresses of this machine: a feed must not lead back to what listens here, even on a public one.</summary>
internal sealed class OwnAddresses(TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private Snapshot? _last;

    public bool Contains(IPAddress address)
    {
        var last = _last;
        if (last is null || time.GetElapsedTime(last.Taken) > KeptFor)
            _last = last = new Snapshot(time.GetTimestamp(), Read());
        return last.Addresses.Contains(address);
    }

    private static HashSet<IPAddress> Read()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses, (_, own) => own.Address)];
        }
        catch (NetworkInformationException)
        {
            // A sandbox may hide the interfaces; then there is nothing to compare with.
            return [];
        }
    }

    private sealed record Snapshot(long Taken, HashSet<IPAddress> Addresses);
}
