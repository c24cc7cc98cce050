using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Notifier.Tests.Support;

/// <summary>The real program as a process of its own: typed at, listened to, killed.</summary>
internal sealed class NotifierProcess : IAsyncDisposable
{
    private const string Prompt = "you> ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task _reading;

    private NotifierProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(Output.ReadAsync(process.StandardOutput), Errors.ReadAsync(process.StandardError));
    }

    public Transcript Output { get; } = new();

    public Transcript Errors { get; } = new();

    public int Id => _process.Id;

    /// <summary>The build that was made with the tests; <c>dotnet</c> runs it.</summary>
    public static string Program
    {
        get
        {
            // artifacts/bin/Notifier.Tests/debug → artifacts/bin/Notifier.Bot/debug
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, "Notifier.Bot", own.Name, "Notifier.dll");
        }
    }

    /// <param name="data">The data folder; null for none of its own (<c>./data</c> of the temporary folder).</param>
    /// <param name="program">Another build of it; null for the one that was built with the tests.</param>
    /// <param name="under">A program, with its arguments, that becomes this one: it must not start it as a process of its own.</param>
    public static NotifierProcess Start(string? data, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? program = null, params IReadOnlyList<string> under)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        string[] command = [.. under, "dotnet", program ?? Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("Notifier", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TELEGRAM_TOKEN", StringComparison.Ordinal) || name.StartsWith("DISCORD_TOKEN", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        if (data is not null)
            start.Environment["NOTIFIER_DATA"] = data;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new NotifierProcess(Process.Start(start)!);
    }

    /// <summary>The service with the Terminal, on a port of its own.</summary>
    public static NotifierProcess Serve(string data, params IEnumerable<string> arguments) =>
        Start(data, ["--terminal", "--Notifier:Web:Url=http://127.0.0.1:0", .. arguments]);

    /// <summary>A verb, from start to end.</summary>
    public static async Task<Finished> RunAsync(string? data, IEnumerable<string> arguments, CancellationToken ct, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = Start(data, arguments, environment);
        await process._process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.EndInput();
        var code = await process.ExitCodeAsync(Patience, ct);
        return new Finished(code, process.Output.Text, process.Errors.Text);
    }

    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Types a line and gives back all that is said until it is answered, without the line itself.</summary>
    public async Task<string> AskAsync(string line, CancellationToken ct)
    {
        // The empty line after it gets no answer; that it is repeated says that the one before has had its own.
        var from = Output.Length - 1;
        var end = -1;
        await TypeAsync(line + "\n");
        await WaitAsync(
            text => text.IndexOf("\n" + Prompt, from, StringComparison.Ordinal) is >= 0 and var typed
                && (end = text.IndexOf("\n" + Prompt, typed + 1, StringComparison.Ordinal)) >= 0
                && text.IndexOf('\n', end + 1) >= 0,
            line.Length < 100 ? line : string.Create(CultureInfo.InvariantCulture, $"the answer to a line of {line.Length} characters"),
            ct);
        var said = Output.Text[from..end];
        var echo = said.IndexOf("\n" + Prompt, StringComparison.Ordinal);
        var next = said.IndexOf('\n', echo + 1);
        return next < 0 ? said[..echo] : said[..echo] + said[next..];
    }

    public Task ReadyAsync(CancellationToken ct) => WaitForAsync("/help", ct);

    /// <summary>Waits until its output holds this text.</summary>
    public Task WaitForAsync(string text, CancellationToken ct, int from = 0) =>
        WaitAsync(all => all.Length >= from && all.IndexOf(text, from, StringComparison.Ordinal) >= 0, $"“{text}”", ct);

    /// <exception cref="TimeoutException">It did not come to it; with all that was said.</exception>
    public async Task WaitAsync(Func<string, bool> condition, string what, CancellationToken ct, TimeSpan? limit = null)
    {
        if (!await Output.WaitAsync(condition, limit ?? Patience, ct))
            throw new TimeoutException($"Waited for {what} in vain.\n{Everything()}");
    }

    /// <summary>Waits until its log, on stderr, holds this text.</summary>
    public async Task WaitForLogAsync(string text, CancellationToken ct)
    {
        if (!await Errors.WaitAsync(all => all.Contains(text, StringComparison.Ordinal), Patience, ct))
            throw new TimeoutException($"Waited for “{text}” in the log in vain.\n{Everything()}");
    }

    /// <summary>SIGKILL: no chance to tidy up. Returns when it is gone and all it said is read.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        _process.Kill();
        await ExitCodeAsync(Patience, ct);
    }

    public Task AskToEndAsync(CancellationToken ct) => SignalAsync("TERM", ct);

    public Task FreezeAsync(CancellationToken ct) => SignalAsync("STOP", ct);

    public Task WakeAsync(CancellationToken ct) => SignalAsync("CONT", ct);

    public async Task<int> ExitCodeAsync(TimeSpan limit, CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(ct), _reading).WaitAsync(limit, TimeProvider.System, ct);
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"The program did not end within {limit}.\n{Everything()}", fault);
        }

        return _process.ExitCode;
    }

    private async Task SignalAsync(string signal, CancellationToken ct)
    {
        using var kill = Process.Start("kill", ["-" + signal, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(ct);
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>How long processors have worked for it.</summary>
    public TimeSpan Worked
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public string Everything() => $"--- output\n{Output.Text}\n--- errors\n{Errors.Text}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>How a run of the program ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors);
