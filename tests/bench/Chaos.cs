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
        var (kills, seed, minutes, keeps, json) = (500, Environment.TickCount & 0xFFFF, 120, false, (string?)null);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--keep")
            {
                keeps = true;
                continue;
            }

            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            if (arguments[i] == "--json" && value.Length > 0)
                json = value;
            else if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || arguments[i] is not ("--kills" or "--seed" or "--minutes"))
                return Wrong($"{arguments[i]} {value}");
            else if (arguments[i] == "--kills")
                kills = number;
            else if (arguments[i] == "--seed")
                seed = number;
            else
                minutes = number;
            i++;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var killed = 0;
        var report = await new ChaosRun(kills, seed, TimeSpan.FromMinutes(minutes), keeps, Tell).RunAsync(stop.Token);
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

    private static int Wrong(string what)
    {
        Console.Error.WriteLine($"No such option: {what}");
        return 64;
    }
}
