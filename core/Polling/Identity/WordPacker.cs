using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Notifier.Polling.Identity;

/// <summary>
/// Leaves of a text or HTML what its words consist of: no tags, no white space. Each changed document is read by it from end to end, so it takes eight characters at a
/// time: those to keep are moved together by a shuffle, of which there is one for each pattern of spaces.
/// </summary>
internal static class WordPacker
{
    /// <summary>How much longer than the text the buffer must be: what is moved is always a whole block.</summary>
    public const int Room = 8;

    /// <summary>For each pattern of spaces in a block, a bit each: which bytes to move to the front.</summary>
    private static readonly Vector128<byte>[] Moves = [.. Enumerable.Range(0, 256).Select(MoveFor)];

    /// <param name="buffer">At least as long as the text and <see cref="Room"/>.</param>
    /// <returns>The part of the buffer that was written.</returns>
    public static ReadOnlySpan<char> Pack(ReadOnlySpan<char> html, Span<char> buffer)
    {
        var text = MemoryMarshal.Cast<char, ushort>(html);
        var words = MemoryMarshal.Cast<char, ushort>(buffer);
        var (at, length) = (0, 0);
        while (at < text.Length)
        {
            if (at + Vector128<ushort>.Count <= text.Length)
            {
                var block = Vector128.Create(text[at..]);
                if (IsPlain(block))
                {
                    var spaces = Vector128.Equals(block, Vector128.Create((ushort)' ')).ExtractMostSignificantBits();
                    Vector128.Shuffle(block.AsByte(), Moves[spaces]).AsUInt16().CopyTo(words[length..]);
                    length += Vector128<ushort>.Count - BitOperations.PopCount(spaces);
                    at += Vector128<ushort>.Count;
                    continue;
                }
            }

            // One by one to the end of the block, and to that of a tag.
            for (var end = Math.Min(at + Vector128<ushort>.Count, text.Length); at < end; at++)
            {
                var c = html[at];
                if (c == '<' && at + 1 < html.Length && (char.IsAsciiLetter(html[at + 1]) || html[at + 1] is '/' or '!'))
                {
                    var close = html[at..].IndexOf('>');
                    at = close < 0 ? html.Length : at + close;
                }
                else if (!char.IsWhiteSpace(c))
                {
                    words[length++] = c;
                }
            }
        }

        return buffer[..length];
    }

    /// <summary>Spaces, and ASCII characters that are seen; no <c>&lt;</c>.</summary>
    private static bool IsPlain(Vector128<ushort> block) =>
        !Vector128.GreaterThanAny(block - Vector128.Create((ushort)' '), Vector128.Create((ushort)('~' - ' '))) && !Vector128.EqualsAny(block, Vector128.Create((ushort)'<'));

    private static Vector128<byte> MoveFor(int spaces)
    {
        Span<byte> move = stackalloc byte[Vector128<byte>.Count];
        var to = 0;
        for (var i = 0; i < Vector128<ushort>.Count; i++)
        {
            if ((spaces >> i & 1) != 0)
                continue;
            move[to++] = (byte)(2 * i);
            move[to++] = (byte)((2 * i) + 1);
        }

        return Vector128.Create(move);
    }
}
