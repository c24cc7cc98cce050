namespace Notifier.Messages.Html;

/// <summary>
/// The running text of one block while it is read: white space is collapsed as a browser does it, and every piece remembers what it is wrapped in,
/// so a link or a style that spans several blocks goes on in the next.
/// </summary>
internal sealed class InlineText
{
    private readonly List<Run> _runs = [];
    private char[] _text = new char[512];
    private char[] _decoded = [];
    private int _length;

    /// <summary>A piece of <see cref="_text"/> up to the next one; a break is empty.</summary>
    private readonly record struct Run(int Start, OpenSpan? Open, OpenSpan? Code = null, bool IsBreak = false);

    /// <summary>What new text is wrapped in.</summary>
    public OpenSpan? Open { get; set; }

    public bool IsEmpty => _runs.Count == 0;

    /// <summary>How much text there is.</summary>
    public int Length => _length;

    public string From(int start) => start < _length ? new string(_text, start, _length - start) : "";

    /// <param name="written">As HTML has it, references and all.</param>
    public void Append(ReadOnlySpan<char> written)
    {
        if (written.Contains('&'))
        {
            if (_decoded.Length < written.Length)
                _decoded = new char[Math.Max(written.Length, 512)];
            written = _decoded.AsSpan(0, HtmlReferences.Text(written, _decoded));
        }

        AppendText(written);
    }

    /// <param name="text">White space in it is collapsed; what is not fit to be shown is left out.</param>
    public void AppendText(ReadOnlySpan<char> text)
    {
        if (!CleanText.IsSimple(text))
            text = WithoutMarks(CleanText.Of(text.ToString().Replace('\r', '\n').Replace('\f', '\n')));
        Reserve(text.Length);
        var (open, code) = Open is { IsCode: true } ? (Open.Outer, Open) : (Open, null);
        foreach (var c in text)
        {
            if (c is not (' ' or '\n' or '\t' or '\r' or '\f'))
            {
                Enter(open, code);
                _text[_length++] = c;
            }
            else if (!IsAtBlank)
            {
                // Code does not begin with a blank.
                Enter(open, _runs[^1].Code == code ? code : null);
                _text[_length++] = ' ';
            }
        }
    }

    /// <summary>Ends the line; never more than one empty line in a row, and none at the start.</summary>
    public void Break()
    {
        TrimEnd();
        if (_runs.Count > 0 && !(_runs.Count > 1 && _runs[^1].IsBreak && _runs[^2].IsBreak))
            _runs.Add(new Run(_length, null, IsBreak: true));
    }

    /// <summary>The block's spans; starts anew inside the same spans. None where there is nothing to see, as in the paragraphs of a single <c>&amp;nbsp;</c> that editors leave behind.</summary>
    public IReadOnlyList<Span> Take()
    {
        TrimEnd();
        while (_runs.Count > 0 && _runs[^1].IsBreak)
            _runs.RemoveAt(_runs.Count - 1);
        IReadOnlyList<Span> spans = _text.AsSpan(0, _length).IsWhiteSpace() ? [] : Build(0, _runs.Count, 0);
        _runs.Clear();
        _length = 0;
        return spans;
    }

    /// <summary>Whether a blank here would follow another, or begin a line.</summary>
    private bool IsAtBlank => _runs.Count == 0 || _runs[^1].IsBreak || _text[_length - 1] == ' ';

    /// <summary>Begins a run, if what comes is wrapped in other things than what is there.</summary>
    private void Enter(OpenSpan? open, OpenSpan? code)
    {
        if (_runs.Count > 0 && _runs[^1] is { IsBreak: false } last)
        {
            if (ReferenceEquals(last.Open, open) && ReferenceEquals(last.Code, code))
                return;
            // Nor does it end with one.
            if (last.Code is not null && _text[_length - 1] == ' ')
                _runs.Add(new Run(_length - 1, last.Open));
        }

        if (_runs.Count == 0 || _runs[^1] is { IsBreak: true } || !ReferenceEquals(_runs[^1].Open, open) || _runs[^1].Code is not null || code is not null)
            _runs.Add(new Run(_length, open, code));
    }

    private void Reserve(int more)
    {
        if (_text.Length - _length < more)
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + more));
    }

    /// <summary>A letter that was written before an element has its marks in it too: what is too many over both is left out.</summary>
    private ReadOnlySpan<char> WithoutMarks(ReadOnlySpan<char> text)
    {
        var before = 0;
        while (before < CleanText.MaxMarks && before < _length && CleanText.IsMark(_text[_length - 1 - before]))
            before++;
        var after = 0;
        while (before > 0 && after < text.Length && CleanText.IsMark(text[after]))
            after++;
        var over = Math.Max(0, before + after - CleanText.MaxMarks);
        return over == 0 ? text : string.Concat(text[..(after - over)], text[after..]);
    }

    private void TrimEnd()
    {
        while (_runs.Count > 0 && _runs[^1] is { IsBreak: false } last && _text[_length - 1] == ' ')
        {
            _length--;
            if (last.Start == _length)
                _runs.RemoveAt(_runs.Count - 1);
        }
    }

    private List<Span> Build(int from, int to, int depth)
    {
        if (to - from == 1 && At(_runs[from], depth) is null)
            return [Leaf(from)];
        var spans = new List<Span>();
        for (var i = from; i < to;)
        {
            var open = At(_runs[i], depth);
            if (open is null)
            {
                spans.Add(Leaf(i++));
                continue;
            }

            var (end, isBlank) = (i, true);
            while (end < to && IsInside(end, to, depth, open))
                isBlank &= IsBlank(end++);
            var inner = Build(i, end, depth + 1);
            if (isBlank)
                spans.AddRange(inner);
            else
                spans.Add(open.Url is { } url ? new Span.Link(url, inner) : new Span.Styled(open.Style!.Value, inner));
            i = end;
        }

        return spans;
    }

    /// <summary>A break has no span of its own: it is inside what goes on after it.</summary>
    private bool IsInside(int at, int to, int depth, OpenSpan open)
    {
        while (at < to && _runs[at].IsBreak)
            at++;
        return at < to && ReferenceEquals(At(_runs[at], depth), open);
    }

    private static OpenSpan? At(Run run, int depth)
    {
        var open = run.Open;
        while (open is not null && open.Depth > depth + 1)
            open = open.Outer;
        return open?.Depth == depth + 1 ? open : null;
    }

    private Span Leaf(int run) => _runs[run] switch
    {
        { IsBreak: true } => new Span.Break(),
        { Code: not null } => new Span.Code(Text(run).ToString()),
        _ => new Span.Text(Text(run).ToString()),
    };

    private bool IsBlank(int run) => Text(run).IsWhiteSpace();

    private ReadOnlySpan<char> Text(int run)
    {
        var end = run + 1 < _runs.Count ? _runs[run + 1].Start : _length;
        return _text.AsSpan(_runs[run].Start, end - _runs[run].Start);
    }
}
