using System.Text;

namespace Notifier.Messages.Html;

/// <summary>
/// The running text of one block while it is read: white space is collapsed as a browser does it, and every piece remembers what it is wrapped in,
/// so a link or a style that spans several blocks goes on in the next.
/// </summary>
internal sealed class InlineText
{
    private readonly List<Run> _runs = [];
    private readonly StringBuilder _text = new();
    private OpenSpan? _open;
    private bool _spaceDue;

    /// <summary>A style or a link around a piece of text; <paramref name="Style"/> is null for a link.</summary>
    public sealed record OpenSpan(OpenSpan? Outer, SpanStyle? Style, Uri? Url)
    {
        public int Depth { get; } = Outer is null ? 1 : Outer.Depth + 1;

        public bool Has(SpanStyle? style) => Style == style || (Outer?.Has(style) ?? false);
    }

    private enum RunKind
    {
        Text,
        Code,
        Break,
    }

    private sealed record Run(RunKind Kind, string Text, OpenSpan? OpenSpan);

    public bool IsEmpty => _runs.Count == 0 && _text.Length == 0;

    /// <summary>What new text is wrapped in. A style inside itself, or a link inside a link, adds nothing.</summary>
    public OpenSpan? Current => _open;

    public void Enter(SpanStyle? style, Uri? url)
    {
        EndRun();
        if (_open?.Has(style) != true)
            _open = new OpenSpan(_open, style, url);
    }

    public void LeaveTo(OpenSpan? open)
    {
        EndRun();
        _open = open;
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
        _runs.Add(new Run(RunKind.Code, code, _open));
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

    /// <summary>The block's spans; starts anew inside the same spans.</summary>
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

    private bool IsAtLineStart => _text.Length == 0
        ? _runs.Count == 0 || _runs[^1].Kind == RunKind.Break || (_runs[^1].Kind == RunKind.Text && _runs[^1].Text[^1] == ' ')
        : _text[^1] == ' ';

    private void TrimEnd()
    {
        while (_runs.Count > 0 && _runs[^1] is { Kind: RunKind.Text } last && last.Text[^1] == ' ')
        {
            _runs.RemoveAt(_runs.Count - 1);
            if (last.Text.TrimEnd(' ') is { Length: > 0 } text)
                _runs.Add(last with { Text = text });
        }
    }

    private void EndRun()
    {
        if (_text.Length == 0)
            return;
        _runs.Add(new Run(RunKind.Text, _text.ToString(), _open));
        _text.Clear();
    }

    private static List<Span> Build(List<Run> runs, int from, int to, int depth)
    {
        var spans = new List<Span>();
        for (var i = from; i < to;)
        {
            var open = At(runs[i], depth);
            if (open is null)
            {
                spans.Add(Leaf(runs[i++]));
                continue;
            }

            var end = i;
            while (end < to && (ReferenceEquals(At(runs[end], depth), open) || IsInside(runs, end, to, depth, open)))
                end++;
            var inner = Build(runs, i, end, depth + 1);
            if (runs[i..end].TrueForAll(run => string.IsNullOrWhiteSpace(run.Text)))
                spans.AddRange(inner);
            else
                spans.Add(open.Url is { } url ? new Span.Link(url, inner) : new Span.Styled(open.Style!.Value, inner));
            i = end;
        }

        return spans;
    }

    /// <summary>A break has no span of its own: it is inside what goes on after it.</summary>
    private static bool IsInside(List<Run> runs, int at, int to, int depth, OpenSpan open)
    {
        while (at < to && runs[at].Kind == RunKind.Break)
            at++;
        return at < to && ReferenceEquals(At(runs[at], depth), open);
    }

    private static OpenSpan? At(Run run, int depth)
    {
        var open = run.OpenSpan;
        while (open is not null && open.Depth > depth + 1)
            open = open.Outer;
        return open?.Depth == depth + 1 ? open : null;
    }

    private static Span Leaf(Run run) => run.Kind switch
    {
        RunKind.Break => new Span.Break(),
        RunKind.Code => new Span.Code(run.Text),
        _ => new Span.Text(run.Text),
    };
}
