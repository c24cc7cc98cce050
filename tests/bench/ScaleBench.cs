using System.Globalization;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Bench;

/// <summary>
/// What the real program costs with many feeds: its start, its memory, its rest while nothing is due, and a poll that finds nothing new, beside the same at
/// ten thousand feeds. Its processor time and memory are read from the system, so this needs Linux.
/// </summary>
internal sealed class ScaleBench(Report report, string? program, int starts, TimeSpan rest)
{
    /// <summary>The size that others are compared with.</summary>
    private const int Few = 10_000;

    /// <summary>Polled at once, and that so many times. All of the smallest database.</summary>
    private const int WaveSize = 2000;
    private const int Waves = 5;

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(string[] options)
    {
        var arguments = new Arguments(options, "--feeds", "--json", "--program", "--starts", "--rest");
        var feeds = Math.Max(Few, arguments.Number("--feeds", 100_000));
        var report = new Report("scale", arguments.Text("--json"));
        var bench = new ScaleBench(report, arguments.Text("--program"), arguments.Number("--starts", 3), TimeSpan.FromSeconds(arguments.Number("--rest", 60)));
        var few = await bench.MeasureAsync(Few);
        if (feeds > Few)
        {
            var many = await bench.MeasureAsync(feeds);
            report.Add(FormattableString.Invariant($"a poll with {feeds} feeds beside one with {Few}"), many / few, "times", goal: 1.2);
        }

        report.Write();
        return 0;
    }

    /// <returns>The processor time of an unchanged poll, in microseconds.</returns>
    private async Task<double> MeasureAsync(int feeds)
    {
        using var data = new TempFolder();
        await using var site = await UnchangedSite.StartAsync();
        var file = data.File("notifier.db");
        var began = Time.GetTimestamp();
        ScaleSeed.Write(file, feeds, site.Port, Time.GetUtcNow());
        var isLarge = new FileInfo(file).Length > Storage.Small;
        var size = string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length / 1e6:#,0} MB, made in {Time.GetElapsedTime(began).TotalSeconds:0} s");

        string Named(string what) => FormattableString.Invariant($"{feeds} feeds, {what}");
        var runs = new List<Start>();
        for (var i = 0; i < starts; i++)
        {
            site.Forget();
            ScaleSeed.MakeDue(file, 1, Waves * WaveSize / 2, Time.GetUtcNow().AddMinutes(-1));
            await using var started = Serve(data.Path);
            runs.Add(await FirstPollAsync(started, site, isLarge));
            await EndAsync(started);
        }

        report.Add(Named("start to ready"), Report.Median(runs.Select(run => run.Ready.TotalSeconds)), "s", details: size);
        report.Add(Named("start to first poll"), Report.Median(runs.Select(run => run.Poll.TotalSeconds)), "s", goal: 3);
        report.Add(Named("processor time of a start"), Report.Median(runs.Select(run => run.Worked.TotalSeconds)), "s");
        report.Add(Named("resident after the start"), Report.Median(runs.Select(run => run.Megabytes)), "MB");
        if (isLarge)
            report.Add(Named("start to looked through"), Report.Median(runs.Select(run => run.Looked.TotalSeconds)), "s");

        site.Forget();
        var first = Time.GetUtcNow() + (2 * runs.Max(run => isLarge ? run.Looked : run.Ready)) + TimeSpan.FromSeconds(5);
        for (var wave = 0; wave < Waves; wave++)
            ScaleSeed.MakeDue(file, WaveSize, wave * WaveSize, first + (wave * WaveTime));
        await using var process = Serve(data.Path);
        await process.WaitAsync(isLarge ? IsLookedThrough : IsReady, "the start", default, Patience);
        var costs = new List<double>();
        for (var wave = 0; wave < Waves; wave++)
        {
            await Task.Delay(Positive(first + (wave * WaveTime) - TimeSpan.FromMilliseconds(500) - Time.GetUtcNow()), Time);
            var before = process.Worked;
            await Task.Delay(Positive(first + ((wave + 1) * WaveTime) - TimeSpan.FromMilliseconds(500) - Time.GetUtcNow()), Time);
            costs.Add((process.Worked - before).TotalMicroseconds / WaveSize);
            if (site.Requests != (wave + 1) * WaveSize)
                throw new InvalidOperationException($"{site.Requests} requests after {wave + 1} times {WaveSize} feeds.\n{process.Everything()}");
        }

        // The first is spent on compiling.
        var cost = Report.Median(costs.Skip(1));
        report.Add(Named("an unchanged poll"), cost, "µs of a core", details: "in turn " + string.Join(", ", costs.Select(one => one.ToString("0", CultureInfo.InvariantCulture))));
        report.Add(Named("resident after 10,000 polls"), Resident(process), "MB", goal: feeds == 100_000 ? 350 : null);
        var rested = process.Worked;
        await Task.Delay(rest, Time);
        report.Add(Named("nothing due"), 100 * (process.Worked - rested) / rest, "% of a core", goal: 0.5);
        await EndAsync(process);
        return cost;
    }

    private static TimeSpan WaveTime => TimeSpan.FromSeconds(10);

    /// <summary>Nothing but what the bench makes due is due within hours.</summary>
    private NotifierProcess Serve(string data)
    {
        var far = Time.GetUtcNow().AddHours(12);
        return NotifierProcess.Start(
            data,
            [
                "--Notifier:Web:Url=http://127.0.0.1:0", "--Notifier:Polling:AllowPrivateNetworks=true",
                string.Create(CultureInfo.InvariantCulture, $"--Notifier:Polling:Schedule={far.Minute} {far.Hour} * * *"),
            ],
            program: program);
    }

    private static async Task<Start> FirstPollAsync(NotifierProcess process, UnchangedSite site, bool isLarge)
    {
        var began = Time.GetTimestamp();
        await process.WaitAsync(IsReady, "the start", default, Patience);
        var ready = Time.GetElapsedTime(began);
        while (site.First == 0 && Time.GetElapsedTime(began) < Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(10), Time);
        var poll = Time.GetElapsedTime(began, site.First);

        // What follows the start, in the background, is part of it.
        if (isLarge)
            await process.WaitAsync(IsLookedThrough, "the database to be looked through", default, Patience);
        else
            await Task.Delay(TimeSpan.FromSeconds(3), Time);
        return new Start(ready, poll, Time.GetElapsedTime(began), process.Worked, Resident(process));
    }

    private static bool IsReady(string said) => said.Contains("it listens on", StringComparison.Ordinal);

    /// <summary>The last that a start does with a large database.</summary>
    private static bool IsLookedThrough(string said) => IsReady(said) && said.Contains("was looked through", StringComparison.Ordinal);

    private static async Task EndAsync(NotifierProcess process)
    {
        process.EndInput();
        await process.AskToEndAsync(default);
        await process.ExitCodeAsync(Patience, default);
    }

    /// <summary>In megabytes.</summary>
    private static double Resident(NotifierProcess process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    /// <summary>One start: from the process's beginning until it is ready, until its first request and until nothing is left to be done, and what it has cost by then.</summary>
    private sealed record Start(TimeSpan Ready, TimeSpan Poll, TimeSpan Looked, TimeSpan Worked, double Megabytes);
}
