using System.Diagnostics;

namespace Notifier.Bench;

/// <summary>What a piece of work cost this process: processor time of all its threads, time on the wall, bytes allocated.</summary>
internal sealed record Cost(TimeSpan Cpu, TimeSpan Wall, long Allocated)
{
    public static async Task<Cost> OfAsync(Func<Task> work)
    {
        GC.Collect();
        var (cpu, start, allocated) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));
        await work();
        return new Cost(Environment.CpuUsage.TotalTime - cpu, Stopwatch.GetElapsedTime(start), GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}
