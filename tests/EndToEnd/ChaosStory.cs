using Notifier.Tests.Support.Chaos;

namespace Notifier.Tests.EndToEnd;

/// <summary>
/// The fault harness in small: the real program lives through twenty kills, with resets, refusals, silences, drops of the gateway and a locked database around
/// it. <c>tests/bench chaos</c> is the same with hundreds.
/// </summary>
public sealed class ChaosStory
{
    private const int Kills = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task I01_H02_H03_H15_J06_Twenty_kills_amid_faults_lose_nothing_say_nothing_twice_without_a_lost_answer_and_keep_the_order()
    {
        var seed = (int)(TimeProvider.System.GetUtcNow().Ticks & int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"dotnet run --project tests/bench -- chaos --kills {Kills} --seed {seed}");
        var report = await new ChaosRun(Kills, seed, TimeSpan.FromMinutes(20)).RunAsync(Stop);
        TestContext.Current.TestOutputHelper?.WriteLine($"{report}\n{report.Kept}");
        Assert.Empty(report.Broken);
        Assert.Equal((Kills, 0, 0), (report.Kills, report.Lost, report.Inversions));
        Assert.NotEqual(0, report.Entries);
    }
}
