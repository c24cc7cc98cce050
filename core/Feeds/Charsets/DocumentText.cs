using System.Buffers;
using System.Text;
using System.Text.Unicode;
using UtfUnknown;

namespace Notifier.Feeds.Charsets;

/// <summary>
/// Finds out how a document's bytes spell text: a byte order mark, else UTF-8 wherever the bytes are valid as such (whatever they claim
/// to be), else what the server or the XML declaration says, else the most likely guess.
/// </summary>
public static class DocumentText
{
    /// <summary>How much of a document a guess is made from.</summary>
    private const int SampleLength = 128 * 1024;

    /// <param name="contentType">The HTTP header's value, for its charset.</param>
    public static string Read(ReadOnlySpan<byte> body, string? contentType = null)
    {
        using var text = Lend(body, contentType);
        return text.Characters.AsSpan().ToString();
    }

    /// <summary>The same in memory that is lent, for a document that is only passed through.</summary>
    internal static LentText Lend(ReadOnlySpan<byte> body, string? contentType = null)
    {
        if (FromFirstBytes(body) is { } obvious) return Decode(body, obvious);
        var declared = FromXmlDeclaration(body);
        if (IsEscaped(declared)) return Decode(body, Utf8.IsValid(body) ? CharsetLabels.Find(declared)! : Decide(body, declared, contentType));

        // Whether the bytes are valid comes out on the way; no byte of UTF-8 makes more than one character.
        var memory = ArrayPool<char>.Shared.Rent(body.Length);
        if (Utf8.ToUtf16(body, memory, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done) return new LentText(memory, length);
        ArrayPool<char>.Shared.Return(memory);
        return Decode(body, Decide(body, declared, contentType));
    }

    private static LentText Decode(ReadOnlySpan<byte> body, Encoding encoding)
    {
        var memory = ArrayPool<char>.Shared.Rent(encoding.GetCharCount(body));
        return new LentText(memory, encoding.GetChars(body, memory));
    }

    /// <summary>Of bytes that are not valid UTF-8.</summary>
    private static Encoding Decide(ReadOnlySpan<byte> body, string? declared, string? contentType)
    {
        // RFC 7303 withdrew the us-ascii that text/xml used to imply; servers still say it without meaning it.
        var announced = FromContentType(contentType);
        if (announced is not null && !announced.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) && Legacy(announced) is { } byServer) return byServer;
        return Legacy(declared) ?? (IsMostlyUtf8(body) ? Encoding.UTF8 : Guess(body));
    }

    private static Encoding? FromFirstBytes(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8)) return Utf8.IsValid(body) || IsMostlyUtf8(body) ? Encoding.UTF8 : null;
        if (body.Length < 4) return null;
        return (body[0], body[1], body[2], body[3]) switch
        {
            (0xFF, 0xFE, 0, 0) => Encoding.UTF32,
            (0, 0, 0xFE, 0xFF) => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            (0xFF, 0xFE, _, _) => Encoding.Unicode,
            (0xFE, 0xFF, _, _) => Encoding.BigEndianUnicode,
            (not 0, 0, 0, 0) => Encoding.UTF32,
            (0, 0, 0, not 0) => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
            (not 0, 0, not 0, 0) => Encoding.Unicode,
            (0, not 0, 0, not 0) => Encoding.BigEndianUnicode,

            // "<?xm" on IBM's mainframes; which of their charsets it is, the declaration says in letters that all of them have.
            (0x4C, 0x6F, 0xA7, 0x94) => FromMainframe(body),
            _ => null,
        };
    }

    private static Encoding? FromMainframe(ReadOnlySpan<byte> body)
    {
        var common = CodePagesEncodingProvider.Instance.GetEncoding(37);
        var head = common?.GetString(body[..Math.Min(body.Length, 200)]) ?? "";
        return CharsetLabels.Find(FromXmlDeclaration(Encoding.Latin1.GetBytes(head))) is { IsSingleByte: true } stated ? stated : common;
    }

    private static string? FromContentType(string? contentType)
    {
        var at = contentType?.IndexOf("charset", StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0) return null;
        var value = contentType.AsSpan(at + 7).TrimStart();
        if (!value.StartsWith("=")) return null;
        value = value[1..].Trim();
        var end = value.IndexOf(';');
        return (end < 0 ? value : value[..end]).Trim(" \"'").ToString();
    }

    private static string? FromXmlDeclaration(ReadOnlySpan<byte> body)
    {
        body = body[..Math.Min(body.Length, 1024)];
        var start = body.IndexOf("<?xml"u8);
        if (start < 0) return null;
        body = body[start..];
        if (body.IndexOf((byte)'>') is var end and >= 0) body = body[..end];
        var at = body.IndexOf("encoding"u8);
        if (at < 0) return null;
        var value = Encoding.Latin1.GetString(body[(at + 8)..]).AsSpan().TrimStart(" \t\r\n=");
        if (value.IsEmpty || value[0] is not ('"' or '\'')) return null;
        var close = value[1..].IndexOf(value[0]);
        return close < 0 ? null : value.Slice(1, close).Trim().ToString();
    }

    /// <summary>A charset that hides in ASCII behind escapes, and so looks like valid UTF-8.</summary>
    private static bool IsEscaped(string? charset) =>
        charset is not null && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && CharsetLabels.Find(charset) is { CodePage: (>= 50220 and <= 50229) or 52936 };

    /// <summary>Only a charset that invalid UTF-8 can be in.</summary>
    private static Encoding? Legacy(string? charset) =>
        CharsetLabels.Find(charset) is { } encoding && encoding.CodePage is not (65000 or 65001 or 1200 or 1201 or 12000 or 12001) ? encoding : null;

    /// <summary>A few broken characters in UTF-8, rather than another charset.</summary>
    private static bool IsMostlyUtf8(ReadOnlySpan<byte> body)
    {
        int good = 0, bad = 0;
        while (!body.IsEmpty)
        {
            var next = body.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (next < 0) break;
            body = body[next..];
            if (Rune.DecodeFromUtf8(body, out _, out var taken) == OperationStatus.Done) good++;
            else bad++;
            body = body[taken..];
        }

        return good > bad;
    }

    private static Encoding Guess(ReadOnlySpan<byte> body)
    {
        var detected = CharsetDetector.DetectFromBytes(body[..Math.Min(body.Length, SampleLength)].ToArray()).Detected;
        return (detected is { Confidence: > 0.5f } ? Legacy(detected.EncodingName) : null) ?? CharsetLabels.Find("windows-1252") ?? Encoding.Latin1;
    }
}
