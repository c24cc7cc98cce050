using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Notifier.Feeds;

namespace Notifier.Polling.Identity;

/// <summary>
/// By what an entry is recognised: its id, its canonical link, its title and its text, each as a hash; 0 where it has none.
/// </summary>
/// <remarks>Any change to what is hashed needs a new <see cref="Version"/>: memories of another version are compared by id alone.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Fingerprints(ulong Id, ulong Link, uint Title, uint Text)
{
    public const int Version = 2;

    /// <summary>What stands for the entry when a later poll looks for it: the id, else the link, else the words.</summary>
    public long Key => (long)(Id != 0 ? Id : Link != 0 ? Link : Words);

    public ulong Words => ((ulong)Title << 32) | Text;

    /// <summary>The key of an entry that shares its id with others of the same document.</summary>
    public long SharedKey => (long)Combine(Id, Words);

    public static Fingerprints Of(ParsedEntry entry)
    {
        var prints = new Fingerprints(
            string.IsNullOrEmpty(entry.Id) ? 0 : Hash(entry.Id),
            LinkPrint(entry.Link ?? (entry.Enclosures.Count > 0 ? entry.Enclosures[0].Url : null)),
            (uint)WordsPrint(entry.Title),
            (uint)WordsPrint(entry.Content ?? entry.Summary));

        // An entry that says nothing at all is still known once it has been seen.
        return prints == default ? prints with { Text = 1 } : prints;
    }

    private static ulong Combine(ulong a, ulong b) => XxHash64.HashToUInt64(MemoryMarshal.AsBytes([a, b]));

    private static ulong Hash(ReadOnlySpan<char> text) => Math.Max(1, XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text)));

    /// <summary>Of the canonical link; 0 for none.</summary>
    internal static ulong LinkPrint(string? link) => CanonicalLink.Of(link) is { } canonical ? Hash(canonical) : 0;

    /// <summary>Hashes the words of a text or HTML: letters and digits outside tags, so that markup and white space may change freely.</summary>
    private static ulong WordsPrint(string? html)
    {
        if (string.IsNullOrEmpty(html))
            return 0;
        var buffer = ArrayPool<char>.Shared.Rent(html.Length + WordPacker.Room);
        var words = WordPacker.Pack(html, buffer);
        var isEmpty = words.IsEmpty;
        var print = isEmpty ? 0 : XxHash64.HashToUInt64(MemoryMarshal.AsBytes(words));
        ArrayPool<char>.Shared.Return(buffer);

        // Only 32 bits are kept, and 0 means none.
        return !isEmpty && (uint)print == 0 ? 1 : print;
    }
}
