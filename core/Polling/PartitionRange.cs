using System.Runtime.InteropServices;

namespace Notifier.Polling;

/// <summary>A share of the feeds: those whose host falls into one of these partitions, both ends included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PartitionRange(int First, int Last)
{
    public static readonly PartitionRange All = new(0, Partition.Count - 1);
}
