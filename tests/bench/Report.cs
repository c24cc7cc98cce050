using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notifier.Bench;

/// <summary>What a bench has measured: a line each on the console as it comes, and all of it as JSON in a file at the end.</summary>
/// <param name="file">Where the JSON goes; null for nowhere.</param>
internal sealed class Report(string bench, string? file)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly List<Figure> _figures = [];

    /// <param name="bare">What the machine does at the same without us, in the same unit; null where there is no such limit.</param>
    /// <param name="goal">For a ratio where there is a bare limit, else for the value.</param>
    /// <param name="details">What else was seen, for people.</param>
    public void Add(string name, double value, string unit, double? bare = null, double? goal = null, string? details = null)
    {
        var figure = new Figure(name, Round(value), unit, Round(bare), Round(value / bare), goal, details);
        _figures.Add(figure);
        var line = string.Create(CultureInfo.InvariantCulture, $"{bench} {name}: {figure.Value:#,0.###} {unit}");
        if (bare is not null)
            line += string.Create(CultureInfo.InvariantCulture, $", bare {figure.Bare:#,0.###}: ratio {figure.Ratio:0.00}");
        if (goal is not null)
            line += string.Create(CultureInfo.InvariantCulture, $" (goal {goal:0.##})");
        Console.WriteLine(details is null ? line : $"{line}; {details}");
    }

    public void Write()
    {
        if (file is not null)
            File.WriteAllText(file, JsonSerializer.Serialize(new { Bench = bench, Cores = Environment.ProcessorCount, Runtime = Environment.Version.ToString(), Figures = _figures }, Indented));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Round(double value) => value >= 100 ? Math.Round(value) : Math.Round(value, 3);

    private static double? Round(double? value) => value is { } known ? Round(known) : null;

    private sealed record Figure(string Name, double Value, string Unit, double? Bare, double? Ratio, double? Goal, string? Details);
}
