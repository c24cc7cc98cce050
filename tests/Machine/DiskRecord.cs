using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Notifier.Tests.Machine;

/// <summary>Everything that a process did to files, in order, as strace tells it.</summary>
internal static class DiskRecord
{
    /// <summary>Why nothing can be recorded here; null if it can.</summary>
    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
            return "There is no strace but on Linux.";
        return Array.Exists((string[])["/usr/bin", "/bin", "/usr/local/bin"], folder => File.Exists(Path.Combine(folder, "strace")))
            ? null
            : "There is no strace: install Debian's package strace, or let tests/run do it.";
    }

    /// <summary>Skips the test where nothing can be recorded, but not on the build server.</summary>
    public static void Require()
    {
        var missing = Missing();
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(missing is null, missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    /// <summary>What becomes the given program, each of whose flushes takes half a second more.</summary>
    public static string[] SlowFlushes(string log) =>
        ["strace", "-D", "-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:delay_enter=500000", "-o", log];

    /// <summary>Runs a program to its end.</summary>
    public static async Task<IReadOnlyList<DiskEvent>> OfAsync(string log, string[] command, CancellationToken ct)
    {
        string[] strace = ["-f", "-qq", "-y", "-xx", "-s", "100000", "--seccomp-bpf", "-e", "trace=pwrite64,write,ftruncate,fsync,fdatasync,unlink,link,rename", "-o", log, .. command];
        using var process = Process.Start(new ProcessStartInfo("strace", strace) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            var said = process.StandardOutput.ReadToEndAsync(ct);
            var errors = await process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            Assert.True(process.ExitCode == 0, errors + await said);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return [.. Read(await File.ReadAllLinesAsync(log, Encoding.Latin1, ct))];
    }

    /// <summary>A write counts from when it began, since it may be on disk from then on; a flush from when it was done.</summary>
    private static IEnumerable<DiskEvent> Read(IEnumerable<string> lines)
    {
        var flushing = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (thread, call) = (line[..space], line[space..].TrimStart());
            if (call.StartsWith("<... f", StringComparison.Ordinal) && call.Contains("sync resumed", StringComparison.Ordinal) && call.EndsWith("= 0", StringComparison.Ordinal))
            {
                if (flushing.Remove(thread, out var flushed))
                    yield return new DiskEvent.Flush(flushed);
                continue;
            }

            var open = call.IndexOf('(', StringComparison.Ordinal);
            if (open < 0 || call[0] is '<' or '-' or '+')
                continue;
            var arguments = call[(open + 1)..];
            switch (call[..open])
            {
                case "fsync" or "fdatasync" when call.EndsWith("<unfinished ...>", StringComparison.Ordinal):
                    flushing[thread] = FileOf(arguments);
                    break;
                case "fsync" or "fdatasync" when call.EndsWith("= 0", StringComparison.Ordinal):
                    yield return new DiskEvent.Flush(FileOf(arguments));
                    break;
                case "ftruncate":
                    yield return new DiskEvent.Cut(FileOf(arguments), Numbers(arguments[(arguments.IndexOf(", ", StringComparison.Ordinal) + 2)..])[0]);
                    break;
                case "unlink":
                    yield return new DiskEvent.Gone(Encoding.UTF8.GetString(Bytes(arguments, arguments.IndexOf('"', StringComparison.Ordinal) + 1, '"')));
                    break;
                case "link" or "rename":
                    yield return new DiskEvent.Named(Encoding.UTF8.GetString(Bytes(arguments, arguments.IndexOf('"', StringComparison.Ordinal) + 1, '"')));
                    break;
                case "write" or "pwrite64" when arguments.IndexOf(">, \"", StringComparison.Ordinal) is > 0 and var at:
                    var end = arguments.IndexOf('"', at + 4);
                    var data = Bytes(arguments, at + 4, '"');
                    var numbers = Numbers(arguments[(end + 3)..]);
                    Assert.Equal(numbers[0], data.Length);
                    yield return new DiskEvent.Write(FileOf(arguments), numbers.Count > 1 && call.StartsWith('p') ? numbers[1] : 0, data);
                    break;
            }
        }
    }

    private static string FileOf(string arguments) => Encoding.UTF8.GetString(Bytes(arguments, arguments.IndexOf('<', StringComparison.Ordinal) + 1, '>'));

    /// <summary>The numbers that follow one another, up to the closing bracket.</summary>
    private static List<long> Numbers(string text) =>
        [.. text.Split([')', '<'], 2)[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeWhile(one => long.TryParse(one, CultureInfo.InvariantCulture, out _)).Select(one => long.Parse(one, CultureInfo.InvariantCulture))];

    /// <summary>What is written as <c>\x2f\x74…</c>.</summary>
    private static byte[] Bytes(string text, int from, char end)
    {
        var to = text.IndexOf(end, from);
        var bytes = new byte[(to - from) / 4];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)((Digit(text[from + (4 * i) + 2]) << 4) | Digit(text[from + (4 * i) + 3]));
        return bytes;

        static int Digit(char c) => c <= '9' ? c - '0' : c - 'a' + 10;
    }
}

/// <summary>One thing that was done to a file.</summary>
internal abstract record DiskEvent(string File)
{
    public sealed record Write(string File, long At, byte[] Data) : DiskEvent(File);

    /// <summary>Its length was set.</summary>
    public sealed record Cut(string File, long Length) : DiskEvent(File);

    /// <summary>All of it is on disk.</summary>
    public sealed record Flush(string File) : DiskEvent(File);

    public sealed record Gone(string File) : DiskEvent(File);

    /// <summary>It was given another name; this is the one it had.</summary>
    public sealed record Named(string File) : DiskEvent(File);
}
