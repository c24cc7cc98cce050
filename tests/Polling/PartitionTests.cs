using Notifier.Polling;

namespace Notifier.Tests.Polling;

public class PartitionTests
{
    [Fact]
    public void Every_spelling_of_a_host_is_in_one_partition()
    {
        Assert.Equal(Partition.Of("example.org"), Partition.Of("EXAMPLE.org"));
        Assert.Equal(Partition.Of("xn--bcher-kva.example"), Partition.Of("Bücher.example"));
    }

    [Theory]
    [InlineData("example.org", 309)]
    public void Partitions_are_stored_and_so_never_change(string host, int partition) => Assert.Equal(partition, Partition.Of(host));

    [Fact]
    public void Hosts_spread_over_all_partitions() =>
        Assert.InRange(Enumerable.Range(0, 20_000).Select(i => Partition.Of($"host{i}.example")).Distinct().Count(), 1000, Partition.Count);
}
