namespace Notifier.Messages.Html;

/// <summary>A table while it is read: which of the blocks since its start stand in which cell. One that only places things on the page is none: its blocks stay as they are.</summary>
/// <param name="blocks">Where the blocks are collected.</param>
internal sealed class HtmlTable(List<Block> blocks)
{
    private const int MaxColumns = 20;

    private readonly int _start = blocks.Count;
    private readonly List<Cell> _cells = [];
    private bool _isInRow;
    private int _rows;

    private sealed record Cell(int Row, bool IsHeader, int From)
    {
        public int To { get; set; } = From;
    }

    public List<Block> Blocks => blocks;

    /// <summary>Whether a cell holds more than a line, so that nothing is compared in rows and columns.</summary>
    public bool IsLayout { get; set; }

    public void BeginRow() => _isInRow = false;

    public void BeginCell(bool isHeader)
    {
        if (!_isInRow)
            _rows++;
        _isInRow = true;
        _cells.Add(new Cell(_rows - 1, isHeader, blocks.Count));
    }

    public void EndCell() => _cells[^1].To = blocks.Count;

    /// <summary>Makes one block of the cells. What stands outside of them comes before it, pictures inside of them behind it.</summary>
    public void End()
    {
        if (IsLayout || _rows < 2)
            return;
        var rows = _cells.GroupBy(cell => cell.Row).Select(row => row.Take(MaxColumns).ToList()).ToList();
        if (rows.TrueForAll(row => row.Count < 2) || _cells.TrueForAll(cell => blocks[cell.From..cell.To].TrueForAll(block => block is Block.Media)))
            return;
        var before = new List<Block>();
        var media = new List<Block>();
        var at = _start;
        foreach (var cell in _cells)
        {
            before.AddRange(blocks[at..cell.From]);
            media.AddRange(blocks[cell.From..cell.To].FindAll(block => block is Block.Media));
            at = cell.To;
        }

        before.AddRange(blocks[at..]);
        var table = new Block.Table(rows[0].TrueForAll(cell => cell.IsHeader), [.. rows.Select(row => row.ConvertAll(cell => Line(blocks[cell.From..cell.To])))]);
        blocks.RemoveRange(_start, blocks.Count - _start);
        blocks.AddRange([.. before, table, .. media]);
    }

    /// <summary>Blocks as one line: they are joined by breaks.</summary>
    public static IReadOnlyList<Span> Line(List<Block> blocks)
    {
        var spans = new List<Span>();
        foreach (var block in blocks)
        {
            var inner = Spans.Of(block);
            if (spans.Count > 0 && inner.Count > 0)
                spans.Add(new Span.Break());
            spans.AddRange(inner);
        }

        return spans;
    }
}
