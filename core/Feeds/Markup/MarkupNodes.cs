namespace Notifier.Feeds.Markup;

/// <summary>The elements of a document, in pieces: a long document costs what it holds, and never a copy of what it held so far.</summary>
internal sealed class MarkupNodes
{
    /// <summary>Such a piece stays below the size (85,000 bytes) from which .NET no longer moves an object.</summary>
    private const int PieceShift = 9;
    private const int PieceLength = 1 << PieceShift;

    private readonly List<MarkupNode[]> pieces = [];

    public int Count { get; private set; }

    public ref MarkupNode this[int index] => ref pieces[index >> PieceShift][index & (PieceLength - 1)];

    public void Add(in MarkupNode node)
    {
        if (Count >> PieceShift == pieces.Count) pieces.Add(new MarkupNode[PieceLength]);
        this[Count++] = node;
    }
}
