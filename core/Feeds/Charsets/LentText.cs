using System.Buffers;

namespace Notifier.Feeds.Charsets;

/// <summary>A document's text in memory that the pool lends: nothing may look at it after it was given back.</summary>
internal sealed class LentText(char[] memory, int length) : IDisposable
{
    /// <summary>Without the byte order mark.</summary>
    public ArraySegment<char> Characters { get; } = length > 0 && memory[0] == '\uFEFF' ? new(memory, 1, length - 1) : new(memory, 0, length);

    public void Dispose() => ArrayPool<char>.Shared.Return(memory);
}
