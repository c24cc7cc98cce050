using System.Buffers;

namespace Notifier.Feeds.Markup;

/// <summary>The elements of a document, in pieces that the pool lends: a long document costs what it holds, and never a copy of what it held so far.</summary>
internal sealed class MarkupNodes : IDisposable
{
    /// <summary>Such a piece stays below the size (85,000 bytes) from which .NET no longer moves an object.</summary>
    private const int PieceShift = 9;
    private const int PieceLength = 1 << PieceShift;

    private MarkupNode[][] pieces = new MarkupNode[4][];
    private int pieceCount;

    public int Count { get; private set; }

    public ref MarkupNode this[int index] => ref pieces[index >> PieceShift][index & (PieceLength - 1)];

    public void Add(in MarkupNode node)
    {
        if (Count >> PieceShift == pieceCount)
        {
            if (pieceCount == pieces.Length) Array.Resize(ref pieces, pieceCount * 2);
            pieces[pieceCount++] = ArrayPool<MarkupNode>.Shared.Rent(PieceLength);
        }

        this[Count++] = node;
    }

    public void Dispose()
    {
        foreach (var piece in pieces.AsSpan(0, pieceCount)) ArrayPool<MarkupNode>.Shared.Return(piece);
        (pieces, pieceCount, Count) = ([], 0, 0);
    }
}
