using System.Globalization;
using System.Text.Json;
using Notifier.Tests.Support.Chaos;

namespace Notifier.Bench;

/// <summary>
/// The fault harness as a program: kills the real one over and over, with faults all around it, and tells what was lost, what came twice and what came out of
/// order. The exit code is not 0 when a demand was not met.
/// </summary>
internal static class Chaos
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="arguments">Pairs of an option and its value, and <c>--keep</c>.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var given = new Arguments([.. arguments.Where(a => a != "--keep")], "--kills", "--seed", "--minutes", "--json");
        var (kills, seed, json) = (given.Number("--kills", 500), given.Number("--seed", Environment.TickCount & 0xFFFF), given.Text("--json"));
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var killed = 0;
        var report = await new ChaosRun(kills, seed, TimeSpan.FromMinutes(given.Number("--minutes", 120)), arguments.Contains("--keep"), Tell).RunAsync(stop.Token);
        foreach (var broken in report.Broken)
            Console.WriteLine(broken);
        if (report.Kept is { } folder)
            Console.WriteLine($"kept: {folder}");
        if (json is not null)
            await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, Indented), stop.Token);
        Console.WriteLine(report);
        return report.IsWell ? 0 : 1;

        void Tell(string line)
        {
            if (line.EndsWith(" killed", StringComparison.Ordinal) && ++killed % 25 == 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line}, {killed} times"));
        }
    }
}
