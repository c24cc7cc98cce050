using System.Globalization;
using Notifier.Feeds.Markup;

namespace Notifier.Messages.Html;

/// <summary>Resolves HTML's character references as a browser does.</summary>
internal static class HtmlReferences
{
    /// <summary>An attribute's value. A name without its semicolon in front of a letter, a digit or "=" is part of an address there.</summary>
    public static string Value(ReadOnlySpan<char> written)
    {
        if (!written.Contains('&'))
            return written.ToString();
        var into = new char[written.Length];
        return new string(into, 0, Write(written, into, isValue: true));
    }

    /// <summary>Writes a text; it is never longer than it was.</summary>
    /// <returns>How much was written.</returns>
    public static int Text(ReadOnlySpan<char> written, Span<char> into) => Write(written, into, isValue: false);

    private static int Write(ReadOnlySpan<char> text, Span<char> into, bool isValue)
    {
        var length = 0;
        while (text.IndexOf('&') is var at and >= 0)
        {
            text[..at].CopyTo(into[length..]);
            length += at;
            text = text[at..];
            length += Reference(text, into[length..], isValue, out var taken);
            text = text[taken..];
        }

        text.CopyTo(into[length..]);
        return length + text.Length;
    }

    private static int Reference(ReadOnlySpan<char> text, Span<char> into, bool isValue, out int taken)
    {
        var written = HtmlEntities.Write(text, bare: true, into, out taken);
        if (isValue && taken > 1 && text[taken - 1] != ';' && text[1] != '#' && taken < text.Length && (text[taken] == '=' || char.IsAsciiLetterOrDigit(text[taken])))
        {
            text[..taken].CopyTo(into);
            return taken;
        }

        if (written > 0 || IsControl(text[2..taken]))
            return written;
        into[0] = '\uFFFD';
        return 1;
    }

    /// <summary>Whether a number, as it is written behind its "#", is that of a control character, which is dropped; any other that is no character is shown as one that is unknown.</summary>
    private static bool IsControl(ReadOnlySpan<char> number)
    {
        number = number.TrimEnd(';');
        var isHex = number is ['x' or 'X', ..];
        return int.TryParse(isHex ? number[1..] : number, isHex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is (> 0 and < 0x20) or 0xFFFE or 0xFFFF;
    }
}
