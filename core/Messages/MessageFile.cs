namespace Notifier.Messages;

/// <summary>A file that comes with a message.</summary>
/// <param name="Name">ASCII, fixed by us: nothing that anybody typed is part of it.</param>
/// <param name="MediaType">Such as <c>text/x-opml</c>.</param>
public sealed record MessageFile(string Name, string MediaType, ReadOnlyMemory<byte> Content);
