using System.IO.Enumeration;
using System.Text.Json;
using Notifier.Feeds;

namespace Notifier.Bench;

/// <summary>How fast documents become plain records on one core, and what that allocates; beside the framework's own reader, which only looks at each name and text.</summary>
internal static class ParseBench
{
    public static int Run(string[] typed)
    {
        var given = new Arguments(typed, "--rounds", "--filter", "--json");
        var documents = given.Words is [var folder] ? Find(folder, given.Text("--filter") ?? "*").Select(File.ReadAllBytes).ToArray() : [];
        if (documents.Length == 0)
        {
            Console.Error.WriteLine("There are no such feeds: parse FOLDER [--rounds 5] [--filter realworld-*] [--json FILE]");
            return 64;
        }

        var bytes = documents.Sum(document => (double)document.Length);
        var parser = new FeedParser(Core.Formats);
        var url = new Uri("http://feed.example/feed");
        var broken = documents.Count(document => !BareLimit.Read(document));
        var (ours, bare) = (new List<Pass>(), new List<Pass>());

        // The first one warms up.
        for (var round = 0; round <= given.Number("--rounds", 5); round++)
        {
            ours.Add(Measure(() => Array.ForEach(documents, document => parser.Parse(document, url))));
            bare.Add(Measure(() => Array.ForEach(documents, document => BareLimit.Read(document))));
        }

        var (seconds, allocated) = Median(ours);
        var (bareSeconds, bareAllocated) = Median(bare);
        var report = new Report("parse", given.Text("--json"));
        report.Add("speed", bytes / seconds / 1e6, "MB a second of CPU", bytes / bareSeconds / 1e6, 0.5, FormattableString.Invariant($"{documents.Length} documents, {bytes / 1e6:0.0} MB; the bare reader gives up on {broken} of them, in its favour"));
        report.Add("feeds", documents.Length / seconds, "feeds a second of CPU", documents.Length / bareSeconds);
        report.Add("allocated", allocated / bytes, "bytes a byte", goal: 3, details: FormattableString.Invariant($"the bare reader {bareAllocated / bytes:0.00}"));
        report.Add("allocated a feed", allocated / documents.Length / 1e3, "kB");
        report.Write();
        return 0;
    }

    /// <summary>By the category in the folder's manifest, if it has one; else by the file's name.</summary>
    public static IEnumerable<string> Find(string folder, string filter)
    {
        var manifest = Path.Combine(folder, "manifest.json");
        if (!File.Exists(manifest))
        {
            return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".xml" or ".rss" or ".atom" or ".rdf" or ".json" && !file.EndsWith(".expected.json", StringComparison.Ordinal))
                .Where(file => FileSystemName.MatchesSimpleExpression(filter, Path.GetFileName(file)));
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return [.. json.RootElement.GetProperty("cases").EnumerateArray()
            .Where(item => FileSystemName.MatchesSimpleExpression(filter, item.GetProperty("category").GetString()))
            .Select(item => Path.Combine(folder, item.GetProperty("file").GetString()!))];
    }

    /// <summary>CPU time of the whole process, so that collecting what was allocated counts, and what else the machine does does not.</summary>
    private static Pass Measure(Action work)
    {
        var (start, before) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        work();
        return new Pass((Environment.CpuUsage.TotalTime - start).TotalSeconds, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Pass Median(List<Pass> passes) =>
        new(Report.Median(passes.Skip(1).Select(pass => pass.Seconds)), Report.Median(passes.Skip(1).Select(pass => pass.Allocated)));

    private sealed record Pass(double Seconds, double Allocated);
}
