namespace Notifier.Commands;

/// <summary>A file that somebody attached to a command. Its bytes are still with the platform, which gives them when they are wanted.</summary>
/// <param name="Name">As the sender calls it: to be shown, and never a path.</param>
/// <param name="Length">In bytes, where the platform says so.</param>
/// <param name="Fetch">Gets the bytes; so many at most.</param>
public sealed record IncomingFile(string Name, long? Length, Func<int, CancellationToken, Task<FileResult>> Fetch);

/// <summary>What came of fetching a file.</summary>
public abstract record FileResult
{
    private FileResult()
    {
    }

    public sealed record Fetched(ReadOnlyMemory<byte> Bytes) : FileResult;

    /// <summary>It has more bytes than were asked for at most.</summary>
    public sealed record TooLarge : FileResult;

    /// <param name="Reason">A sentence for the person who sent it.</param>
    public sealed record Failed(string Reason) : FileResult;
}
