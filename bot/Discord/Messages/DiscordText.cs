using System.Globalization;
using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>
/// Discord markdown while it is written: text goes in raw and is escaped for the place where it stands: a line's start, a link's text (where
/// backslashes are shown), or anywhere else. A style's signs stand directly around what is visible, since <c>** a **</c> is no style.
/// </summary>
internal sealed class DiscordText
{
    /// <summary>Stands between two characters that would mean something together, and is not seen.</summary>
    public const char Break = '\u200B';

    private const int MaxMarks = 8;

    private readonly StringBuilder _out = new(512);
    private readonly List<string> _openers = [];
    private string _prefix = "";
    private int _written;
    private int _styles;
    private bool _inLink;
    private bool _onOneLine;
    private bool _withoutAddresses;
    private int _marks;
    private Place _at = new() { IsLineStart = true };

    /// <summary>Where the output stands: enough to return to it.</summary>
    /// <param name="Length">Of the output.</param>
    /// <param name="Ink">The end of what is visible in it; blanks may follow.</param>
    /// <param name="Closed">The end of the last style or code.</param>
    /// <param name="IsLineStart">Nothing but blanks since the line began.</param>
    /// <param name="IsNumber">Nothing but digits since the line began.</param>
    /// <param name="Before">The last character of the text, as it was given.</param>
    public readonly record struct Place(int Length, int Ink, int Closed, bool IsLineStart, bool IsNumber, char Before);

    public int Length => _out.Length;

    /// <summary>Whether an address in the text becomes a link.</summary>
    public bool Addresses { get; init; } = true;

    public override string ToString() => _out.ToString();

    public Place Mark() => _at with { Length = _out.Length };

    public void Return(Place place)
    {
        _out.Length = place.Length;
        _at = place;
    }

    public void NewLine()
    {
        _marks = 0;
        _out.Append('\n').Append(_prefix);
        _at = _at with { IsLineStart = true, IsNumber = false, Before = '\n' };
    }

    /// <summary>Markup of the writer's own.</summary>
    public void Raw(string markup)
    {
        _marks = 0;
        Flush();
        _out.Append(markup);
        _at = _at with { Ink = _out.Length, Before = ' ' };
    }

    /// <summary>Every line that <paramref name="write"/> begins, begins with <paramref name="prefix"/>.</summary>
    public void Within(string prefix, Action write, bool atStart = true)
    {
        var (outer, before) = (_prefix, Mark());
        _prefix += prefix;
        if (atStart)
            _out.Append(prefix);
        var start = _out.Length;
        write();
        _prefix = outer;
        if (_out.Length == start)
            Return(before);
    }

    public void OnOneLine(Action write)
    {
        var outer = _onOneLine;
        _onOneLine = true;
        write();
        _onOneLine = outer;
    }

    public void WithoutAddresses(Action write)
    {
        var outer = _withoutAddresses;
        _withoutAddresses = true;
        write();
        _withoutAddresses = outer;
    }

    /// <summary>A style inside itself adds nothing; one around nothing visible leaves nothing.</summary>
    public void InStyle(SpanStyle style, string opener, string closer, Action write)
    {
        var flag = 1 << (int)style;
        if ((_styles & flag) != 0)
        {
            write();
            return;
        }

        _styles |= flag;
        Around(opener, closer, write);
        _styles &= ~flag;
    }

    public void InLink(string address, Action write)
    {
        var closer = "](<" + Encoded(address, isMasked: true) + ">)";
        _inLink = true;
        Around("[", closer, write);
        _inLink = false;
    }

    /// <summary>An address that is its own text.</summary>
    public void Address(ReadOnlySpan<char> address)
    {
        Flush();
        _out.Append('<').Append(Encoded(address, isMasked: false)).Append('>');
        _at = _at with { Ink = _out.Length, IsLineStart = false, IsNumber = false, Before = '>' };
    }

    /// <param name="code">One line.</param>
    public void Code(string code)
    {
        if (code.Length == 0)
            return;
        // A link's text has no code, and an outer style would end at its sign inside the code.
        if (_inLink || (_styles != 0 && code.AsSpan().IndexOfAny("*_~|") >= 0))
        {
            Append(code);
            return;
        }

        Flush();
        if (IsAfterClosed('`'))
            _out.Append(Break);
        if (code.Contains('`', StringComparison.Ordinal))
        {
            // The blanks part a sign of the code from those around it.
            _out.Append("`` ").Append(DiscordSigns.Parted(code, "``")).Append(" ``");
        }
        else
        {
            _out.Append('`').Append(code).Append('`');
        }

        _at = _at with { Ink = _out.Length, Closed = _out.Length, IsLineStart = false, IsNumber = false, Before = '`' };
    }

    /// <summary>Text as it is to be read.</summary>
    public void Append(string value)
    {
        var text = CleanText.Of(value).AsSpan();
        for (var i = 0; i < text.Length;)
            i += Append(text[i..]);
    }

    /// <summary>Writes the next character, or what has to be judged as one; returns how much that was.</summary>
    private int Append(ReadOnlySpan<char> text)
    {
        var c = text[0];
        if (char.IsWhiteSpace(c))
        {
            Blank(c);
            return 1;
        }

        var isMark = c >= '\u0300' && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
        _marks = isMark ? _marks + 1 : 0;
        if (_marks > MaxMarks)
            return 1;
        if (c is 'h' or 'H' && Addresses && !_withoutAddresses && !_inLink && !char.IsLetterOrDigit(_at.Before) && AddressText.LengthAt(text) is > 0 and var length)
        {
            Address(text[..length]);
            return length;
        }

        if (c == ':' && text.StartsWith("://", StringComparison.Ordinal))
        {
            Ink($":/{Break}/", '/');
            return 3;
        }

        if (!_at.IsLineStart && !_at.IsNumber && DiscordSigns.PlainLength(text) is > 0 and var plain)
        {
            Plain(text[..plain]);
            return plain;
        }

        var written = _inLink ? DiscordSigns.InLinkText(text)
            : c == '@' ? (IsMention(text) ? $"@{Break}" : null)
            : DiscordSigns.InText(text, _at.IsLineStart, _at.IsNumber);
        Ink(written is null ? text[..1] : written, c);
        return 1;
    }

    private void Blank(char c)
    {
        if (c == '\n' && !_onOneLine && !_inLink)
        {
            NewLine();
            return;
        }

        _marks = 0;
        _out.Append(c is '\n' or '\t' ? ' ' : c);
        _at = _at with { IsNumber = false, Before = ' ' };
    }

    /// <summary>Text that means nothing inside of a line; it does not begin with a blank.</summary>
    private void Plain(ReadOnlySpan<char> text)
    {
        Flush();
        _marks = 0;
        _out.Append(text);
        _at = _at with { Ink = _out.Length - text.Length + text.TrimEnd(' ').Length, Before = text[^1] };
    }

    private void Ink(ReadOnlySpan<char> written, char given)
    {
        Flush();
        _out.Append(written);
        _at = _at with { Ink = _out.Length, IsNumber = (_at.IsLineStart || _at.IsNumber) && char.IsAsciiDigit(given), IsLineStart = false, Before = given };
    }

    /// <summary>An address of mail stays as it is, so that it can be copied; but everyone is never called. In a style the blank behind an <c>@</c> may come to stand behind the closing sign.</summary>
    private bool IsMention(ReadOnlySpan<char> text)
    {
        if (!char.IsLetterOrDigit(_at.Before) || _written < _openers.Count || _at.Closed == _out.Length)
            return _openers.Count > 0 || text.Length == 1 || !char.IsWhiteSpace(text[1]);
        return text[1..].StartsWith("everyone", StringComparison.OrdinalIgnoreCase) || text[1..].StartsWith("here", StringComparison.OrdinalIgnoreCase);
    }

    private void Around(string opener, string closer, Action write)
    {
        _openers.Add(opener);
        write();
        if (_written == _openers.Count)
        {
            // A spoiler ends at the first two of its signs, escaped or not.
            if (closer is "||" && _out[_at.Ink - 1] == '|')
            {
                _out.Insert(_at.Ink, Break);
                _at = _at with { Ink = _at.Ink + 1 };
            }

            _out.Insert(_at.Ink, closer);
            _written--;
            _at = _at with { Ink = _at.Ink + closer.Length, Closed = _at.Ink + closer.Length };
        }

        _openers.RemoveAt(_openers.Count - 1);
    }

    /// <summary>Writes the signs that waited for something visible.</summary>
    private void Flush()
    {
        for (; _written < _openers.Count; _written++)
        {
            var opener = _openers[_written];
            if (opener.Length == 0)
                continue;
            if (IsAfterClosed(opener[0]))
                _out.Append(Break);
            _out.Append(opener);
        }
    }

    /// <summary>Whether the output ends in a closing sign of this character: another one would be taken for a part of it.</summary>
    private bool IsAfterClosed(char sign) => _at.Closed > 0 && _at.Closed == _out.Length && _out[^1] == sign;

    /// <summary>What would end the link, or a style around it or in it, as its percent code; in text outside of any style nothing is changed.</summary>
    private string Encoded(ReadOnlySpan<char> address, bool isMasked)
    {
        const int Spoiler = 1 << (int)SpanStyle.Spoiler;
        var inStyle = (_styles & ~Spoiler) != 0 ? "*_~|`" : _styles != 0 ? "|" : "";
        return DiscordSigns.Encoded(address, isMasked ? "()<> |*" + inStyle : inStyle);
    }
}
