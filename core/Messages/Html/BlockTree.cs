namespace Notifier.Messages.Html;

/// <summary>The blocks while they are read: those that are finished, and the quotes, lists and details that are open, at most 16 in one another.</summary>
internal sealed class BlockTree
{
    private const int MaxNesting = 16;

    private readonly List<Block.Media> _images = [];
    private Nest _nest = new(null, NestKind.Document);

    /// <summary>The text of the block that is being read.</summary>
    public InlineText Text { get; } = new();

    /// <summary>How many characters the finished blocks show, about.</summary>
    public int Length { get; private set; }

    /// <summary>Where the next block will stand among those beside it.</summary>
    public int Count => _nest.Blocks.Count;

    public List<Block> Blocks => _nest.Blocks;

    /// <summary>Whether what is read stands directly in details.</summary>
    public bool IsInDetails => _nest is { Kind: NestKind.Details, Summary: null };

    public bool IsInList => _nest.Kind == NestKind.List;

    private enum NestKind
    {
        Document,
        Quote,
        List,
        Details,
    }

    /// <summary>Blocks inside a block that is not finished.</summary>
    private sealed class Nest(Nest? outer, NestKind kind)
    {
        public Nest? Outer => outer;

        public NestKind Kind => kind;

        public int Depth { get; } = outer is null ? 0 : outer.Depth + 1;

        public List<Block> Blocks { get; set; } = [];

        public List<ListItem>? Items { get; set; }

        public int? Start { get; init; }

        public bool IsInItem { get; set; }

        public bool? Checked { get; set; }

        public IReadOnlyList<Span>? Summary { get; set; }
    }

    /// <summary>Ends the running paragraph; images that stood in it come after it.</summary>
    public void Flush()
    {
        if (!Text.IsEmpty)
        {
            Length += Text.Length;
            if (Text.Take() is { Count: > 0 } spans)
                _nest.Blocks.Add(new Block.Paragraph(spans));
        }

        if (_images.Count == 0)
            return;
        _nest.Blocks.AddRange(_images);
        _images.Clear();
    }

    public void Add(Block block)
    {
        Flush();
        _nest.Blocks.Add(block);
    }

    /// <summary>Adds an image behind the paragraph that it stands in. One that follows itself is the same one, once for browsers that load it late.</summary>
    public void AddImage(Block.Media image)
    {
        var last = _images.Count > 0 ? _images[^1] : Text.IsEmpty && Count > 0 ? Blocks[^1] as Block.Media : null;
        if (last?.Url != image.Url)
            _images.Add(image);
    }

    public void AddCode(Block.Code code)
    {
        Add(code);
        Length += code.Text.Length;
    }

    /// <summary>The nest that was begun, for <see cref="End"/>; null past the greatest depth, where blocks go on in the outer ones.</summary>
    public object? BeginQuote() => Begin(new Nest(_nest, NestKind.Quote));

    /// <param name="start">The number of the first item; null for a list without numbers.</param>
    public object? BeginList(int? start)
    {
        Flush();
        // A list between two items belongs to the one before it.
        if (_nest is { Kind: NestKind.List, IsInItem: false, Blocks.Count: 0, Items: [.., var last] items } && _nest.Depth < MaxNesting)
        {
            items.RemoveAt(items.Count - 1);
            (_nest.Blocks, _nest.Checked) = ([.. last.Blocks], last.Checked);
        }

        return Begin(new Nest(_nest, NestKind.List) { Start = start });
    }

    public object? BeginDetails() => Begin(new Nest(_nest, NestKind.Details));

    /// <summary>Where an item begins or ends, what stood there before is one.</summary>
    public void BeginItem()
    {
        _nest.Items ??= [];
        EndItem();
        _nest.IsInItem = true;
    }

    public void EndItem()
    {
        Flush();
        if (_nest.Blocks.Count > 0 && _nest.Items is { } items)
        {
            items.Add(new ListItem(_nest.Blocks, _nest.Checked));
            _nest.Blocks = [];
        }

        (_nest.IsInItem, _nest.Checked) = (false, null);
    }

    /// <summary>The first check box of an item is its own.</summary>
    public void Check(bool isChecked)
    {
        if (IsInList)
            _nest.Checked ??= isChecked;
    }

    /// <summary>Makes the blocks from <paramref name="start"/> on the summary of the details.</summary>
    public void Summarize(int start)
    {
        Flush();
        _nest.Summary = HtmlTable.Line(_nest.Blocks[start..]);
        _nest.Blocks.RemoveRange(start, Count - start);
    }

    /// <summary>A heading is a line: one with blocks of its own is read as these.</summary>
    public void MakeHeading(int start, int level)
    {
        var blocks = Blocks;
        if (start < blocks.Count && blocks[start] is Block.Paragraph line && blocks.FindIndex(start + 1, block => block is not Block.Media) < 0)
            blocks[start] = new Block.Heading(level, line.Spans);
    }

    /// <summary>Paragraphs directly behind an image are its caption.</summary>
    public void MakeCaption(int start)
    {
        var blocks = Blocks;
        if (start is 0 || start > blocks.Count || blocks[start - 1] is not Block.Media { Kind: MediaKind.Image })
            return;
        for (var i = start; i < blocks.Count; i++)
        {
            if (blocks[i] is Block.Paragraph words)
                blocks[i] = words with { IsCaption = true };
        }
    }

    /// <summary>The caption of a figure comes behind its picture, wherever it was written.</summary>
    public void OrderFigure(int start)
    {
        var blocks = Blocks;
        if (blocks.Count - start != 2 || blocks[start] is not Block.Paragraph words || blocks[start + 1] is not Block.Media { Kind: MediaKind.Image } image)
            return;
        (blocks[start], blocks[start + 1]) = (image, words with { IsCaption = true });
    }

    /// <summary>Ends a nest, and whatever is open inside it.</summary>
    public void End(object nest)
    {
        while (_nest.Outer is not null)
        {
            var ended = _nest;
            EndInnermost();
            if (ReferenceEquals(ended, nest))
                return;
        }
    }

    private Nest? Begin(Nest nest)
    {
        Flush();
        if (nest.Depth > MaxNesting)
            return null;
        return _nest = nest;
    }

    private void EndInnermost()
    {
        var ended = _nest;
        if (ended is { Kind: NestKind.List, Items: not null })
            EndItem();
        else
            Flush();
        _nest = ended.Outer!;
        switch (ended)
        {
            case { Kind: NestKind.List, Items.Count: > 0 }:
                _nest.Blocks.Add(new Block.List(ended.Start, ended.Items));
                break;
            case { Kind: NestKind.Quote, Blocks.Count: > 0 }:
                _nest.Blocks.Add(new Block.Quote(ended.Blocks));
                break;
            case { Kind: NestKind.Details, Summary: { Count: > 0 } summary }:
                _nest.Blocks.Add(ended.Blocks.Count > 0 ? new Block.Details(summary, ended.Blocks) : new Block.Paragraph(summary));
                break;
            default:
                // Nothing was said that would make it what it is called.
                _nest.Blocks.AddRange(ended.Blocks);
                break;
        }
    }
}
