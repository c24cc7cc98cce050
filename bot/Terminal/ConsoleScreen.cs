using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Notifier.Bot.Terminal;

/// <summary>The screen of this process: its console where stdin and stdout are terminals, else plain lines over its streams.</summary>
internal sealed class ConsoleScreen : IDisposable
{
    private readonly List<IDisposable> _signals = [];
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();

    public ConsoleScreen(Func<string, IReadOnlyList<string>>? complete = null)
    {
        var isDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        var isInteractive = !Console.IsInputRedirected && !Console.IsOutputRedirected && !isDumb;
        // https://no-color.org: any value but the empty one.
        HasColour = !Console.IsOutputRedirected && !isDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Screen = new TerminalScreen(
            new StreamReader(Console.OpenStandardInput(), utf8),
            new StreamWriter(OpenOutput(), utf8),
            isInteractive ? _keys.Reader.ReadAsync : null,
            Console.IsOutputRedirected ? null : () => Console.WindowWidth,
            complete);
        if (isInteractive)
            Start();
    }

    public TerminalScreen Screen { get; }

    public bool HasColour { get; }

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void Start()
    {
        // A blocking read cannot be cancelled; the thread dies with the process.
        new Thread(ReadKeys) { IsBackground = true, Name = "terminal keys" }.Start();
        if (OperatingSystem.IsWindows())
            return;
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Screen.Redraw()));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Screen.Redraw()));
    }

    private void ReadKeys()
    {
        try
        {
            while (true)
                _keys.Writer.TryWrite(Console.ReadKey(intercept: true));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            _keys.Writer.TryComplete();
        }
    }

    /// <summary>.NET's own stream drops what it writes to a closed pipe without a word; a file needs it, as others write to the same one.</summary>
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();
        try
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Console.OpenStandardOutput();
        }
    }
}
