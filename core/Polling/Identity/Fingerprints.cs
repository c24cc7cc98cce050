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
        var words = ArrayPool<char>.Shared.Rent(html.Length);
        var length = 0;
        for (var i = 0; i < html.Length; i++)
        {
            var c = html[i];

            // Nearly all of a text, and without a branch that nobody could foretell: the loop is as long as all texts together.
            if (c is >= ' ' and < '\u007F' and not '<')
            {
                words[length] = c;
                length += c == ' ' ? 0 : 1;
            }
            else if (c == '<' && i + 1 < html.Length && (char.IsAsciiLetter(html[i + 1]) || html[i + 1] is '/' or '!'))
            {
                var end = html.AsSpan(i).IndexOf('>');
                if (end < 0)
                    break;
                i += end;
            }
            else if (!char.IsWhiteSpace(c))
            {
                words[length++] = c;
            }
        }

        var print = length == 0 ? 0 : XxHash64.HashToUInt64(MemoryMarshal.AsBytes(words.AsSpan(0, length)));
        ArrayPool<char>.Shared.Return(words);

        // Only 32 bits are kept, and 0 means none.
        return length > 0 && (uint)print == 0 ? 1 : print;
    }
}
