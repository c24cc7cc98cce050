namespace Notifier.Messages.Html;

/// <summary>
/// The elements that are open where the reader stands, outermost first: at most 256, the rest of what nests deeper is text in them. What ends which,
/// though it was never closed or closed in another order, follows HTML's rules (§ 13.2.6), as far as a message shows the difference.
/// </summary>
internal sealed class OpenElements
{
    private const int MaxCount = 256;
    private const int MaxFormats = 48;

    private readonly List<Entry> _entries = [];
    private int _formats;

    /// <summary>An element that is open.</summary>
    public sealed class Entry(HtmlElement element)
    {
        public HtmlElement Element { get; } = element;

        /// <summary>The style or link that it is, or that it gives to its text.</summary>
        public (SpanStyle? Style, Uri? Url) Effect { get; init; }

        /// <summary>What its text is wrapped in.</summary>
        public OpenSpan? Span { get; set; }

        /// <summary>Where it began: in the blocks, or in the block's text.</summary>
        public int Start { get; init; }

        /// <summary>The nested blocks or the table that end with it.</summary>
        public object? Part { get; init; }

        /// <summary>What an abbreviation stands for.</summary>
        public string? Title { get; init; }

        public HtmlElement? LastChild { get; set; }

        public bool IsFormat => Element.Role is HtmlRole.Format or HtmlRole.Link or HtmlRole.Code;

        public bool HasEffect => Effect != default || Element.Role == HtmlRole.Code;
    }

    public Entry? Top => _entries.Count == 0 ? null : _entries[^1];

    public int Count => _entries.Count;

    /// <summary>What new text is wrapped in.</summary>
    public OpenSpan? Span => Top?.Span;

    public bool HasRoom(HtmlElement element) => _entries.Count < MaxCount && !(element.Role is HtmlRole.Format or HtmlRole.Link or HtmlRole.Code && _formats >= MaxFormats);

    public void Push(Entry entry)
    {
        entry.Span = entry.HasEffect ? OpenSpan.In(Span, entry.Effect.Style, entry.Effect.Url) : Span;
        _entries.Add(entry);
        if (entry.IsFormat)
            _formats++;
    }

    /// <summary>The innermost open element that an end tag of <paramref name="element"/> ends; -1 for none.</summary>
    public int FindEndedBy(HtmlElement element)
    {
        var isFormat = element.Role is HtmlRole.Format or HtmlRole.Link or HtmlRole.Code;
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var open = _entries[i].Element;
            if (open == element || (open.Role == HtmlRole.Heading && element.Role == HtmlRole.Heading))
                return i;
            var stops = element.Role switch
            {
                HtmlRole.Table => false,
                _ when element.IsOfTable => open.Role == HtmlRole.Table,
                HtmlRole.Item => open.IsScope || open.Role == HtmlRole.List,
                _ when isFormat || element.IsBlock => open.IsScope,
                _ => open.IsBlock,
            };
            if (stops)
                return -1;
        }

        return -1;
    }

    /// <summary>The open element that cannot go on when <paramref name="element"/> begins; -1 for none.</summary>
    public int FindEndedByStartOf(HtmlElement element) => element.Role switch
    {
        HtmlRole.Item => Find(open => open.Role == HtmlRole.Item, IsEndOfItems),
        HtmlRole.Term or HtmlRole.Definition => Find(open => open.Role is HtmlRole.Term or HtmlRole.Definition, IsEndOfItems),
        HtmlRole.Heading => Find(open => open.Role == HtmlRole.Heading, open => open.IsBlock),
        HtmlRole.Cell => Find(open => open.Role is HtmlRole.Cell or HtmlRole.Caption, open => open.Role is HtmlRole.Table or HtmlRole.Row),
        HtmlRole.Row => Find(open => open.Role is HtmlRole.Row or HtmlRole.Caption, open => open.Role is HtmlRole.Table or HtmlRole.Rows, orElse: open => open.Role == HtmlRole.Cell),
        HtmlRole.Rows or HtmlRole.Caption => Find(open => open.Role is HtmlRole.Rows, open => open.Role is HtmlRole.Table, orElse: open => open.Role is HtmlRole.Row or HtmlRole.Cell or HtmlRole.Caption),
        HtmlRole.Table => Find(open => open.Role == HtmlRole.Table, open => open.Role is HtmlRole.Cell or HtmlRole.Caption),
        HtmlRole.Link => Find(open => open.Role == HtmlRole.Link, open => open.Role is HtmlRole.Cell or HtmlRole.Caption),
        _ => -1,
    };

    /// <summary>The open paragraph that a block inside it ends; -1 for none.</summary>
    public int FindParagraph() => Find(open => open.Role == HtmlRole.Paragraph, open => open.IsBlock);

    public bool IsInTable => Find(open => open.Role == HtmlRole.Table, _ => false) >= 0;

    /// <summary>Whether the innermost list is nearer than any table's cell.</summary>
    public bool IsInList => Find(open => open.Role == HtmlRole.List, open => open.IsScope) >= 0;

    public bool IsInSpoiler => _entries.Exists(entry => entry.Element.Name == "span");

    public Entry this[int index] => _entries[index];

    /// <summary>Whether a block stands open inside the element at <paramref name="index"/>.</summary>
    public bool HasBlockInside(int index) => _entries.FindIndex(index + 1, entry => entry.Element.IsBlock) >= 0;

    /// <summary>
    /// Takes off one element so that the one at <paramref name="index"/> can end: what is open inside it, from the innermost on, then itself. Formats
    /// inside stay open behind it, but not behind a cell.
    /// </summary>
    public Entry Pop(int index)
    {
        var at = _entries.Count - 1;
        while (at > index && _entries[at].IsFormat && !_entries[index].Element.IsOfTable)
            at--;
        return RemoveAt(at);
    }

    /// <summary>Takes off an element alone: what is open inside it goes on.</summary>
    public Entry RemoveAt(int index)
    {
        var entry = _entries[index];
        _entries.RemoveAt(index);
        if (entry.IsFormat)
            _formats--;
        for (var i = index; i < _entries.Count; i++)
        {
            var outer = i == 0 ? null : _entries[i - 1].Span;
            _entries[i].Span = _entries[i].HasEffect ? OpenSpan.In(outer, _entries[i].Effect.Style, _entries[i].Effect.Url) : outer;
        }

        return entry;
    }

    private int Find(Predicate<HtmlElement> wanted, Predicate<HtmlElement> end, Predicate<HtmlElement>? orElse = null)
    {
        var found = -1;
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var open = _entries[i].Element;
            if (wanted(open))
                return i;
            if (orElse?.Invoke(open) == true)
                found = i;
            if (end(open))
                return found;
        }

        return found;
    }

    private static bool IsEndOfItems(HtmlElement open) => open.IsBlock && open.Role != HtmlRole.Paragraph && open.Name is not ("div" or "address");
}
