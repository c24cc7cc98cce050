using System.Diagnostics;
using Notifier.Tests.Feeds;

namespace Notifier.Tests.Fakes;

/// <summary>
/// A bot by somebody else's library, from <c>tests/node</c>, as a process of its own. Without Node or its packages the test skips
/// itself, but on the build server their absence is a failure.
/// </summary>
internal sealed class NodeBot : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private NodeBot(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static NodeBot Start(string script, params (string Name, string Value)[] environment)
    {
        var folder = Path.Combine(Repository.Root, "tests", "node");
        var node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(path => Path.Combine(path, "node")).FirstOrDefault(File.Exists);
        var missing = node is null ? "Node is not installed." : !Directory.Exists(Path.Combine(folder, "node_modules")) ? "tests/node has no packages: run npm ci there, or tests/run." : null;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(missing is null, missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
        var start = new ProcessStartInfo(node!, [Path.Combine(folder, script)]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new NodeBot(Process.Start(start)!);
    }

    /// <summary>Completes when the process has ended: its exit code, and every line it printed (and, if it failed, its errors).</summary>
    public async Task<(int ExitCode, string[] Lines)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        var lines = (await _output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (_process.ExitCode, _process.ExitCode == 0 ? lines : [.. lines, await _errors]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        var failed = (await _errors).Trim();
        if (failed.Length > 0)
            TestContext.Current.TestOutputHelper?.WriteLine(failed);
        _process.Dispose();
    }
}
