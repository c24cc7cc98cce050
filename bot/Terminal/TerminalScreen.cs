using System.Threading.Channels;
using Notifier.Messages;

namespace Notifier.Bot.Terminal;

/// <summary>
/// The person's side of the Terminal: reads what they type, shows what they are told. With keys it edits the line on the screen and prints above it;
/// without, it reads plain lines and repeats each after <c>you&gt; </c>, so that a transcript reads well.
/// </summary>
/// <param name="input">Where lines come from when there are no keys.</param>
/// <param name="output">Flushed after each print.</param>
/// <param name="keys">The next key pressed; throws <see cref="ChannelClosedException"/> after the last.</param>
/// <param name="width">The terminal's width now.</param>
/// <param name="complete">What the text left of the cursor could become.</param>
internal sealed class TerminalScreen(
    TextReader input,
    TextWriter output,
    Func<CancellationToken, ValueTask<ConsoleKeyInfo>>? keys = null,
    Func<int>? width = null,
    Func<string, IReadOnlyList<string>>? complete = null)
{
    private const string Prompt = "you> ";
    private const int DefaultWidth = 100;

    private readonly Lock _lock = new();
    private readonly LineEditor _editor = new(complete);
    private readonly InputLine _line = new();
    private Task<string?>? _reading;
    private bool _isTyping;
    private bool _isSecret;

    public bool IsInteractive => keys is not null;

    /// <summary>In columns.</summary>
    public int Width => Math.Max(20, width?.Invoke() ?? DefaultWidth);

    /// <summary>The next line, null at the end of the input.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => ReadAsync(isSecret: false, cancellationToken);

    /// <summary>The next line, not shown while it is typed and not remembered.</summary>
    public Task<string?> ReadSecretAsync(CancellationToken cancellationToken) => ReadAsync(isSecret: true, cancellationToken);

    /// <summary>Shows text on lines of its own, above the line being typed; false when the output is gone (a closed pipe, a full disk).</summary>
    public bool Print(string text)
    {
        lock (_lock)
            return Write(Erased() + text + "\n" + Drawn());
    }

    /// <summary>Draws the line being typed again, after the terminal has changed its size or come back from the background.</summary>
    public void Redraw()
    {
        lock (_lock)
            Write(Erased() + Drawn());
    }

    private async Task<string?> ReadAsync(bool isSecret, CancellationToken cancellationToken)
    {
        if (keys is not null)
            return await EditAsync(keys, isSecret, cancellationToken);
        // A read from a pipe cannot be cancelled: it goes on, and its line belongs to the next call.
        _reading ??= Task.Run(input.ReadLine, CancellationToken.None);
        var line = await _reading.WaitAsync(cancellationToken);
        _reading = null;
        if (line is not null)
            Print(Prompt + (isSecret ? "(hidden)" : CleanText.Of(line)));
        return line;
    }

    private async Task<string?> EditAsync(Func<CancellationToken, ValueTask<ConsoleKeyInfo>> nextKey, bool isSecret, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _editor.Begin();
            (_isTyping, _isSecret) = (true, isSecret);
            Write(Drawn());
        }

        try
        {
            while (true)
            {
                var edit = Press(await nextKey(cancellationToken));
                if (edit == Edit.Accepted)
                    return Accepted();
                if (edit == Edit.Ended)
                    return null;
            }
        }
        catch (ChannelClosedException)
        {
            return null;
        }
        finally
        {
            lock (_lock)
            {
                _isTyping = false;
                Write(Erased());
            }
        }
    }

    private Edit Press(ConsoleKeyInfo key)
    {
        lock (_lock)
        {
            var edit = _editor.Press(key, _isSecret);
            if (edit == Edit.Changed)
                Write(Erased() + Drawn());
            else if (edit == Edit.Undecided)
                Write(Erased() + string.Join('\n', WrappedText.Lines(string.Join("   ", _editor.Choices.Select(CleanText.Line)), Width)) + "\n" + Drawn());
            return edit;
        }
    }

    private string Accepted()
    {
        lock (_lock)
        {
            var line = _editor.Text;
            // The finished line stays on the screen, whole, whatever the cursor's place.
            Write(Erased() + Prompt + (_isSecret ? "" : line) + "\n");
            if (!_isSecret)
                _editor.Remember(line);
            return line;
        }
    }

    private string Erased() => _line.Erase(Width);

    private string Drawn()
    {
        if (!_isTyping)
            return "";
        return _isSecret ? _line.Draw(Prompt, "", 0, Width) : _line.Draw(Prompt, _editor.Text, _editor.Cursor, Width);
    }

    private bool Write(string text)
    {
        try
        {
            output.Write(text);
            output.Flush();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
