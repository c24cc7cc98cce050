using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Notifier.Polling;

/// <summary>A share of the feeds, by host: politeness to a host lives in one place, wherever that place is.</summary>
public static class Partition
{
    public const int Count = 1024;

    /// <summary>0 to 1023, the same for every spelling of a host and for ever: it is stored.</summary>
    public static int Of(string host)
    {
        if (!Ascii.IsValid(host))
            host = new IdnMapping().GetAscii(host);
        return (int)(XxHash64.HashToUInt64(Encoding.ASCII.GetBytes(host.ToLowerInvariant())) & (Count - 1));
    }
}
