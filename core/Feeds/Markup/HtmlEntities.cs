using System.Buffers;
using System.Text;
using AngleSharp.Html;

namespace Notifier.Feeds.Markup;

/// <summary>The named and numbered characters of HTML (WHATWG HTML § 13.5), which feeds use whether or not their XML declares them.</summary>
internal static class HtmlEntities
{
    /// <summary>The longest name is <c>CounterClockwiseContourIntegral;</c>.</summary>
    private const int MaxNameLength = 32;

    /// <summary>The longest names that HTML knows without a semicolon have six letters (<c>Aacute</c>).</summary>
    private const int MaxBareLength = 6;

    /// <summary>Writes what the reference at the start of <paramref name="text"/> stands for, or the ampersand where there is none; never more than it takes.</summary>
    /// <returns>How much was written.</returns>
    public static int Write(ReadOnlySpan<char> text, bool bare, Span<char> into, out int taken)
    {
        // Escaped markup is made of these.
        var common = text.StartsWith("&lt;") ? '<' : text.StartsWith("&gt;") ? '>' : text.StartsWith("&quot;") ? '"' : text.StartsWith("&amp;") ? '&' : '\0';
        if (common != '\0')
        {
            into[0] = common;
            taken = common switch { '"' => 6, '&' => 5, _ => 4 };
            return 1;
        }

        var symbol = Read(text, bare, out taken);
        if (taken == 0) (symbol, taken) = ("&", 1);
        symbol.CopyTo(into);
        return symbol.Length;
    }

    /// <summary>Reads the reference at the start of <paramref name="text"/>, which is an ampersand.</summary>
    /// <param name="bare">Whether a name without its semicolon counts (it does in HTML; in XML it is a forgotten <c>&amp;amp;</c>).</param>
    /// <param name="length">How many characters the reference takes; 0 where there is none.</param>
    /// <returns>What it stands for; empty for a character that may not be.</returns>
    public static string Read(ReadOnlySpan<char> text, bool bare, out int length)
    {
        length = 0;
        if (text.Length < 3) return "";
        return text[1] == '#' ? ReadNumber(text, out length) : ReadName(text, bare, out length);
    }

    private static string ReadName(ReadOnlySpan<char> text, bool bare, out int length)
    {
        length = 0;
        var name = text.Slice(1, Math.Min(MaxNameLength, text.Length - 1));
        var end = 0;
        while (end < name.Length && char.IsAsciiLetterOrDigit(name[end])) end++;
        if (end == 0) return "";

        if (end < name.Length && name[end] == ';')
        {
            length = end + 2;
            switch (name[..end])
            {
                case "amp": return "&";
                case "lt": return "<";
                case "gt": return ">";
                case "quot": return "\"";
                case "apos": return "'";
                case "nbsp": return "\u00A0";

                // XHTML's DTD, which whoever writes names into XML means, has other brackets here than HTML 5.
                case "lang" when !bare: return "\u2329";
                case "rang" when !bare: return "\u232A";
            }

            if (HtmlEntityProvider.Resolver.GetSymbol(name[..(end + 1)].ToString()) is { } symbol) return symbol;
        }

        length = 0;
        for (var take = Math.Min(end, MaxBareLength); bare && take >= 2; take--)
        {
            if (HtmlEntityProvider.Resolver.GetSymbol(name[..take].ToString()) is not { } symbol) continue;
            length = take + 1;
            return symbol;
        }

        return "";
    }

    private static string ReadNumber(ReadOnlySpan<char> text, out int length)
    {
        var code = Code(text, out length);
        if (code is >= 0xC2 and <= 0xF4 && SpelledInBytes(text, (byte)code, length, out var whole) is { } spelled)
        {
            length = whole;
            return spelled;
        }

        return code switch
        {
            >= 128 and <= 159 => Windows1252[(int)code - 128].ToString(),
            9 or 10 or 13 => ((char)code).ToString(),
            < 32 or (>= 0xD800 and <= 0xDFFF) or 0xFFFE or 0xFFFF or > 0x10FFFF => "",
            _ => char.ConvertFromUtf32((int)code),
        };
    }

    /// <summary>A character of which each byte of its UTF-8 was escaped alone (<c>&amp;#226;&amp;#128;&amp;#166;</c>), as programs do that take bytes for characters.</summary>
    private static string? SpelledInBytes(ReadOnlySpan<char> text, byte first, int firstLength, out int length)
    {
        Span<byte> bytes = [first, 0, 0, 0];
        var count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        length = firstLength;
        for (var i = 1; i < count; i++)
        {
            var rest = text[length..];
            if (rest.Length < 3 || rest[0] != '&' || rest[1] != '#' || Code(rest, out var taken) is not (>= 0x80 and <= 0xBF and var code)) return null;
            bytes[i] = (byte)code;
            length += taken;
        }

        return Rune.DecodeFromUtf8(bytes[..count], out var rune, out _) == OperationStatus.Done ? rune.ToString() : null;
    }

    /// <summary>The number of a reference; 0 of length 0 where there is none.</summary>
    private static long Code(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        var isHex = text[2] is 'x' or 'X';
        var first = isHex ? 3 : 2;
        var at = first;
        long code = 0;
        while (at < text.Length && (isHex ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at])))
        {
            var digit = text[at] <= '9' ? text[at] - '0' : (text[at] | 0x20) - 'a' + 10;
            code = Math.Min((code * (isHex ? 16 : 10)) + digit, 0x110000);
            at++;
        }

        if (at == first) return 0;
        length = at < text.Length && text[at] == ';' ? at + 1 : at;
        return code;
    }

    /// <summary>What people mean by the numbers 128–159, by https://html.spec.whatwg.org/#numeric-character-reference-end-state.</summary>
    private const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";
}
