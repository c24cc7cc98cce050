using System.Diagnostics;
using System.Globalization;
using System.Text;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>
/// A network that loses packets, made of Linux's own: this test program runs once more in a network namespace in which nftables drops a share of
/// all packets.
/// </summary>
public sealed class PacketLossTests
{
    private const string Share = "NOTIFIER_TEST_PACKET_LOSS";

    [Theory(Timeout = 300_000)]
    [InlineData(10)]
    [InlineData(30)]
    public async Task B17_No_entry_is_lost_with_packets(int percent)
    {
        var missing = Missing();
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(missing is null, missing);
        Assert.SkipWhen(missing is not null, missing ?? "");

        var (exit, said) = await RunAsync(
            "unshare",
            ["-n", "sh", "-ec", $$"""
                ip link set lo up
                nft add table inet loss
                nft 'add chain inet loss in { type filter hook input priority 0; }'
                nft 'add rule inet loss in numgen random mod 100 < {{percent}} counter drop'
                "$0" -noColor -noLogo -explicit only -method '*.{{nameof(PacketLossTests)}}.{{nameof(Inside_the_namespace)}}'
                nft list chain inet loss in
                """, Environment.ProcessPath!],
            percent);

        Assert.True(exit == 0 && said.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", StringComparison.Ordinal), said);
        Assert.Matches("counter packets [1-9][0-9]+", said);
    }

    /// <summary>Each of twenty feeds publishes an entry a round; what a poll fails to get, a later one gets.</summary>
    [Fact(Explicit = true, Timeout = 240_000)]
    public async Task Inside_the_namespace()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Share) is null, "This runs in a namespace that loses packets, for the test above.");
        await using var desk = new Desk();
        desk.Fetching.TimeLimit = TimeSpan.FromSeconds(5);

        // The kernel sends again by its own clock, so ours has to go as well.
        await using var going = TimeProvider.System.CreateTimer(_ => desk.Time.Advance(TimeSpan.FromSeconds(0.5)), null, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5));
        var round = 0;
        await using var server = new RawServer(exchange =>
        {
            var entries = Enumerable.Range(0, Volatile.Read(ref round) + 1).Select(i => ($"{i}", $"{exchange.Path[1..]}-{i}", new string('x', 5000))).Reverse();
            return exchange.SendAsync("", Encoding.UTF8.GetBytes(FeedSite.Rss([.. entries])));
        });
        for (var i = 0; i < 20; i++)
            await desk.SubscribeAsync(server.Url($"h{i}.test", $"/{i}"), "a");
        var missed = 0;
        while (await desk.ReadAsync(db => db.Feeds.Any(f => f.LastSuccess == null)))
            await PollAllAsync();
        for (round = 1; round < 5; round++)
            await PollAllAsync();
        do
            await PollAllAsync();
        while (await desk.ReadAsync(db => db.Feeds.Any(f => f.FailuresInARow > 0)));

        var owed = await desk.OwedAsync("a");
        Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => Enumerable.Range(1, 5).Select(entry => (string?)$"{i}-{entry}")).Order(StringComparer.Ordinal), owed.Order(StringComparer.Ordinal));
        TestContext.Current.SendDiagnosticMessage("{0} polls failed", missed);

        async Task PollAllAsync()
        {
            await desk.ExecuteAsync("UPDATE Feeds SET NextPoll=0");
            missed += (await desk.PollAsync()).Failed;
        }
    }

    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
            return "There are no network namespaces but on Linux.";
        string[] folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
        foreach (var (program, package) in new[] { ("nft", "nftables"), ("ip", "iproute2"), ("unshare", "util-linux") })
        {
            if (!Array.Exists(folders, folder => File.Exists(Path.Combine(folder, program))))
                return $"There is no {program}: install Debian's package {package}, or let tests/run do it.";
        }

        return Environment.IsPrivilegedProcess ? null : "Only root may make a network namespace that loses packets.";
    }

    private static async Task<(int Exit, string Said)> RunAsync(string program, string[] arguments, int percent)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Share] = percent.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        try
        {
            var (said, complained) = (process.StandardOutput.ReadToEndAsync(Desk.Token), process.StandardError.ReadToEndAsync(Desk.Token));
            await process.WaitForExitAsync(Desk.Token);
            return (process.ExitCode, await said + await complained);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
