using System.Buffers;
using System.Globalization;
using System.Text;

namespace Notifier.Bot.Discord.Messages;

/// <summary>Which characters of a text mean something to Discord where they stand, and what is written in their place.</summary>
internal static class DiscordSigns
{
    /// <summary>Letters, digits, and signs that mean nothing but where a line begins; the letters of most languages.</summary>
    private static readonly SearchValues<char> PlainSigns = SearchValues.Create(
    [
        .. " !\"#$%&'()+,-./;=?^{}0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        .. Range('\u00A1', '\u00AC'), .. Range('\u00AE', '\u02FF'), .. Range('\u0391', '\u03FF'), .. Range('\u0400', '\u0482'), .. Range('\u2010', '\u2027'),
        .. Range('\u3001', '\u3029'), .. Range('\u3041', '\u3096'), .. Range('\u30A1', '\u30FF'), .. Range('\u4E00', '\u9FFF'), .. Range('\uAC00', '\uD7A3'),
    ]);

    /// <summary>How much of a text means nothing inside of a line; what may be the scheme of an address is no part of it, nor is a blank at its beginning.</summary>
    public static int PlainLength(ReadOnlySpan<char> text)
    {
        if (text[0] == ' ')
            return 0;
        var length = text.IndexOfAnyExcept(PlainSigns);
        if (length < 0)
            return text.Length;
        if (!text[length..].StartsWith("://", StringComparison.Ordinal))
            return length;
        var run = text[..length];
        return length - (run.EndsWith("https", StringComparison.OrdinalIgnoreCase) ? 5 : run.EndsWith("http", StringComparison.OrdinalIgnoreCase) ? 4 : 0);
    }

    /// <summary>What is written for the character that the text begins with; null for itself.</summary>
    public static string? InText(ReadOnlySpan<char> text, bool isLineStart, bool isNumber) => text[0] switch
    {
        '\\' => @"\\",
        '*' => @"\*",
        '_' => @"\_",
        '~' => @"\~",
        '`' => @"\`",
        '|' => @"\|",
        '[' => @"\[",
        ']' => @"\]",
        '<' => @"\<",
        ':' when IsEmojiCode(text) => @"\:",
        '>' when isLineStart && MayEnd(text, ">") => @"\>",
        '#' when isLineStart && MayEnd(text, "#") => @"\#",
        '-' when isLineStart && MayEnd(text, "-#") => @"\-",
        '+' when isLineStart && MayEnd(text, "") => @"\+",
        '.' when isNumber && MayEnd(text, "") => @"\.",
        _ => null,
    };

    /// <summary>The same in the text of a link, where backslashes are shown.</summary>
    public static string? InLinkText(ReadOnlySpan<char> text) => text[0] switch
    {
        '[' => "(",
        ']' => ")",
        '*' => "∗",
        '_' => "ˍ",
        '~' => "∼",
        '`' => "ˋ",
        '|' => "∣",
        '\\' => "∖",
        '<' => "‹",
        '>' => "›",
        '@' => "＠",
        ':' when IsEmojiCode(text) => $":{DiscordText.Break}",
        _ => null,
    };

    /// <summary>The text with nothing of this sign in it that is seen as such.</summary>
    /// <param name="sign">The same character twice.</param>
    public static string Parted(string text, string sign)
    {
        // Of three in a row the second pair is seen only when the first is parted.
        var parted = $"{sign[0]}{DiscordText.Break}{sign[0]}";
        return text.Replace(sign, parted, StringComparison.Ordinal).Replace(sign, parted, StringComparison.Ordinal);
    }

    /// <summary>An address with the percent codes of these signs.</summary>
    public static string Encoded(ReadOnlySpan<char> address, string signs)
    {
        if (address.IndexOfAny(signs) < 0)
            return address.ToString();
        var text = new StringBuilder(address.Length + 16);
        foreach (var c in address)
        {
            if (signs.Contains(c, StringComparison.Ordinal))
                text.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>Whether a block's sign may end here: a blank follows, or more of the sign, or what is not known yet.</summary>
    private static bool MayEnd(ReadOnlySpan<char> text, string more) => text.Length == 1 || char.IsWhiteSpace(text[1]) || more.Contains(text[1], StringComparison.Ordinal);

    /// <summary><c>:smile:</c>, <c>:+1:</c>, <c>:100:</c>; but not the minutes of a time.</summary>
    private static bool IsEmojiCode(ReadOnlySpan<char> text)
    {
        var end = 1;
        var isNumber = true;
        for (; end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '+' or '-'); end++)
            isNumber &= char.IsAsciiDigit(text[end]);
        return end > 1 && end < text.Length && text[end] == ':' && (!isNumber || end > 3);
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
