using System.Buffers;

namespace Notifier.Feeds;

/// <summary>Text in the making, in memory that the pool lends, so that only what comes of it is allocated.</summary>
internal ref struct TextBuffer(int capacity)
{
    private char[] memory = ArrayPool<char>.Shared.Rent(capacity);
    private int length;

    public readonly Span<char> Written => memory.AsSpan(0, length);

    public void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Room(text.Length));
        length += text.Length;
    }

    public void Append(char character)
    {
        Room(1)[0] = character;
        length++;
    }

    /// <summary>What is not written yet, of at least that length; whoever writes there says how much by <see cref="Advance"/>.</summary>
    public Span<char> Room(int least)
    {
        if (memory.Length - length < least)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(length + least, memory.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<char>.Shared.Return(memory);
            memory = larger;
        }

        return memory.AsSpan(length);
    }

    public void Advance(int by) => length += by;

    public readonly void Dispose() => ArrayPool<char>.Shared.Return(memory);
}
