using System.Globalization;
using System.Text;
using Notifier.Messages;

namespace Notifier.Tests.Terminal;

/// <summary>A terminal in memory: knows line ends, the cursor sequences that the screen uses, wrapping and its hanging cursor; throws on anything else.</summary>
internal sealed class VirtualTerminal(int width) : StringWriter(CultureInfo.InvariantCulture)
{
    readonly List<string[]> _rows = [];

    public int Row { get; private set; }

    public int Column { get; private set; }

    /// <summary>What a person sees, without blanks at the ends of rows.</summary>
    public string Seen
    {
        get
        {
            Play();
            return string.Join('\n', _rows.Select(row => string.Concat(row).TrimEnd())).TrimEnd('\n');
        }
    }

    void Play()
    {
        _rows.Clear();
        (Row, Column) = (0, 0);
        var text = ToString();
        for (var i = 0; i < text.Length;)
        {
            var element = StringInfo.GetNextTextElement(text, i);
            if (element[0] == '\u001B')
                element = text[i..(text.IndexOfAny(['A', 'C', 'J'], i) + 1)];
            i += element.Length;
            Put(element);
        }
    }

    void Put(string element)
    {
        switch (element)
        {
            case "\n" or "\r\n": (Row, Column) = (Row + 1, 0); break;
            case "\r": Column = 0; break;
            case "\u001B[J": Clear(); break;
            case ['\u001B', '[', .. var count, 'A']: Row -= int.Parse(count, CultureInfo.InvariantCulture); break;
            case ['\u001B', '[', .. var count, 'C']: Column += int.Parse(count, CultureInfo.InvariantCulture); break;
            case [< ' ', ..]: throw new InvalidOperationException($"U+{(int)element[0]:X4} at {Row}, {Column}");
            default: Show(element); break;
        }

        if (Row < 0)
            throw new InvalidOperationException("above the first row");
    }

    void Show(string element)
    {
        var size = DisplayWidth.Of(element);
        if (Column + size > width)
            (Row, Column) = (Row + 1, 0);
        var row = RowAt(Row);
        row[Column] = element;
        for (var i = 1; i < size; i++)
            row[Column + i] = "";
        Column += size;
    }

    void Clear()
    {
        if (Row >= _rows.Count)
            return;
        Array.Fill(_rows[Row], " ", Column, width - Column);
        _rows.RemoveRange(Row + 1, _rows.Count - Row - 1);
    }

    string[] RowAt(int row)
    {
        while (_rows.Count <= row)
            _rows.Add([.. Enumerable.Repeat(" ", width)]);
        return _rows[row];
    }

    public override Encoding Encoding => Encoding.UTF8;
}
