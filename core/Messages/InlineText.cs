using System.Text;

namespace Notifier.Messages;

/// <summary>
/// The running text of one block while it is read: white space is collapsed as a browser does it, and every piece remembers what it is wrapped in,
/// so a link or a style that spans several blocks goes on in the next.
/// </summary>
internal sealed class InlineText
{
    readonly List<Run> _runs = [];
    readonly StringBuilder _text = new();
    Wrapper? _wrapper;
    bool _spaceDue;

    /// <summary>A style or a link around a piece of text; <paramref name="Style"/> is null for a link.</summary>
    public sealed record Wrapper(Wrapper? Outer, SpanStyle? Style, Uri? Url)
    {
        public int Depth { get; } = Outer is null ? 1 : Outer.Depth + 1;

        public bool Has(SpanStyle? style) => Style == style || (Outer?.Has(style) ?? false);
    }

    enum RunKind
    {
        Text,
        Code,
        Break,
    }

    sealed record Run(RunKind Kind, string Text, Wrapper? Wrapper);

    public bool IsEmpty => _runs.Count == 0 && _text.Length == 0;

    /// <summary>What new text is wrapped in. A style inside itself, or a link inside a link, adds nothing.</summary>
    public Wrapper? Current => _wrapper;

    public void Enter(SpanStyle? style, Uri? url)
    {
        EndRun();
        if (_wrapper?.Has(style) != true)
            _wrapper = new Wrapper(_wrapper, style, url);
    }

    public void LeaveTo(Wrapper? wrapper)
    {
        EndRun();
        _wrapper = wrapper;
    }

    public void Append(string text)
    {
        foreach (var c in CleanText.Of(text))
        {
            if (c is ' ' or '\n' or '\t' or '\r' or '\f')
            {
                _spaceDue = true;
                continue;
            }

            if (_spaceDue && !IsAtLineStart)
                _text.Append(' ');
            _spaceDue = false;
            _text.Append(c);
        }

        // The space between "a <b>b</b>" belongs to the text before the element.
        if (_spaceDue && !IsAtLineStart)
        {
            _text.Append(' ');
            _spaceDue = false;
        }
    }

    public void AppendCode(string text)
    {
        var code = CleanText.Line(text);
        if (code.Length == 0)
            return;
        if (_spaceDue && !IsAtLineStart)
            _text.Append(' ');
        _spaceDue = false;
        EndRun();
        _runs.Add(new Run(RunKind.Code, code, _wrapper));
    }

    /// <summary>Ends the line; never more than one empty line in a row, and none at the start.</summary>
    public void Break()
    {
        EndRun();
        TrimEnd();
        _spaceDue = false;
        if (_runs.Count > 0 && !(_runs.Count > 1 && _runs[^1].Kind == RunKind.Break && _runs[^2].Kind == RunKind.Break))
            _runs.Add(new Run(RunKind.Break, "\n", null));
    }

    /// <summary>The block's spans; starts anew inside the same wrappers.</summary>
    public IReadOnlyList<Span> Take()
    {
        EndRun();
        while (_runs.Count > 0 && _runs[^1].Kind == RunKind.Break)
            _runs.RemoveAt(_runs.Count - 1);
        TrimEnd();
        var spans = Build(_runs, 0, _runs.Count, 0);
        _runs.Clear();
        _spaceDue = false;
        return spans;
    }

    bool IsAtLineStart => _text.Length == 0
        ? _runs.Count == 0 || _runs[^1].Kind == RunKind.Break || (_runs[^1].Kind == RunKind.Text && _runs[^1].Text[^1] == ' ')
        : _text[^1] == ' ';

    void TrimEnd()
    {
        while (_runs.Count > 0 && _runs[^1] is { Kind: RunKind.Text } last && last.Text[^1] == ' ')
        {
            _runs.RemoveAt(_runs.Count - 1);
            if (last.Text.TrimEnd(' ') is { Length: > 0 } text)
                _runs.Add(last with { Text = text });
        }
    }

    void EndRun()
    {
        if (_text.Length == 0)
            return;
        _runs.Add(new Run(RunKind.Text, _text.ToString(), _wrapper));
        _text.Clear();
    }

    static List<Span> Build(List<Run> runs, int from, int to, int depth)
    {
        var spans = new List<Span>();
        for (var i = from; i < to;)
        {
            var wrapper = At(runs[i], depth);
            if (wrapper is null)
            {
                spans.Add(Leaf(runs[i++]));
                continue;
            }

            var end = i;
            while (end < to && (ReferenceEquals(At(runs[end], depth), wrapper) || IsInside(runs, end, to, depth, wrapper)))
                end++;
            var inner = Build(runs, i, end, depth + 1);
            if (runs[i..end].TrueForAll(run => string.IsNullOrWhiteSpace(run.Text)))
                spans.AddRange(inner);
            else
                spans.Add(wrapper.Url is { } url ? new Span.Link(url, inner) : new Span.Styled(wrapper.Style!.Value, inner));
            i = end;
        }

        return spans;
    }

    /// <summary>A break has no wrapper of its own: it is inside what goes on after it.</summary>
    static bool IsInside(List<Run> runs, int at, int to, int depth, Wrapper wrapper)
    {
        while (at < to && runs[at].Kind == RunKind.Break)
            at++;
        return at < to && ReferenceEquals(At(runs[at], depth), wrapper);
    }

    static Wrapper? At(Run run, int depth)
    {
        var wrapper = run.Wrapper;
        while (wrapper is not null && wrapper.Depth > depth + 1)
            wrapper = wrapper.Outer;
        return wrapper?.Depth == depth + 1 ? wrapper : null;
    }

    static Span Leaf(Run run) => run.Kind switch
    {
        RunKind.Break => new Span.Break(),
        RunKind.Code => new Span.Code(run.Text),
        _ => new Span.Text(run.Text),
    };
}
