using System.Diagnostics;
using System.Text.Json;

namespace Notifier.Tests.Support.Internet;

/// <summary>Runs the <see cref="HostileTour"/> once, in a process with a network of its own, and keeps what came of it.</summary>
public sealed class HostileInternet : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<Visit> _visits = [];
    private string? _missing;

    /// <summary>What was asked in a round, of one row of the catalogue where given. Skips the test where no network can be made, but not on the build server.</summary>
    internal IReadOnlyList<Visit> Visits(string round, string? row = null)
    {
        Assert.SkipWhen(_missing is not null, $"No network of one's own can be made here: {_missing}");
        var visits = _visits.Where(visit => visit.Round == round && (row is null || visit.Row == row)).ToList();
        Assert.NotEmpty(visits);
        return visits;
    }

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            _missing = "this is not Linux";
            return;
        }

        using var folder = new TempFolder();
        var (names, order, visits) = (folder.Write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:1 edns0\n"), folder.Write("nsswitch.conf", "hosts: files dns\n"), folder.File("visits"));
        const string Script = "mount --bind \"$1\" /etc/resolv.conf && mount --bind \"$2\" /etc/nsswitch.conf && exec \"$3\" " + HostileTour.Verb + " \"$4\"";
        string[] own = Environment.IsPrivilegedProcess ? ["-n", "-m"] : ["-r", "-n", "-m"];
        var start = new ProcessStartInfo("unshare", [.. own, "sh", "-c", Script, "sh", names, order, Environment.ProcessPath!, visits])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var errors = await RunAsync(start);
        var lines = File.Exists(visits) ? await File.ReadAllLinesAsync(visits) : [];
        if (lines is [.., HostileTour.End])
            _visits.AddRange(lines[..^1].Select(line => JsonSerializer.Deserialize<Visit>(line)!));
        else if (lines.Length == 0 && Environment.GetEnvironmentVariable("CI") != "true")
            _missing = errors;
        else
            throw new InvalidOperationException($"The tour through the small internet broke off after {lines.Length} visits.\n{errors}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        try
        {
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            using var kill = patience.Token.UnsafeRegister(static one => ((Process)one!).Kill(), process);
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (errors + await output).Trim();
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            return fault.Message;
        }
    }
}
