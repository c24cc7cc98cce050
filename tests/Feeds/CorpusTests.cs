using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Notifier.Bot.Cli;
using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

/// <summary>The collected feeds of the world beside this repository, walked by the verb and judged by their own script.</summary>
public sealed partial class CorpusTests
{
    [Fact]
    public async Task The_corpus_is_read_as_well_as_it_has_ever_been()
    {
        var manifest = Repository.Shared("corpus", "open", "manifest.json");
        var results = Path.GetTempFileName();
        try
        {
            await using (var output = File.Create(results))
            {
                Assert.Equal(0, await new ParseVerb(new FeedParser(Core.Formats)).RunAsync(["--manifest", manifest], Stream.Null, output, TextWriter.Null, TestContext.Current.CancellationToken));
            }

            var (total, wellAndIll) = await ScoreAsync(Repository.Shared("corpus", "score.py"), results);
            TestContext.Current.TestOutputHelper?.WriteLine(total);
            var percentages = Percentage().Matches(total).Select(match => double.Parse(match.Groups["value"].ValueSpan, CultureInfo.InvariantCulture)).ToArray();
            Assert.True(percentages is [>= 99.9, >= 99.5, >= 99.9, >= 99.5], total);
            var illFormed = Percentage().Matches(wellAndIll[wellAndIll.IndexOf("'ill-formed'", StringComparison.Ordinal)..]).Select(match => double.Parse(match.Groups["value"].ValueSpan, CultureInfo.InvariantCulture)).ToArray();
            Assert.True(illFormed is [>= 99.5, >= 99], wellAndIll);
        }
        finally
        {
            File.Delete(results);
        }
    }

    /// <summary>The first line: fields, whole cases, asserted fields and strict titles, in per cent; and the one that tells well-formed from ill-formed: fields, whole cases.</summary>
    private static async Task<(string Total, string WellAndIll)> ScoreAsync(string script, string results)
    {
        Process? python = null;
        try
        {
            python = Process.Start(new ProcessStartInfo("python3", [script, results]) { RedirectStandardOutput = true, UseShellExecute = false });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no python3 to judge with.");
        }

        using var judge = python ?? throw new InvalidOperationException("python3 did not start");
        var output = await judge.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await judge.WaitForExitAsync(TestContext.Current.CancellationToken);
        var lines = output.Split('\n');
        return (lines[0], Array.Find(lines, line => line.Contains("'ill-formed'", StringComparison.Ordinal)) ?? "");
    }

    [GeneratedRegex(@"(?<value>[\d.]+)%", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Percentage();
}
