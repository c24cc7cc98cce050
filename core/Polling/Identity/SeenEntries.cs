using System.Runtime.InteropServices;

namespace Notifier.Polling.Identity;

/// <summary>One entry that a feed has listed: its fingerprints and when it was last listed (Unix seconds). 28 bytes, little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct SeenEntry(ulong Id, ulong Link, uint Title, uint Text, uint LastListed)
{
    public Fingerprints Prints => new(Id, Link, Title, Text);
}

/// <summary>A feed's memory unpacked: every entry still listed and those that left within <see cref="Keep"/>.</summary>
/// <param name="Comparable">False for a memory under other fingerprint rules: only ids can be compared.</param>
internal sealed record SeenEntries(ReadOnlyMemory<byte> Packed, bool Comparable)
{
    /// <summary>How long an entry that left the document is remembered: one that leaves and returns is not new.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(60);

    /// <summary>Of so many that left at most: half a megabyte.</summary>
    public const int MostKept = 20_000;

    public ReadOnlySpan<SeenEntry> All => MemoryMarshal.Cast<byte, SeenEntry>(Packed.Span);

    /// <summary>When the last document that was compared listed what it did; 0 for a memory of nothing.</summary>
    public uint LastListed
    {
        get
        {
            var last = 0u;
            foreach (var entry in All)
                last = Math.Max(last, entry.LastListed);
            return last;
        }
    }

    public static SeenEntries Unpack(int version, byte[] packed) => new(packed, version == Fingerprints.Version);

    public static byte[] Pack(ReadOnlySpan<SeenEntry> entries) => MemoryMarshal.AsBytes(entries).ToArray();
}
