using CsCheck;
using Notifier.Bot.Terminal;

namespace Notifier.Tests.Terminal;

public sealed class TerminalScreenTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_terminal_lines_are_read_repeated_and_printed()
    {
        var output = new StringWriter();
        var screen = new TerminalScreen(new StringReader("/help\n/list\n"), output);

        var first = await screen.ReadLineAsync(Stop);
        screen.Print("bot> help");
        var second = await screen.ReadLineAsync(Stop);
        var end = await screen.ReadLineAsync(Stop);

        Assert.Equal(("/help", "/list", null), (first, second, end));
        Assert.Equal("you> /help\nbot> help\nyou> /list\n", output.ToString());
        Assert.False(screen.IsInteractive);
    }

    [Fact]
    public async Task A_secret_is_not_repeated()
    {
        var output = new StringWriter();

        Assert.Equal("t0ken", await new TerminalScreen(new StringReader("t0ken\n"), output).ReadSecretAsync(Stop));
        Assert.Equal("you> (hidden)\n", output.ToString());
    }

    [Fact]
    public async Task A_cancelled_read_loses_no_line()
    {
        var input = new SlowReader();
        var screen = new TerminalScreen(input, new StringWriter());
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var first = screen.ReadLineAsync(cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        input.Line.SetResult("later");

        Assert.Equal("later", await screen.ReadLineAsync(Stop));
    }

    [Fact]
    public void A_closed_output_is_said_to_the_caller() =>
        Assert.False(new TerminalScreen(TextReader.Null, new StreamWriter(new ClosedPipe())).Print("x"));

    [Fact]
    public async Task A_line_is_edited_on_the_screen()
    {
        var terminal = new VirtualTerminal(40);
        var screen = Interactive(terminal, "/lst<left><left>i<enter>");

        Assert.Equal("/list", await screen.ReadLineAsync(Stop));
        Assert.Equal("you> /list", terminal.Seen);
        Assert.Equal((1, 0), (terminal.Row, terminal.Column));
    }

    [Fact]
    public async Task Ctrl_d_ends_the_input_and_so_does_the_end_of_the_keys()
    {
        Assert.Null(await Interactive(new VirtualTerminal(40), "^d").ReadLineAsync(Stop));

        var keys = Keys.Source("abc");
        keys.Writer.Complete();
        Assert.Null(await new TerminalScreen(TextReader.Null, new VirtualTerminal(40), keys.Reader.ReadAsync).ReadLineAsync(Stop));
    }

    [Fact]
    public async Task A_print_goes_above_the_line_being_typed()
    {
        var terminal = new VirtualTerminal(40);
        var keys = Keys.Source("/subscribe demo<left><left>");
        var screen = new TerminalScreen(TextReader.Null, terminal, keys.Reader.ReadAsync, () => 40);

        var line = screen.ReadLineAsync(Stop);
        screen.Print("bot> first\n     second");

        Assert.Equal("bot> first\n     second\nyou> /subscribe demo", terminal.Seen);
        Assert.Equal((2, 18), (terminal.Row, terminal.Column));
        keys.Writer.TryWrite(Keys.Of("<enter>").Single());
        Assert.Equal("/subscribe demo", await line);
        screen.Print("bot> third");
        Assert.Equal("bot> first\n     second\nyou> /subscribe demo\nbot> third", terminal.Seen);
    }

    [Fact]
    public async Task A_secret_is_not_shown_nor_recalled()
    {
        var terminal = new VirtualTerminal(40);
        var screen = Interactive(terminal, "t0ken<enter><up><enter>");

        Assert.Equal("t0ken", await screen.ReadSecretAsync(Stop));
        Assert.Equal("", await screen.ReadLineAsync(Stop));
        Assert.Equal("you>\nyou>", terminal.Seen);
    }

    [Fact]
    public async Task Choices_are_shown_above_the_line()
    {
        var terminal = new VirtualTerminal(40);
        var keys = Keys.Source("/s<tab>");
        var screen = new TerminalScreen(TextReader.Null, terminal, keys.Reader.ReadAsync, () => 40, _ => ["/status ", "/subscribe "]);

        var line = screen.ReadLineAsync(Stop);

        Assert.Equal("/status   /subscribe\nyou> /s", terminal.Seen);
        keys.Writer.TryComplete();
        await line;
    }

    [Fact]
    public async Task After_a_resize_the_line_is_where_the_terminal_wrapped_it()
    {
        // The terminal's own wrapping of the same characters at the new width is what the erasing relies on.
        var width = 20;
        var terminal = new VirtualTerminal(30);
        var keys = Keys.Source(new string('x', 50));
        var screen = new TerminalScreen(TextReader.Null, terminal, keys.Reader.ReadAsync, () => width);
        var line = screen.ReadLineAsync(Stop);
        terminal.GetStringBuilder().Clear().Append("you> ").Append('x', 50);

        width = 30;
        screen.Redraw();

        Assert.Equal("you> " + new string('x', 25) + "\n" + new string('x', 25), terminal.Seen);
        keys.Writer.TryComplete();
        await line;
    }

    [Fact]
    public void Whatever_is_typed_and_printed_the_screen_shows_the_prints_and_then_the_line()
    {
        string[] pieces = ["a", "bc ", "日", "👨‍👩‍👧‍👦", "<left>", "<right>", "<home>", "<end>", "<back>", "<del>", "^w", "^u", "^k", "!", "long long words "];
        var steps = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 60];

        Gen.Select(steps, Gen.Int[20, 33]).Sample((typed, width) =>
        {
            var terminal = new VirtualTerminal(width);
            var keys = Keys.Source("");
            var screen = new TerminalScreen(TextReader.Null, terminal, keys.Reader.ReadAsync, () => width);
            var editor = new LineEditor();
            var line = screen.ReadLineAsync(Stop);
            var printed = 0;
            foreach (var step in typed)
            {
                if (step == "!")
                    screen.Print($"print {++printed}");
                else
                    Array.ForEach([.. Keys.Of(step)], key => { editor.Press(key); keys.Writer.TryWrite(key); });
            }

            keys.Writer.TryWrite(Keys.Of("<enter>").Single());
            Assert.Equal(editor.Text, line.GetAwaiter().GetResult());
            var expected = new VirtualTerminal(width);
            expected.Write(string.Concat(Enumerable.Range(1, printed).Select(i => $"print {i}\n")) + "you> " + editor.Text + "\n");
            Assert.Equal(expected.Seen, terminal.Seen);
            Assert.Equal((expected.Row, expected.Column), (terminal.Row, terminal.Column));
        });
    }

    static TerminalScreen Interactive(VirtualTerminal terminal, string keys) =>
        new(TextReader.Null, terminal, Keys.Source(keys).Reader.ReadAsync, () => 40);

    sealed class SlowReader : TextReader
    {
        public TaskCompletionSource<string> Line { get; } = new();

        public override string? ReadLine() => Line.Task.GetAwaiter().GetResult();
    }

    sealed class ClosedPipe : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}
