using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>The HTML of a rich message while it is written: text goes in raw; what would nest deeper than Telegram reads is not opened, and what holds nothing is not there.</summary>
internal sealed class TelegramRichText
{
    private const int MaxDepth = 16;
    private const int MaxMarks = 8;

    private readonly StringBuilder _out = new(4096);
    private Place _at = new() { Before = '\n' };
    private int _styles;
    private int _marks;
    private bool _withoutAddresses;

    /// <summary>Where the output stands: enough to return to it.</summary>
    /// <param name="Before">The last character that is read.</param>
    public readonly record struct Place(int Length, int Visible, int Blocks, int Cells, char Before);

    /// <summary>How much of it is read, in UTF-16 units.</summary>
    public int Visible => _at.Visible;

    /// <summary>How many blocks there are, as Telegram counts: nested ones, items and rows too.</summary>
    public int Blocks => _at.Blocks;

    /// <summary>How many texts stand apart inside of blocks: cells and summaries.</summary>
    public int Cells => _at.Cells;

    public bool IsLink { get; private set; }

    /// <summary>How many elements may stand in each other here.</summary>
    public int DepthLeft { get; private set; } = MaxDepth;

    public override string ToString() => _out.ToString();

    public Place Mark() => _at with { Length = _out.Length };

    public void Return(Place place)
    {
        _out.Length = place.Length;
        _at = place;
    }

    /// <summary>An element around what is written, which is not there where it holds nothing.</summary>
    public void Element(string begin, string end, Action write) => Element(begin, end, write, isKept: false);

    /// <summary>An element whose text stands apart inside of a block; it is there even if it is empty.</summary>
    public void Cell(string begin, string end, Action write)
    {
        Element(begin, end, write, isKept: true);
        _at = _at with { Cells = _at.Cells + 1, Before = '\n' };
    }

    private void Element(string begin, string end, Action write, bool isKept)
    {
        if (DepthLeft == 0)
        {
            write();
            return;
        }

        var before = Mark();
        _out.Append(begin);
        DepthLeft--;
        write();
        DepthLeft++;
        if (_at.Visible == before.Visible && !isKept)
            Return(before);
        else
            _out.Append(end);
    }

    /// <summary>The same for an element that Telegram counts as a block.</summary>
    public void Block(string begin, string end, Action write)
    {
        var start = _at.Visible;
        Element(begin, end, write);
        if (_at.Visible > start)
            CountBlock();
    }

    /// <summary>A block without text.</summary>
    public void Block(string element)
    {
        _out.Append(element);
        _at = _at with { Visible = _at.Visible + 1 };
        CountBlock();
    }

    /// <summary>A text inside a quotation or an item is a block of its own.</summary>
    public void CountBlock() => _at = _at with { Blocks = _at.Blocks + 1, Before = '\n' };

    /// <summary>A style inside itself adds nothing.</summary>
    public void InStyle(SpanStyle style, Action write)
    {
        var flag = 1 << (int)style;
        if ((_styles & flag) != 0)
        {
            write();
            return;
        }

        var name = style switch
        {
            SpanStyle.Bold => "b",
            SpanStyle.Italic => "i",
            SpanStyle.Underline => "u",
            SpanStyle.Strike => "s",
            SpanStyle.Mark => "mark",
            SpanStyle.Spoiler => "tg-spoiler",
            SpanStyle.Subscript => "sub",
            _ => "sup",
        };
        _styles |= flag;
        Element($"<{name}>", $"</{name}>", write);
        _styles &= ~flag;
    }

    public void InLink(string address, Action write)
    {
        IsLink = true;
        Element($"<a href=\"{TelegramText.Attribute(address)}\">", "</a>", write);
        IsLink = false;
    }

    /// <summary>No address in what is written is a link, nor looks like one that works.</summary>
    public void WithoutAddresses(Action write)
    {
        var outer = _withoutAddresses;
        _withoutAddresses = true;
        write();
        _withoutAddresses = outer;
    }

    public void NewLine()
    {
        _marks = 0;
        _out.Append("<br>");
        _at = _at with { Visible = _at.Visible + 1, Before = '\n' };
    }

    /// <summary>Code, its line ends too.</summary>
    public void Code(string code)
    {
        foreach (var c in CleanText.Of(code))
            Put(c);
    }

    /// <summary>Text as it is to be read; Telegram looks for no addresses in it, so they are made links here.</summary>
    public void Append(string value)
    {
        var text = CleanText.Of(value).AsSpan();
        while (text.Length > 0)
        {
            var length = IsLink || char.IsLetterOrDigit(_at.Before) ? 0 : AddressText.LengthAt(text);
            if (length > 0 && !_withoutAddresses && WebLink.Read(text[..length].ToString()) is { } url && WebLink.Address(url) is { } address && !HasCredentials(text[..length]))
            {
                var said = text[..length].ToString();
                InLink(address, () => Code(said));
            }
            else if (_withoutAddresses && text.StartsWith("://", StringComparison.Ordinal))
            {
                foreach (var c in (ReadOnlySpan<char>)[':', '/', TelegramText.Break, '/'])
                    Put(c);
                length = 3;
            }
            else if (text[0] == '\n')
            {
                NewLine();
                length = 1;
            }
            else
            {
                Put(text[0] == '\t' ? ' ' : text[0]);
                length = 1;
            }

            text = text[length..];
        }
    }

    /// <summary>Such an address shows another host than the one that it leads to.</summary>
    private static bool HasCredentials(ReadOnlySpan<char> address)
    {
        var rest = address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var end = rest.IndexOfAny('/', '?', '#');
        return (end < 0 ? rest : rest[..end]).Contains('@');
    }

    private void Put(char c)
    {
        _marks = TelegramText.IsMark(c) ? _marks + 1 : 0;
        if (_marks > MaxMarks)
            return;
        if (c is '&' or '<' or '>')
            _out.Append(TelegramText.Escaped(c));
        else
            _out.Append(c);
        _at = _at with { Visible = _at.Visible + 1, Before = c };
    }
}
