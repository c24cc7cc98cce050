using System.Diagnostics;

namespace Notifier.Bench;

/// <summary>What so many pieces of work took.</summary>
/// <param name="Rate">A second.</param>
/// <param name="Cpu">Microseconds of all cores a piece, this process alone.</param>
/// <param name="Bytes">Allocated a piece.</param>
internal sealed record Measure(double Rate, double Cpu, double Bytes);

/// <summary>Measures from its start on.</summary>
internal sealed class Watch
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private readonly long _bytes = GC.GetTotalAllocatedBytes();

    public static Watch Start() => new();

    public Measure Of(int pieces) => new(
        pieces / Stopwatch.GetElapsedTime(_start).TotalSeconds,
        (Environment.CpuUsage.TotalTime - _cpu).TotalMicroseconds / pieces,
        (GC.GetTotalAllocatedBytes() - _bytes) / (double)pieces);
}
