using System.Globalization;

namespace Notifier.Bot.Terminal;

/// <summary>What a key did to the line being typed.</summary>
internal enum Edit
{
    None,
    Changed,

    /// <summary>The line is finished.</summary>
    Accepted,

    /// <summary>There will be no more lines.</summary>
    Ended,

    /// <summary>There are several ways to go on: <see cref="LineEditor.Choices"/>.</summary>
    Undecided,
}

/// <summary>
/// The line that a person is typing: its text, the cursor, the lines typed before. It knows keys, not screens; the cursor stands between graphemes.
/// </summary>
/// <param name="complete">What the text left of the cursor could become.</param>
internal sealed class LineEditor(Func<string, IReadOnlyList<string>>? complete = null)
{
    private const int MaxHistory = 200;
    private const int MaxLength = 8192;

    private readonly List<string> _history = [];
    private string _draft = "";
    private int _historyAt;

    public string Text { get; private set; } = "";

    /// <summary>An index into <see cref="Text"/>.</summary>
    public int Cursor { get; private set; }

    public IReadOnlyList<string> Choices { get; private set; } = [];

    /// <summary>Starts an empty line.</summary>
    public void Begin()
    {
        Set("");
        _draft = "";
        _historyAt = _history.Count;
    }

    /// <summary>Keeps a finished line for the arrow keys.</summary>
    public void Remember(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || (_history.Count > 0 && _history[^1] == line))
            return;
        _history.Add(line);
        if (_history.Count > MaxHistory)
            _history.RemoveAt(0);
    }

    /// <summary>Applies a key; <paramref name="isSecret"/> lines have neither history nor completion.</summary>
    public Edit Press(ConsoleKeyInfo key, bool isSecret = false) => key switch
    {
        { KeyChar: '\r' or '\n' } or { Key: ConsoleKey.Enter } => Edit.Accepted,
        { KeyChar: '\u0004' } when Text.Length == 0 => Edit.Ended,
        { KeyChar: '\u0004' } or { Key: ConsoleKey.Delete } => Remove(Cursor, Next()),
        { KeyChar: '\b' or '\u007f' } or { Key: ConsoleKey.Backspace } => Remove(Previous(), Cursor),
        { KeyChar: '\u0001' } or { Key: ConsoleKey.Home } => MoveTo(0),
        { KeyChar: '\u0005' } or { Key: ConsoleKey.End } => MoveTo(Text.Length),
        { KeyChar: '\u0015' } => Remove(0, Cursor),
        { KeyChar: '\u000b' } => Remove(Cursor, Text.Length),
        { KeyChar: '\u0017' } => Remove(WordStart(), Cursor),
        { Key: ConsoleKey.LeftArrow } => MoveTo(Previous()),
        { Key: ConsoleKey.RightArrow } => MoveTo(Next()),
        { Key: ConsoleKey.UpArrow } when !isSecret => Recall(_historyAt - 1),
        { Key: ConsoleKey.DownArrow } when !isSecret => Recall(_historyAt + 1),
        { KeyChar: '\t' } => isSecret ? Edit.None : Complete(),
        { KeyChar: >= ' ' and not '\u007f' } when !key.Modifiers.HasFlag(ConsoleModifiers.Alt) => Insert(key.KeyChar),
        _ => Edit.None,
    };

    private Edit Insert(char c)
    {
        if (Text.Length >= MaxLength || char.IsControl(c))
            return Edit.None;
        Text = Text.Insert(Cursor, c.ToString());
        Cursor++;
        // The other half of a surrogate pair comes as the next key.
        return char.IsHighSurrogate(c) ? Edit.None : Edit.Changed;
    }

    private Edit Remove(int from, int to)
    {
        if (from >= to)
            return Edit.None;
        Text = Text.Remove(from, to - from);
        Cursor = from;
        return Edit.Changed;
    }

    private Edit MoveTo(int at)
    {
        if (at == Cursor)
            return Edit.None;
        Cursor = at;
        return Edit.Changed;
    }

    private Edit Recall(int at)
    {
        if (at < 0 || at > _history.Count)
            return Edit.None;
        if (_historyAt == _history.Count)
            _draft = Text;
        _historyAt = at;
        return Set(at == _history.Count ? _draft : _history[at]);
    }

    private Edit Complete()
    {
        var typed = Text[..Cursor];
        Choices = complete?.Invoke(typed) ?? [];
        if (Choices.Count == 0)
            return Edit.None;
        var common = Choices.Aggregate(Common);
        if (common.Length > typed.Length || (Choices.Count == 1 && common != typed))
        {
            Text = common + Text[Cursor..];
            Cursor = common.Length;
            return Edit.Changed;
        }

        return Choices.Count > 1 ? Edit.Undecided : Edit.None;
    }

    private static string Common(string one, string other)
    {
        var length = one.AsSpan().CommonPrefixLength(other);
        return one[..(length > 0 && char.IsHighSurrogate(one[length - 1]) ? length - 1 : length)];
    }

    private Edit Set(string text)
    {
        Text = text;
        Cursor = text.Length;
        return Edit.Changed;
    }

    private int Next() => Cursor == Text.Length ? Cursor : Cursor + StringInfo.GetNextTextElementLength(Text.AsSpan(Cursor));

    private int Previous()
    {
        var previous = 0;
        for (var at = 0; at < Cursor; at += StringInfo.GetNextTextElementLength(Text.AsSpan(at)))
            previous = at;
        return previous;
    }

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1]))
            at--;
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1]))
            at--;
        return at;
    }
}
