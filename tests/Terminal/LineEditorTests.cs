using Notifier.Bot.Terminal;

namespace Notifier.Tests.Terminal;

public sealed class LineEditorTests
{
    readonly LineEditor _editor = new(typed => [.. new[] { "/subscribe ", "/status ", "/list " }.Where(command => typed.Length > 0 && command.StartsWith(typed, StringComparison.Ordinal))]);

    public LineEditorTests() => _editor.Begin();

    [Theory]
    [InlineData("abc", "abc|")]
    [InlineData("abc<left><left>X", "aX|bc")]
    [InlineData("abc<left><back>", "a|c")]
    [InlineData("abc<home><del>", "|bc")]
    [InlineData("abc<home>X<end>Y", "XabcY|")]
    [InlineData("abc^aX^eY", "XabcY|")]
    [InlineData("abc def<left>^u", "|f")]
    [InlineData("abc def<left><left>^k", "abc d|")]
    [InlineData("abc def ^w", "abc |")]
    [InlineData("abc def^w^w", "|")]
    [InlineData("abc<left>^d", "ab|")]
    [InlineData("<back><left><right><del><home><end>^u^k^w", "|")]
    [InlineData("a👨‍👩‍👧‍👦b<left><back>", "a|b")]
    [InlineData("a👨‍👩‍👧‍👦<left>b", "ab|👨‍👩‍👧‍👦")]
    [InlineData("e\u0301<back>", "|")]
    [InlineData("/su<tab>", "/subscribe |")]
    [InlineData("/s<tab>", "/s|")]
    [InlineData("/x<tab>", "/x|")]
    [InlineData("/li demo<home><right><right><right><tab>", "/list | demo")]
    [InlineData("<up>", "two|")]
    [InlineData("<up><up><up>", "one|")]
    [InlineData("draft<up><up><down><down>", "draft|")]
    public void Keys_edit_the_line(string keys, string expected)
    {
        _editor.Remember("one");
        _editor.Remember("two");
        _editor.Remember("two");
        _editor.Remember(" ");
        _editor.Begin();

        foreach (var key in Keys.Of(keys))
            _editor.Press(key);

        Assert.Equal(expected, _editor.Text.Insert(_editor.Cursor, "|"));
    }

    [Fact]
    public void Enter_ends_the_line_and_ctrl_d_on_an_empty_one_ends_the_input()
    {
        Assert.Equal(Edit.Ended, Press("^d"));
        Assert.Equal(Edit.Changed, Press("a"));
        Assert.Equal(Edit.None, Press("^d"));
        Assert.Equal(Edit.Accepted, Press("<enter>"));
    }

    [Fact]
    public void Several_ways_to_go_on_are_offered()
    {
        Press("/");
        Press("s");

        Assert.Equal(Edit.Undecided, Press("<tab>"));
        Assert.Equal(["/subscribe ", "/status "], _editor.Choices);
    }

    [Fact]
    public void Other_control_keys_do_nothing()
    {
        for (var c = '\0'; c < ' '; c++)
        {
            if (c is not ('\r' or '\n' or '\u0004'))
                _editor.Press(new ConsoleKeyInfo(c, ConsoleKey.None, false, false, control: true));
        }

        Assert.Equal("", _editor.Text);
    }

    Edit Press(string key) => _editor.Press(Keys.Of(key).Single());
}
