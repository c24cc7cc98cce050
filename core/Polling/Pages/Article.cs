using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Notifier.Polling.Pages;

/// <summary>What a web page says, without what stands around it.</summary>
/// <param name="Url">Where the page was found in the end; addresses in it are absolute.</param>
internal sealed record Article(Uri Url)
{
    private const string Opening = "<article id=\"page\">";
    private const string Closing = "</article>";

    /// <summary>Characters of a sentence by which a text may be known again.</summary>
    private const int LeastSentence = 20;

    /// <summary>Of a longer text the first so many sentences count.</summary>
    private const int MostSentences = 64;

    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?\n。！？");

    /// <summary>HTML, with the mark by which it is told from what feeds write; null for a page of which only the rest is known.</summary>
    public string? Html { get; private init; }

    /// <summary>Its picture; absolute.</summary>
    public string? Image { get; init; }

    /// <summary>HTML: what the page says that it is about.</summary>
    public string? Description { get; init; }

    /// <summary>Characters of its text as people see it.</summary>
    public int Length { get; private init; }

    /// <summary>The hashes of its sentences; of a text that has none, of all of it.</summary>
    public IReadOnlyList<ulong> Sentences { get; private init; } = [];

    /// <summary>Whether this content of an entry came from its page.</summary>
    public static bool IsIn(string? content) => content?.StartsWith(Opening, StringComparison.Ordinal) == true;

    /// <summary>Whether two texts say the same, but for less than half of their sentences.</summary>
    public static bool AreAlike(IReadOnlyList<ulong> one, IReadOnlyList<ulong> other) => one.Intersect(other).Count() * 2 > Math.Max(one.Count, other.Count);

    /// <param name="text">The same as plain text.</param>
    public Article With(string html, string text) => this with { Html = Opening + html + Closing, Length = text.Length, Sentences = SentencesOf(text) };

    private static List<ulong> SentencesOf(ReadOnlySpan<char> text)
    {
        var sentences = new HashSet<ulong>();
        foreach (var range in text.SplitAny(Ends))
        {
            if (sentences.Count < MostSentences && text[range].Trim() is { Length: >= LeastSentence } sentence)
                sentences.Add(Hash(sentence));
        }

        return sentences.Count == 0 ? [Hash(text)] : [.. sentences];
    }

    private static ulong Hash(ReadOnlySpan<char> text) => XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text));
}
