using System.Buffers;
using System.Globalization;
using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>
/// Telegram's HTML, or plain text, while it is written: text goes in raw. Telegram looks for mentions, commands and hashtags in any text and has
/// no switch against it, so each is broken where it begins; commands of Notifier's own may stay, for only whoever taps one sends it.
/// </summary>
internal sealed class TelegramText(bool isHtml)
{
    /// <summary>Stands behind a sign that would begin a mention, a command or a hashtag, and is not seen.</summary>
    public const char Joiner = '\u2060';

    /// <summary>Stands inside <c>://</c> of what must not become a link.</summary>
    public const char Break = '\u200B';

    private const int MaxMarks = 8;

    /// <summary>Mean nothing wherever they stand.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(" !\"$%'()*+,-.0123456789;=?ABCDEFGIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgijklmnopqrstuvwxyz{|}~äöüßÄÖÜéèêáàâóòôúùûíìîñçÉÈÁÀ");

    private readonly StringBuilder _out = new(512);
    private string _prefix = "";
    private int _styles;
    private int _marks;
    private bool _withoutAddresses;
    private bool _asIs;
    private Place _at = new() { Before = '\n' };

    /// <summary>Where the output stands: enough to return to it.</summary>
    /// <param name="Length">Of the output.</param>
    /// <param name="Visible">How much of it is read, in UTF-16 units.</param>
    /// <param name="Entities">How many styles and links are in it.</param>
    /// <param name="Before">The last character that is read.</param>
    public readonly record struct Place(int Length, int Visible, int Entities, char Before);

    /// <summary>Commands that may stay what they are, without the slash.</summary>
    public IReadOnlySet<string>? Commands { get; set; }

    /// <summary>With the markup.</summary>
    public int Length => _out.Length;

    public int Visible => _at.Visible;

    public int Entities => _at.Entities;

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
        _at = _at with { Visible = _at.Visible + 1 + _prefix.Length, Before = '\n' };
    }

    /// <summary>Visible text of the writer's own.</summary>
    public void Sign(string sign)
    {
        _marks = 0;
        _out.Append(sign);
        _at = _at with { Visible = _at.Visible + sign.Length, Before = ' ' };
    }

    /// <summary>An element around what is written; none around nothing.</summary>
    public void Element(string open, string close, Action write)
    {
        if (!isHtml)
        {
            write();
            return;
        }

        var before = Mark();
        _out.Append(open);
        write();
        if (_at.Visible == before.Visible)
        {
            Return(before);
            return;
        }

        _out.Append(close);
        _at = _at with { Entities = _at.Entities + 1 };
    }

    /// <summary>A style inside itself adds nothing.</summary>
    public void InStyle(SpanStyle style, string element, Action write)
    {
        var flag = 1 << (int)style;
        if ((_styles & flag) != 0)
        {
            write();
            return;
        }

        _styles |= flag;
        Element($"<{element}>", $"</{element}>", write);
        _styles &= ~flag;
    }

    public void InLink(string address, Action write) => Element("<a href=\"" + Attribute(address) + "\">", "</a>", write);

    /// <summary>A quotation, which opens on demand where it is longer than <paramref name="openTo"/> characters.</summary>
    public void InQuote(int openTo, Action write)
    {
        const string Open = "<blockquote";
        var (at, visible) = (_out.Length, _at.Visible);
        Element(Open + ">", "</blockquote>", write);
        if (isHtml && _at.Visible - visible > openTo)
            _out.Insert(at + Open.Length, " expandable");
    }

    /// <summary>Every line that <paramref name="write"/> begins, begins with <paramref name="prefix"/>.</summary>
    public void Within(string prefix, Action write, bool atStart = true)
    {
        var (outer, before) = (_prefix, Mark());
        _prefix += prefix;
        if (atStart)
            Sign(prefix);
        var start = _out.Length;
        write();
        _prefix = outer;
        if (_out.Length == start)
            Return(before);
    }

    public void WithoutAddresses(Action write)
    {
        var outer = _withoutAddresses;
        _withoutAddresses = true;
        write();
        _withoutAddresses = outer;
    }

    /// <summary>Code, or a link's own address: nothing in it is looked for.</summary>
    public void AsIs(string value)
    {
        var outer = _asIs;
        _asIs = true;
        Append(value);
        _asIs = outer;
    }

    /// <summary>Code of several lines, as it is.</summary>
    public void Lines(string code)
    {
        var outer = _prefix;
        _prefix = "";
        AsIs(code);
        _prefix = outer;
    }

    /// <summary>Text as it is to be read.</summary>
    public void Append(string value)
    {
        var text = CleanText.Of(value).AsSpan();
        while (text.Length > 0)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain != 0)
                text = text[Put(plain < 0 ? text : text[..plain])..];
            else
                text = text[Append(text)..];
        }
    }

    /// <summary>Writes what means nothing; returns how much that was.</summary>
    private int Put(ReadOnlySpan<char> plain)
    {
        _marks = 0;
        _out.Append(plain);
        _at = _at with { Visible = _at.Visible + plain.Length, Before = plain[^1] };
        return plain.Length;
    }

    /// <summary>Writes the next character, or what has to be judged as one; returns how much that was.</summary>
    private int Append(ReadOnlySpan<char> text)
    {
        var c = text[0];
        if (c == '\n')
        {
            NewLine();
            return 1;
        }

        _marks = IsMark(c) ? _marks + 1 : 0;
        if (_marks > MaxMarks)
            return 1;
        if (_asIs)
        {
            Put(c);
            return 1;
        }

        if (c is 'h' or 'H' && !_withoutAddresses && !char.IsLetterOrDigit(_at.Before) && AddressText.LengthAt(text) is > 0 and var length)
        {
            foreach (var letter in text[..length])
                Put(letter);
            // Telegram makes a link of it by itself.
            _at = _at with { Entities = _at.Entities + 1 };
            return length;
        }

        if (c == ':' && text.StartsWith("://", StringComparison.Ordinal))
        {
            Put(':');
            Put('/');
            Put(Break);
            Put('/');
            // Behind the break "/bank" would be a command.
            if (text.Length == 3 || MayName(text[3]))
                Put(Joiner);
            return 3;
        }

        var before = _at.Before;
        Put(c == '\t' ? ' ' : c);
        if (Begins(text, before))
            Put(Joiner);
        return 1;
    }

    /// <summary>Whether a mention, a command or a hashtag would begin here; also where the text ends, and what follows is not known.</summary>
    private bool Begins(ReadOnlySpan<char> text, char before) => text[0] switch
    {
        '@' => !char.IsLetterOrDigit(before) && (text.Length == 1 || !char.IsWhiteSpace(text[1])),
        // Telegram finds a command behind any sign but these, not only behind a blank.
        '/' => !char.IsLetterOrDigit(before) && before != '/' && (text.Length == 1 || MayName(text[1])) && !IsOwnCommand(text[1..]),
        '#' or '＃' => !char.IsLetterOrDigit(before) && (text.Length == 1 || IsTag(text[1..])),
        _ => false,
    };

    private bool IsOwnCommand(ReadOnlySpan<char> text)
    {
        if (Commands is null)
            return false;
        var end = 0;
        while (end < text.Length && MayName(text[end]))
            end++;
        // "/start@other" speaks to another bot.
        return end > 0 && (end == text.Length || text[end] != '@') && Commands.Contains(text[..end].ToString());
    }

    /// <summary>Whether a command's name may have this character.</summary>
    private static bool MayName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>A hashtag has a character that is no digit.</summary>
    private static bool IsTag(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return char.IsLetterOrDigit(c) || c == '_' || char.IsSurrogate(c);
        }

        return false;
    }

    private void Put(char c)
    {
        if (isHtml && c is '&' or '<' or '>')
            _out.Append(Escaped(c));
        else
            _out.Append(c);
        _at = _at with { Visible = _at.Visible + 1, Before = c };
    }

    /// <summary>A sign that would be markup.</summary>
    public static string Escaped(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => "&quot;",
    };

    /// <summary>An address inside of quotes.</summary>
    public static string Attribute(string address)
    {
        if (address.AsSpan().IndexOfAny("&<>\"") < 0)
            return address;
        var escaped = new StringBuilder(address.Length + 16);
        foreach (var c in address)
        {
            if (c is '&' or '<' or '>' or '"')
                escaped.Append(Escaped(c));
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>Whether it stands on the letter before it.</summary>
    public static bool IsMark(char c) =>
        c >= '\u0300' && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
}
