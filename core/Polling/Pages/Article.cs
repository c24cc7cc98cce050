namespace Notifier.Polling.Pages;

/// <summary>What a web page says, without what stands around it.</summary>
/// <param name="Url">Where the page was found in the end; addresses in it are absolute.</param>
internal sealed record Article(Uri Url)
{
    private const string Opening = "<article id=\"page\">";
    private const string Closing = "</article>";

    /// <summary>HTML, with the mark by which it is told from what feeds write; null for a page of which only the rest is known.</summary>
    public string? Html { get; private init; }

    /// <summary>Its picture; absolute.</summary>
    public string? Image { get; init; }

    /// <summary>HTML: what the page says that it is about.</summary>
    public string? Description { get; init; }

    /// <summary>Characters of its text as people see it.</summary>
    public int Length { get; private init; }

    /// <summary>A hash of that text.</summary>
    public ulong Print { get; private init; }

    /// <summary>Whether this content of an entry came from its page.</summary>
    public static bool IsIn(string? content) => content?.StartsWith(Opening, StringComparison.Ordinal) == true;

    /// <param name="text">The same as plain text.</param>
    public Article With(string html, string text) =>
        this with { Html = Opening + html + Closing, Length = text.Length, Print = System.IO.Hashing.XxHash64.HashToUInt64(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.AsSpan())) };
}
